"""Storage of images, classifications and feedback in a database and a folder of image files."""

from deepsky.storage.database import Database
from deepsky.storage.images import ImageStore, Incoming
from deepsky.storage.storage import Report, Storage

__all__ = ["Database", "ImageStore", "Incoming", "Report", "Storage"]
