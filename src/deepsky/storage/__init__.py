"""What the server keeps: images, answers, and what people said of them."""

from deepsky.storage.database import Database
from deepsky.storage.images import ImageStore, Incoming
from deepsky.storage.storage import Report, Storage

__all__ = ["Database", "ImageStore", "Incoming", "Report", "Storage"]
