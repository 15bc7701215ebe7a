"""Draws where in each image its label finds its evidence."""

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
"""Of the strongest evidence: what the page shows at first."""


class Explainer:
    """Lays over each image, as people are shown it, the evidence for its label.

    The drawings are JPEG, in the same folders as the images, and keep their names:
    ``2024/M51.fits.jpg`` for ``2024/M51.fits``. What could not be read is left out.

    Parameters
    ----------
    folder : Path
        For the drawings; made when the first comes.
    base : tuple of str
        What to leave out of the images' own paths, from `deepsky.batch.output_paths.common_folder`.
    """

    def __init__(self, folder: Path, base: Base) -> None:
        self._folder = folder
        self._base = base

    def __call__(self, outcome: Outcome) -> None:
        """Draw an image's evidence; it needs the outcome's preview.

        Raises
        ------
        OSError
            If it cannot be written.
        """
        label = outcome.record["label"]
        if label is None or outcome.evidence is None or outcome.preview is None:
            return
        place = self._folder / output_path(outcome.source.name, self._base)
        place.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(place.with_name(f"{place.name}.jpg")) as file:
            file.write(_draw(outcome.preview, outcome.evidence, label))


def _draw(preview: bytes, evidence: NDArray[np.float32], label: Label) -> bytes:
    with Image.open(BytesIO(preview)) as image:
        drawing = image.convert("RGB")
    layer = Image.fromarray(overlay(evidence, label, drawing.size))
    drawing.paste(layer, mask=layer.getchannel("A").point(lambda alpha: alpha * OPACITY))
    return render_preview(np.asarray(drawing))
