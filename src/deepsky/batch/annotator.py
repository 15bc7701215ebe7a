"""Write an annotated image, or the WCS, for each image of a run."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import BinaryIO, Literal

from deepsky.annotation.annotate import annotate
from deepsky.annotation.options import Annotation, AnnotationFormat
from deepsky.batch.outcome import Outcome
from deepsky.batch.output_paths import Base, make_folders, output_path, with_suffix
from deepsky.batch.own_files import make_mark, write_own
from deepsky.errors import OutputError
from deepsky.imaging.formats import SUFFIXES
from deepsky.record import Record

__all__ = ["Annotator", "describe_reason"]


class Annotator:
    """Action that writes what is known about an image into a copy.

    The subfolders of the images are preserved. The annotated image of ``2024/M51.fits`` is
    ``2024/M51.fits.png`` or ``2024/M51.fits.svg``, its WCS ``2024/M51.wcs``, and its copy has the
    same name. Each file contains a mark that identifies its image; only earlier outputs for the
    same image are overwritten. Images that could not be read are skipped.

    Parameters
    ----------
    folder : Path
        Folder for the outputs; created when the first one is written.
    base : tuple of str
        Leading components to omit from the images' paths, as returned by
        `deepsky.batch.output_paths.common_folder`.
    annotation : Annotation
    """

    def __init__(self, folder: Path, base: Base, annotation: Annotation) -> None:
        self._folder = folder
        self._base = base
        self._annotation = annotation

    def __call__(self, outcome: Outcome) -> None:
        """Write the output for an image.

        Parameters
        ----------
        outcome : Outcome

        Raises
        ------
        OutputError
            If the format needs a place on the sky that is not known, if the image cannot be copied
            as FITS, or if all possible output paths are taken by other files.
        OSError
            If the output cannot be written.
        """
        if outcome.record["label"] is None or outcome.info is None:
            return
        path = self._folder / output_path(outcome.source.name, self._base)
        mark = make_mark("annotation", path.relative_to(self._folder), outcome.source)
        write = self._make_writer(outcome, mark)
        make_folders(path.parent)
        write_own(_name(path, self._annotation.format), outcome.source, mark, write)

    def _make_writer(self, outcome: Outcome, mark: str) -> Callable[[BinaryIO], object]:
        """Return a function that writes the output to a file."""
        record, image, chosen = outcome.record, outcome.info, self._annotation
        if chosen.format in (AnnotationFormat.PNG, AnnotationFormat.SVG):
            kind: Literal["png", "svg"] = "png" if chosen.format is AnnotationFormat.PNG else "svg"
            drawn = annotate(record, outcome.preview or b"", kind, grid=chosen.grid, comment=mark)
            return partial(_write, drawn)
        if record["sky"] is None or image is None or outcome.content is None:
            msg = (
                "There is no WCS to write, because the place on the sky is not known "
                f"({describe_reason(record)})."
            )
            raise OutputError(msg)
        # This module imports astropy.wcs, which is slow to import.
        from deepsky.annotation.wcs_files import check_fits, copy_fits, make_wcs_file

        if chosen.format is AnnotationFormat.WCS:
            return partial(_write, make_wcs_file(record["sky"], image, mark))
        return partial(copy_fits, record["sky"], image, check_fits(image), outcome.content, mark)


def describe_reason(record: Record) -> str:
    """Return the reason why the place of an image on the sky is not known.

    Parameters
    ----------
    record : Record

    Returns
    -------
    str
        Part of a sentence.
    """
    if record["sky_error"]:
        return f"plate solving: {record['sky_error']}"
    return "find it with a plate solver: --solve auto"


def _write(content: bytes, file: BinaryIO) -> None:
    file.write(content)


def _name(path: Path, chosen: AnnotationFormat) -> Path:
    """Return the path of the output; other programs expect the names of copies and of the WCS."""
    if chosen is AnnotationFormat.FITS:
        return path
    if chosen is AnnotationFormat.WCS and path.suffix.lower() in SUFFIXES:
        path = path.with_suffix("")
    return with_suffix(path, f".{chosen}")
