"""Interpret the metadata of a file: object names, WCS and hints."""

from dataclasses import replace

from deepsky.imaging.astrometry.file_metadata import FileMetadata
from deepsky.imaging.astrometry.keywords import NAME_KEYWORDS, clean_names, find_hints
from deepsky.imaging.metadata import ImageMetadata, WcsSource

__all__ = ["interpret"]


def interpret(found: FileMetadata, size: tuple[int, int], orientation: int) -> ImageMetadata:
    """Interpret the metadata that a reader found in a file.

    Invalid metadata are ignored, because they must not prevent an image from being read.

    Parameters
    ----------
    found : FileMetadata
        Metadata of the file.
    size : (int, int)
        Full width and height of the image in pixels, before the orientation is applied.
    orientation : int
        Exif or TIFF orientation that is applied to the image.

    Returns
    -------
    ImageMetadata
    """
    names = [str(found.cards[key]) for key in NAME_KEYWORDS if key in found.cards]
    metadata = ImageMetadata(object_names=clean_names(names), hints=find_hints(found.cards))
    try:
        if f"CTYPE{found.axes[0]}" in found.wcs:
            header = _header(found, size, orientation)
            metadata = replace(metadata, wcs_header=header)
        if found.xmp:
            metadata = _with_xmp(metadata, found, size, orientation)
    except Exception:  # noqa: BLE001 (of astropy, on invalid headers)
        return metadata
    return metadata


def _header(found: FileMetadata, size: tuple[int, int], orientation: int) -> str | None:
    # Importing astropy takes longer than reading most images.
    from deepsky.imaging.astrometry.parse import parse_wcs

    wcs = parse_wcs(found.wcs, found.axes)
    if wcs is None:
        return None
    wcs = wcs.oriented(4, *size) if found.is_bottom_up else wcs
    return wcs.oriented(orientation, *size).header()


def _with_xmp(
    metadata: ImageMetadata, found: FileMetadata, size: tuple[int, int], orientation: int
) -> ImageMetadata:
    from deepsky.imaging.astrometry.xmp import AVM, read_properties

    properties = read_properties(found.xmp)
    if not properties:
        return metadata
    from deepsky.imaging.astrometry import avm

    names = (*metadata.object_names, *avm.find_texts(properties))
    cards = avm.to_cards(properties)
    metadata = replace(
        metadata,
        object_names=clean_names(names),
        hints=find_hints({**cards, **found.cards}),
    )
    if metadata.wcs_header is not None or not any(name.startswith(AVM) for name in properties):
        return metadata
    wcs = avm.find_avm_wcs(properties, cards, *size)
    if wcs is None:
        return metadata
    header = wcs.oriented(4, *size).oriented(orientation, *size).header()
    source: WcsSource = "avm"
    return replace(metadata, wcs_header=header, wcs_source=source)
