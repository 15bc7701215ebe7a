"""Regions of the sky and pixel scales in which a plate solver searches."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from deepsky.catalogue.objects import CatalogueObject
    from deepsky.imaging.metadata import PositionHints

__all__ = ["SearchHints"]

_ARCSECONDS_PER_UNIT: Final = 206.265  # arcseconds per µm/mm
_SCALE_TOLERANCE: Final = 1.25
_SCALES: Final = (0.02, 600.0)  # arcseconds; from large telescopes to fisheye lenses
_POSITION_RADIUS: Final = 5.0  # degrees; mounts and planning programs are rarely further off
_OBJECT_RADIUS: Final = 10.0  # degrees; the object may be at the edge of a wide field


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHints:
    """Region of the sky and pixel scales in which a plate solver searches.

    Without arguments, the whole sky is searched.

    Attributes
    ----------
    ra, dec : float or None
        Centre of the region, ICRS, in degrees. Either both or neither are None.
    radius : float
        Radius of the region in degrees.
    min_scale, max_scale : float or None
        Range of pixel scales at full size, in arcseconds. Either both or neither are None.
    """

    ra: float | None = None
    dec: float | None = None
    radius: float = _POSITION_RADIUS
    min_scale: float | None = None
    max_scale: float | None = None

    @classmethod
    def collect(
        cls, hints: "PositionHints | None" = None, subject: "CatalogueObject | None" = None
    ) -> Self:
        """Collect hints from what an image file says and from the object that it is named after.

        Parameters
        ----------
        hints : deepsky.imaging.metadata.PositionHints, optional
            The file's position is preferred to that of the object. Impossible pixel scales are
            ignored.
        subject : deepsky.catalogue.objects.CatalogueObject, optional

        Returns
        -------
        SearchHints
        """
        ra = dec = scale = None
        radius = _POSITION_RADIUS
        if subject is not None:
            ra, dec, radius = subject.ra, subject.dec, _OBJECT_RADIUS
        if hints is not None:
            if hints.ra is not None and hints.dec is not None:
                ra, dec, radius = hints.ra, hints.dec, _POSITION_RADIUS
            scale = hints.pixel_scale
            if scale is None and hints.pixel_size and hints.focal_length:
                scale = _ARCSECONDS_PER_UNIT * hints.pixel_size / hints.focal_length
        if scale is not None and not _SCALES[0] <= scale <= _SCALES[1]:
            scale = None  # a value that no camera has, such as that of a program's default
        return cls(
            ra=ra,
            dec=dec,
            radius=radius,
            min_scale=scale / _SCALE_TOLERANCE if scale else None,
            max_scale=scale * _SCALE_TOLERANCE if scale else None,
        )
