"""Contact sheet of misclassified images."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from deepsky.contact_sheet import SIDE, Tile, draw_sheet
from deepsky.imaging import read_image

__all__ = ["draw_mistakes"]


def draw_mistakes(mistakes: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Draw misclassified images with their labels, predicted labels and probabilities.

    Parameters
    ----------
    mistakes : sequence of mapping
        Misclassified images of a model, as returned by `evaluate_all`.
    path : Path
        JPEG file to write.
    """
    draw_sheet({"": [_tile(mistake) for mistake in mistakes]}).save(path, quality=85)


def _tile(mistake: Mapping[str, Any]) -> Tile:
    image = Image.fromarray(read_image(Path(mistake["path"])).pixels)
    image.thumbnail((SIDE, SIDE))
    mixed = f" (or {mistake['second_label']})" if mistake["second_label"] else ""
    return Tile(
        image,
        f"{mistake['label']}{mixed}: {mistake['kind']}\n"
        f"predicted {mistake['answer']}; label {mistake['probability']:.0%}",
    )
