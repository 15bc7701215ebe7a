"""Read image files of any supported format as 8-bit RGB arrays."""

from deepsky.imaging.image_data import ImageData, ImageInfo
from deepsky.imaging.limits import Limits
from deepsky.imaging.pool import ReaderPool
from deepsky.imaging.read import read_image

__all__ = ["ImageData", "ImageInfo", "Limits", "ReaderPool", "read_image"]
