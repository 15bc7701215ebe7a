"""Recognize files in folders and archives that are plainly not images."""

from pathlib import Path, PurePath

from deepsky.batch.sources import Content, Source
from deepsky.imaging.formats import HEAD_BYTES, SUFFIXES
from deepsky.imaging.other_files import is_other_file

__all__ = ["is_plainly_no_image"]


def is_plainly_no_image(source: Source, content: Content | None) -> bool:
    """Return whether a file in an unsupported format is plainly not an image.

    Files that the user named, and files with the suffix of an image format, such as an error page
    that was saved as ``m51.jpg``, are always considered as images.

    Parameters
    ----------
    source : Source
    content : Path or bytes or None
        Content of the source; None if it could not be loaded.

    Returns
    -------
    bool
    """
    has_image_suffix = PurePath(source.name).suffix.lower() in SUFFIXES
    if content is None or not source.is_found or has_image_suffix:
        return False
    return is_other_file(_read_head(content))


def _read_head(content: Content) -> bytes:
    if isinstance(content, bytes):
        return content[:HEAD_BYTES]
    try:
        with Path(content).open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError:  # removed since it was read
        return b""
