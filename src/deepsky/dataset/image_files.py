"""Download the images listed in a manifest, and check the files against the manifest."""

import re
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import imagehash
from PIL import Image

from deepsky.atomic_file import atomic_write
from deepsky.dataset.manifest import Row
from deepsky.errors import DatasetError, DeepskyError
from deepsky.imaging import read_image

__all__ = ["ImageProblem", "check_images", "fetch_images"]

LONGEST_SIDE: Final = 512
"""Maximum width and height of stored images, in pixels, unless the manifest states their size."""

QUALITY: Final = 76
"""JPEG or AVIF quality of stored images."""

COMMIT: Final = re.compile("[0-9a-f]{7,40}")

PATHS: Final = ("path", "source_path")

GITHUB: Final = "https://github.com/{}.git"

ALIKE_BITS: Final = 8
"""Maximum number of differing bits (of 64) between the perceptual hashes of two files that are
considered versions of the same image, possibly rescaled or recompressed."""


@dataclass(frozen=True, slots=True)
class ImageProblem:
    """A problem with an image in the manifest.

    Attributes
    ----------
    path : str
        Path of the image in the manifest.
    message : str
        Sentence that describes the problem.
    """

    path: str
    message: str


def fetch_images(
    rows: Sequence[Row],
    images: Path,
    packages: Path | None = None,
    github: str = GITHUB,
) -> Iterator[ImageProblem]:
    """Download missing images, scale them, and store them as JPEG or AVIF files.

    Parameters
    ----------
    rows : sequence of dict
        Rows of a manifest, with the columns ``path``, ``source``, ``source_path`` and, optionally,
        ``width`` and ``height``. The suffix of the path is the format in which the image is stored.
    images : Path
        Folder where the images are stored.
    packages : Path, optional
        Folder that contains the unpacked Debian packages named in the column ``source``.
    github : str
        URL template for Git repositories, in which ``{}`` is replaced by ``OWNER/NAME``.

    Yields
    ------
    ImageProblem
        A problem for each image that cannot be downloaded or stored.
    """
    missing: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if any(".." in Path(row[k]).parts or Path(row[k]).is_absolute() for k in PATHS):
            yield ImageProblem(
                row["path"], "Paths in the manifest must be relative and must not contain '..'."
            )
        elif not (images / row["path"]).exists():
            missing[row["source"]].append(row)
    for source, wanted in missing.items():
        if source.startswith("github:"):
            repository, _, commit = source.removeprefix("github:").partition("@")
            if not COMMIT.fullmatch(commit):
                message = f"The source {source} in the manifest does not end with @COMMIT."
                yield from (ImageProblem(row["path"], message) for row in wanted)
                continue
            with tempfile.TemporaryDirectory() as folder:
                try:
                    _check_out(github.format(repository), commit, wanted, Path(folder))
                except DatasetError as error:
                    yield from (ImageProblem(row["path"], str(error)) for row in wanted)
                    continue
                files = {row["source_path"]: Path(folder) / row["source_path"] for row in wanted}
                yield from _store_all(wanted, files, images)
        elif packages is None:
            message = (
                f"The image is from the Debian packages {source}. Unpack them into a "
                "folder, and specify it with --packages."
            )
            yield from (ImageProblem(row["path"], message) for row in wanted)
        else:
            yield from _store_all(wanted, _find(packages, wanted), images)


def _check_out(address: str, commit: str, wanted: Iterable[Row], folder: Path) -> None:
    """Clone a Git repository, and check out the files that the manifest rows list."""
    _git("clone", "--quiet", "--filter=blob:none", "--no-checkout", "--", address, str(folder))
    there = _git("-C", str(folder), "ls-tree", "-rz", "--name-only", commit, "--").split("\0")
    paths = {row["source_path"] for row in wanted} & set(there)
    if paths:
        checkout = ("checkout", "--quiet", "--pathspec-from-file=-", "--pathspec-file-nul", commit)
        _git(
            "--literal-pathspecs",
            "-C",
            str(folder),
            *checkout,
            stdin="\0".join(sorted(paths)),
        )


def _git(*arguments: str, stdin: str = "") -> str:
    command = ["git", *arguments]
    try:
        done = subprocess.run(command, input=stdin, text=True, check=True, capture_output=True)  # noqa: S603
    except FileNotFoundError as error:
        msg = "Git is not installed. Install Git to download images from repositories."
        raise DatasetError(msg) from error
    except subprocess.CalledProcessError as error:
        msg = f"Git cannot download the repository: {error.stderr.strip()}"
        raise DatasetError(msg) from error
    return done.stdout


def _find(packages: Path, wanted: Iterable[Row]) -> dict[str, Path]:
    """Map each ``source_path`` to the file whose path in a folder ends with ``source_path``."""
    names = {Path(row["source_path"]).name for row in wanted}
    there = [path for path in packages.rglob("*") if path.name in names]
    return {
        row["source_path"]: path
        for row in wanted
        for path in there
        if path.as_posix().endswith("/" + row["source_path"])
    }


def _store_all(
    wanted: Iterable[Row], files: Mapping[str, Path], images: Path
) -> Iterator[ImageProblem]:
    for row in wanted:
        file = files.get(row["source_path"])
        if file is None or not file.is_file():
            yield ImageProblem(
                row["path"], f"The source {row['source']} has no file {row['source_path']}."
            )
            continue
        try:
            _store(file, images / row["path"], _longest_side(row))
        except (DeepskyError, OSError) as error:
            yield ImageProblem(row["path"], str(error))


def _longest_side(row: Row) -> int:
    """Return the longest side of the stored image in pixels, according to the manifest."""
    sides = [row.get(column, "") for column in ("width", "height")]
    return max(map(int, sides)) if all(side.isdecimal() for side in sides) else LONGEST_SIDE


def _store(file: Path, path: Path, longest_side: int) -> None:
    image = Image.fromarray(read_image(file).pixels)
    image.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS)
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path, expected="nothing") as target:
        image.save(target, "AVIF" if path.suffix == ".avif" else "JPEG", quality=QUALITY)


def check_images(rows: Iterable[Row], images: Path) -> Iterator[ImageProblem]:
    """Check that images exist and that their perceptual hashes match the manifest.

    Parameters
    ----------
    rows : iterable of dict
        Rows of a manifest, with the columns ``path`` and ``phash``.
    images : Path
        Folder of the images.

    Yields
    ------
    ImageProblem
        A problem for each image that is missing, cannot be read, or does not match its hash in the
        manifest.
    """
    for row in rows:
        path = images / row["path"]
        if not path.is_file():
            yield ImageProblem(
                row["path"], "The file is missing. Download it with deepsky dataset build."
            )
            continue
        try:
            found = imagehash.phash(Image.fromarray(read_image(path).pixels))
        except DeepskyError as error:
            yield ImageProblem(row["path"], str(error))
            continue
        bits = (int(str(found), 16) ^ int(row["phash"], 16)).bit_count()
        if bits > ALIKE_BITS:
            yield ImageProblem(
                row["path"],
                f"The file contains a different image: {bits} of the 64 bits of its perceptual "
                "hash differ from the hash in the manifest.",
            )
