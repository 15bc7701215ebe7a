"""Write an annotated image as SVG."""

from base64 import b64encode
from xml.sax.saxutils import escape

from deepsky.annotation.font import text_width
from deepsky.annotation.scene import Colour, Line, Scene, Text
from deepsky.annotation.style import STRIP

__all__ = ["write_svg"]


def write_svg(scene: Scene, jpeg: bytes, *, comment: str = "") -> bytes:
    """Write an annotated image.

    Parameters
    ----------
    scene : Scene
    jpeg : bytes
        The image, encoded as JPEG, which is embedded.
    comment : str
        Comment to embed.

    Returns
    -------
    bytes
        SVG document, encoded in UTF-8. It refers to no other files; texts are in the generic font
        family ``sans-serif``.

    References
    ----------
    Scalable Vector Graphics (SVG) 1.1, W3C (2011).
    """
    width, height = scene.width, scene.height + scene.strip
    data = b64encode(jpeg).decode()
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}">',
        f"<!-- {comment} -->" if comment else "",
        f'<clipPath id="image"><rect width="{scene.width}" height="{scene.height}"/></clipPath>',
        f'<rect width="{width}" height="{height}" fill="{_colour(STRIP)}"/>',
        f'<image width="{scene.width}" height="{scene.height}" '
        f'xlink:href="data:image/jpeg;base64,{data}"/>',
        '<g clip-path="url(#image)" fill="none" stroke-linecap="round" stroke-linejoin="round">',
        *(_line(line) for line in scene.lines),
        "</g>",
        '<g font-family="Helvetica, Arial, sans-serif" stroke-linejoin="round">',
        *(_text(text) for text in scene.texts),
        "</g>",
        "</svg>\n",
    ]
    return "\n".join(part for part in parts if part).encode()


def _line(line: Line) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in line.points)
    shape = f'<polyline points="{points}"'
    core = (
        f'{shape} stroke="{_colour(line.colour)}" stroke-width="{line.width:.2f}" '
        f'stroke-opacity="{line.opacity:g}"/>'
    )
    if not line.halo:
        return core
    return (
        f'{shape} stroke="#000" stroke-width="{line.width + 2 * line.halo:.2f}" '
        f'stroke-opacity="0.6"/>\n{core}'
    )


def _text(text: Text) -> str:
    # The width prevents that texts overlap or are cut off if the viewer's font is wider.
    place = (
        f'x="{text.x:.1f}" y="{text.y + 0.35 * text.size:.1f}" font-size="{text.size:.1f}" '
        f'text-anchor="{text.anchor}" textLength="{text_width(text.text, text.size):.1f}" '
        'lengthAdjust="spacingAndGlyphs"'
    )
    content = f'{place} fill="{_colour(text.colour)}">{escape(text.text)}</text>'
    if not text.halo:
        return f"<text {content}"
    # A border that is drawn first is supported by more programs than paint-order.
    border = f'{place} stroke="#000" stroke-width="{2 * text.halo:.2f}">{escape(text.text)}</text>'
    return f"<text {border}\n<text {content}"


def _colour(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
