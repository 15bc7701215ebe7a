"""Any picture file becomes one RGB array."""

from deepsky.imaging.limits import Limits
from deepsky.imaging.picture import Picture, PictureInfo
from deepsky.imaging.pool import ReaderPool
from deepsky.imaging.reader import read_image

__all__ = ["Limits", "Picture", "PictureInfo", "ReaderPool", "read_image"]
