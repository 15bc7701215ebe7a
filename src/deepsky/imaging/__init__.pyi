from .image_data import ImageData as ImageData
from .image_data import ImageInfo as ImageInfo
from .limits import Limits as Limits
from .processes.pool import ReaderPool as ReaderPool
from .read import read_image as read_image

__all__ = ["ImageData", "ImageInfo", "Limits", "ReaderPool", "read_image"]
