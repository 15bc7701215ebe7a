"""Describe images for a manifest: perceptual hash, size, and the object that they show."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import imagehash
from rich.console import Console
from rich.progress import track

from deepsky.errors import ImageError
from deepsky.identification.named_objects import find_named_objects
from deepsky.imaging import ImageInfo, ReaderPool
from deepsky.imaging.image_data import to_pillow
from deepsky.imaging.processes.tasks import ReadImage
from deepsky.models.preparation import SHORTER_SIDE

__all__ = ["Description", "describe_images"]


@dataclass(frozen=True, slots=True)
class Description:
    """Description of an image.

    Attributes
    ----------
    phash : str
        64-bit perceptual hash in hexadecimal.
    object : str
        Name of the object according to the header or the file name. Empty if unknown.
    width, height : int
        Size of the image in pixels.
    """

    phash: str
    object: str
    width: int
    height: int


def describe_images(
    names: Sequence[str], folder: Path
) -> Iterator[tuple[str, Description | ImageError]]:
    """Read images in reader processes, and describe them.

    If standard error is a terminal, a progress bar is shown.

    Parameters
    ----------
    names : sequence of str
        Paths of the images, relative to ``folder``.
    folder : Path

    Yields
    ------
    name : str
    description : Description or ImageError
        The description, or the reason why the image cannot be read.
    """
    console = Console(stderr=True)
    with ExitStack() as stack:
        pool = stack.enter_context(ReaderPool())
        threads = stack.enter_context(ThreadPoolExecutor(pool.processes))
        stack.callback(threads.shutdown, cancel_futures=True)
        results = threads.map(lambda name: _describe(name, folder, pool), names)
        yield from track(
            zip(names, results, strict=True),
            "Reading images",
            len(names),
            console=console,
            disable=not console.is_terminal,
        )


def _describe(name: str, folder: Path, pool: ReaderPool) -> Description | ImageError:
    try:
        read = pool.read(folder / name, read_and_hash)
    except ImageError as error:
        return error
    named = find_named_objects(read.info, name)
    found = named[0].object.name if named else ""
    return Description(read.phash, found, read.info.width, read.info.height)


class _Read(NamedTuple):
    phash: str
    info: ImageInfo


def read_and_hash(read: ReadImage) -> _Read:
    """Compute the perceptual hash of an image. Called in a reader process.

    Parameters
    ----------
    read : ReadImage
        Function that reads the image.

    Returns
    -------
    phash : str
        The hash in hexadecimal.
    info : ImageInfo
    """
    image = read(at_least=SHORTER_SIDE)
    return _Read(str(imagehash.phash(to_pillow(image.pixels))), image.info)
