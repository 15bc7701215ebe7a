"""Cache of the tiles of images, limited in bytes."""

import os
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from deepsky.atomic_file import atomic_write
from deepsky.imaging.display.stretch_choice import StretchChoice
from deepsky.imaging.tiles import Block, Tile

__all__ = ["MAX_TILE_BYTES", "TileCache"]

MAX_TILE_BYTES: Final = 1_000_000_000
"""Default for the maximum size of the cache, in bytes."""


class TileCache:
    """A folder of archives, each with the tiles of one block of an image.

    If the archives exceed the maximum size, those that have not been used for the longest time are
    removed. All archives can be rendered again.

    Parameters
    ----------
    folder : Path
        Folder for the archives; it is created when it is first needed.
    max_bytes : int
        Maximum size of all archives together, in bytes. The latest archive is always kept.
    """

    def __init__(self, folder: Path, max_bytes: int = MAX_TILE_BYTES) -> None:
        self._folder = folder
        self._max_bytes = max_bytes

    def path(self, sha256: str, stretch: StretchChoice, block: Block) -> Path:
        """Return the path of the archive of a block. The file does not necessarily exist.

        Parameters
        ----------
        sha256 : str
            SHA-256 of the image, in hexadecimal.
        stretch : str
            Name of the stretch.
        block : Block
        """
        return self._folder / f"{sha256}.{stretch}.{block.name}.zip"

    def save(self, path: Path, archive: bytes) -> None:
        """Store the archive of a block, and remove the archives that exceed the maximum size.

        Parameters
        ----------
        path : Path
            Path of the archive, as returned by `path`.
        archive : bytes
            Content of the archive.

        Raises
        ------
        OSError
            If writing to the folder fails.
        """
        self._folder.mkdir(mode=0o700, exist_ok=True)
        with atomic_write(path, mode=0o600) as file:
            file.write(archive)
        self._trim(path)

    def read(self, path: Path, tile: Tile) -> bytes:
        """Return a tile from the archive of its block, and mark the archive as used.

        Parameters
        ----------
        path : Path
            Path of the archive, as returned by `path`.
        tile : Tile

        Returns
        -------
        bytes
            The tile, encoded as JPEG.

        Raises
        ------
        FileNotFoundError
            If the archive does not exist.
        """
        os.utime(path)
        with zipfile.ZipFile(path) as archive:
            return archive.read(tile.name)

    def remove(self, sha256: str) -> None:
        """Remove all tiles of an image.

        Parameters
        ----------
        sha256 : str
            SHA-256 of the image, in hexadecimal.
        """
        for path in self._folder.glob(f"{sha256}.*"):
            path.unlink(missing_ok=True)

    def _trim(self, latest: Path) -> None:
        archives = sorted(self._find_archives(), reverse=True)
        total = 0
        for _, size, path in archives:
            total += size
            if total > self._max_bytes and path != latest:
                with suppress(OSError):  # on Windows, a file that is being read cannot be removed
                    path.unlink()

    def _find_archives(self) -> Iterator[tuple[float, int, Path]]:
        """Yield the time of the latest use, the size in bytes and the path of each archive."""
        for path in self._folder.glob("*.zip"):
            with suppress(FileNotFoundError):  # another process has just removed it
                found = path.stat()
                yield found.st_mtime, found.st_size, path
