"""Draw an evidence overlay for each image of a run."""

from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from deepsky.atomic_file import atomic_write
from deepsky.batch.outcome import Outcome
from deepsky.batch.output_paths import Base, output_path
from deepsky.imaging.preview import render_preview
from deepsky.models.evidence import overlay
from deepsky.taxonomy import Label

__all__ = ["Explainer"]

OPACITY: Final = 0.5
"""Opacity of the overlay at the strongest evidence. The web page has the same default."""


class Explainer:
    """Action that overlays the evidence map for an image's label on a preview of the image.

    The overlays are JPEG files in `folder`. The subfolders of the images are preserved:
    ``2024/M51.fits.jpg`` is the overlay for ``2024/M51.fits``. Images that could not be read are
    skipped.

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
        OSError
            If the overlay cannot be written.
        """
        label = outcome.record["label"]
        if label is None or outcome.evidence is None or outcome.preview is None:
            return
        path = self._folder / output_path(outcome.source.name, self._base)
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(path.with_name(f"{path.name}.jpg")) as file:
            file.write(_draw(outcome.preview, outcome.evidence, label))


def _draw(preview: bytes, evidence: NDArray[np.float32], label: Label) -> bytes:
    with Image.open(BytesIO(preview)) as image:
        drawing = image.convert("RGB")
    layer = Image.fromarray(overlay(evidence, label, drawing.size))
    drawing.paste(layer, mask=layer.getchannel("A").point(lambda alpha: alpha * OPACITY))
    return render_preview(np.asarray(drawing))
