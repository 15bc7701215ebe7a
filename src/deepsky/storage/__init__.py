"""What the server keeps: pictures, answers, and what people said of them."""

from deepsky.storage.database import Database
from deepsky.storage.pictures import Incoming, PictureStore
from deepsky.storage.storage import Report, Storage

__all__ = ["Database", "Incoming", "PictureStore", "Report", "Storage"]
