"""Copies of images for training, which reads each image once per epoch."""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image

from deepsky.atomic_file import atomic_write
from deepsky.dataset.manifest import Example
from deepsky.errors import DatasetError, ImageError
from deepsky.imaging import ReaderPool
from deepsky.imaging.image_data import to_pillow
from deepsky.imaging.processes.tasks import ReadImage

__all__ = ["copy_images", "encode_copy"]

LONGEST_SIDE: Final = 1280
"""Maximum width and height of images that are used without a copy, and of copies, in pixels."""

QUALITY: Final = 95
FORMATS: Final = ("JPEG", "PNG")
MODES: Final = ("RGB", "L")
EXIF_ORIENTATION: Final = 0x0112


def copy_images(examples: Sequence[Example], folder: Path) -> list[Example]:
    """Copy images that training cannot read quickly as JPEG files of at most 1280 pixels.

    JPEG and PNG images of this size with 8 bits per channel are not copied.

    Parameters
    ----------
    examples : sequence of Example
    folder : Path
        Folder for the copies; created if it is needed. Existing copies are used again.

    Returns
    -------
    list of Example
        The images, with the paths of the copies.

    Raises
    ------
    DatasetError
        If an image cannot be read.
    """
    large = [example for example in examples if not _is_quick(example.path)]
    if not large:
        return list(examples)
    folder.mkdir(parents=True, exist_ok=True)
    with ReaderPool() as pool, ThreadPoolExecutor(pool.processes) as threads:
        copies = threads.map(partial(_copy, folder=folder, pool=pool), large)
        paths = {one.path: copy for one, copy in zip(large, copies, strict=True)}
    return [replace(example, path=paths.get(example.path, example.path)) for example in examples]


def _is_quick(path: Path) -> bool:
    try:
        with Image.open(path) as image:
            return (
                image.format in FORMATS
                and image.mode in MODES
                and max(image.size) <= LONGEST_SIDE
                and image.getexif().get(EXIF_ORIENTATION, 1) == 1
            )
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False


def _copy(example: Example, folder: Path, pool: ReaderPool) -> Path:
    status = example.path.stat()
    identity = f"{example.path.resolve()}\n{status.st_size}\n{status.st_mtime_ns}"
    name = hashlib.sha256(identity.encode("utf-8", "surrogateescape")).hexdigest()
    copy = folder / f"{name[:32]}.jpg"
    if not copy.exists():
        try:
            content = pool.read(example.path, encode_copy)
        except ImageError as error:
            msg = (
                f"The image {example.path} cannot be read: {error} "
                "Replace it, or remove its row from the manifest."
            )
            raise DatasetError(msg) from error
        with atomic_write(copy) as file:
            file.write(content)
    return copy


def encode_copy(read: ReadImage) -> bytes:
    """Scale an image down to at most 1280 pixels. Called in a reader process.

    Parameters
    ----------
    read : ReadImage
        Function that reads the image.

    Returns
    -------
    bytes
        The copy as a JPEG file.
    """
    image = to_pillow(read(at_least=LONGEST_SIDE).pixels)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=QUALITY, subsampling=0)
    return buffer.getvalue()
