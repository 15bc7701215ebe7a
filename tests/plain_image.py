"""Images of one colour for tests."""

from typing import Any

from PIL import Image

__all__ = ["plain_image"]


def plain_image(mode: str, size: tuple[int, int], colour: Any = 0) -> Image.Image:
    """Return an image of one colour, except for its last pixel.

    Images in which all pixels have the same value are rejected, because they show nothing.

    Parameters
    ----------
    mode : str
        Pillow mode.
    size : (int, int)
        Width and height in pixels.
    colour : str, int or tuple of int
        Colour of all but the last pixel.

    Returns
    -------
    PIL.Image.Image
    """
    image = Image.new(mode, size, colour)
    last = (size[0] - 1, size[1] - 1)
    is_white = image.convert("L").getpixel(last) == 255
    image.paste("black" if is_white else "white", (*last, *size))
    return image
