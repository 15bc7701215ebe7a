"""Draw an evidence overlay for each image of a run."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from deepsky.batch.outcome import Outcome
from deepsky.batch.output_paths import (
    Base,
    make_folders,
    output_path,
    with_suffix,
)
from deepsky.batch.own_files import make_mark, write_own
from deepsky.imaging.preview import render_preview
from deepsky.models.evidence import overlay
from deepsky.taxonomy import Label

__all__ = ["Explainer"]

SOI: Final = b"\xff\xd8"
COMMENT: Final = b"\xff\xfe"
"""Start of a comment in a JPEG file."""

OPACITY: Final = 0.5
"""Opacity of the overlay at the strongest evidence. The web page has the same default."""


class Explainer:
    """Action that overlays the evidence map for an image's label on a preview of the image.

    The overlays are JPEG files in `folder`. The subfolders of the images are preserved:
    ``2024/M51.fits.jpg`` is the overlay for ``2024/M51.fits``. Each overlay contains a comment that
    identifies its image. Only earlier overlays for the same image are overwritten: if the output
    path is taken by another file, a suffix derived from the image's path is added to the file name.
    Images that could not be read are skipped.

    Parameters
    ----------
    folder : Path
        Folder for the overlays; created when the first overlay is written.
    base : tuple of str
        Leading components to omit from the images' paths, as returned by
        `deepsky.batch.output_paths.common_folder`.
    """

    def __init__(self, folder: Path, base: Base) -> None:
        self._folder = folder
        self._base = base

    def __call__(self, outcome: Outcome) -> None:
        """Draw the evidence overlay of an image.

        Parameters
        ----------
        outcome : Outcome
            An outcome without a label, an evidence map or a preview is skipped.

        Raises
        ------
        OutputError
            If all possible output paths are taken by other files.
        OSError
            If the overlay cannot be written.
        """
        label = outcome.record["label"]
        if label is None or outcome.evidence is None or outcome.preview is None:
            return
        labels = tuple(outcome.record["probabilities"] or ())
        path = self._folder / output_path(outcome.source.name, self._base)
        make_folders(path.parent)
        mark = make_mark("evidence overlay", path.relative_to(self._folder), outcome.source)
        drawing = _draw(outcome.preview, outcome.evidence, label, labels)
        content = SOI + _comment(mark) + drawing.removeprefix(SOI)
        write_own(with_suffix(path, ".jpg"), outcome.source, mark, lambda file: file.write(content))


def _comment(text: str) -> bytes:
    return COMMENT + (2 + len(text)).to_bytes(2) + text.encode()


def _draw(
    preview: bytes, evidence: NDArray[np.float32], label: Label, labels: Sequence[Label]
) -> bytes:
    with Image.open(BytesIO(preview)) as image:
        drawing = image.convert("RGB")
    layer = Image.fromarray(overlay(evidence, label, drawing.size, labels))
    drawing.paste(layer, mask=layer.getchannel("A").point(lambda alpha: alpha * OPACITY))
    return render_preview(np.asarray(drawing))
