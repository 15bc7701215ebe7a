"""Draw annotated images as PNG or SVG."""

from io import BytesIO
from typing import Literal

from PIL import Image

from deepsky.annotation.avm import Avm, make_xmp
from deepsky.annotation.compose import compose
from deepsky.annotation.names import object_names
from deepsky.annotation.png import draw_png
from deepsky.annotation.scene import Scene
from deepsky.annotation.svg import write_svg
from deepsky.record import Record

__all__ = ["annotate"]


def annotate(
    record: Record,
    preview: bytes,
    image_format: Literal["png", "svg"],
    *,
    grid: bool = False,
    comment: str = "",
) -> bytes:
    """Draw the objects in an image, their names and a title over it.

    Parameters
    ----------
    record : Record
        Record of the image. If its place on the sky is not known, only the title is written.
    preview : bytes
        The image at any size, encoded as JPEG by `deepsky.imaging.preview.render_preview`.
    image_format : {"png", "svg"}
        PNG contains the WCS as AVM; SVG contains the preview.
    grid : bool
        Whether to draw lines of equal right ascension and declination.
    comment : str
        Comment to embed, in ASCII.

    Returns
    -------
    bytes
        The annotated image. It is higher than the preview, because the title is below the image.
    """
    with Image.open(BytesIO(preview)) as image:
        scene = compose(record, image.size, grid=grid)
        if image_format == "svg":
            return write_svg(scene, preview, comment=comment)
        xmp = make_xmp(_describe(record, scene), object_names(record))
        return draw_png(scene, image, xmp=xmp, comment=comment)


def _describe(record: Record, scene: Scene) -> Avm:
    """Return AVM for the drawing, whose upper part is the image."""
    if record["sky"] is None or not record["sky"]["wcs"] or not record["width"]:
        return {}
    # These modules import astropy.wcs, which is slow to import.
    from deepsky.annotation.avm_description import describe_field
    from deepsky.sky.stored_wcs import read_header

    wcs = read_header(record["sky"]["wcs"]).scaled(scene.width / record["width"])
    return describe_field(record, wcs, (scene.width, scene.height + scene.strip))
