"""Shows mistakes as one sheet of pictures."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont, ImageOps

from deepsky.imaging import read_image

__all__ = ["draw_mistakes"]

COLUMNS = 5
PICTURE, CAPTION, MARGIN = 220, 46, 8


def draw_mistakes(mistakes: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Draw a sheet of mistakes, each with the truth, the answer and the truth's probability.

    Parameters
    ----------
    mistakes : sequence of mapping
        As `evaluate_all` gives them.
    path : Path
        The JPEG file to write.
    """
    rows = -(-len(mistakes) // COLUMNS)
    width, height = PICTURE + MARGIN, PICTURE + CAPTION + MARGIN
    sheet = Image.new("RGB", (COLUMNS * width + MARGIN, max(rows, 1) * height + MARGIN), "white")
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(13)
    for number, mistake in enumerate(mistakes):
        left = MARGIN + number % COLUMNS * width
        top = MARGIN + number // COLUMNS * height
        picture = Image.fromarray(read_image(Path(mistake["path"])).pixels)
        sheet.paste(ImageOps.pad(picture, (PICTURE, PICTURE), color="black"), (left, top))
        mixed = f" (or {mistake['second_label']})" if mistake["second_label"] else ""
        caption = (
            f"{mistake['label']}{mixed}: {mistake['kind']}\n"
            f"called {mistake['answer']}, truth {mistake['probability']:.0%}"
        )
        draw.multiline_text((left, top + PICTURE + 4), caption, "black", font)
    sheet.save(path, quality=85)
