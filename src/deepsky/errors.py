"""Every error that deepsky raises on purpose.

::

    DeepskyError
    ├── ImageError                 an image that cannot be used
    │   ├── ImageNotFoundError     file_not_found
    │   ├── ImageUnreadableError   file_unreadable
    │   ├── EmptyImageError        empty_file
    │   ├── UnsupportedFormatError unsupported_format
    │   ├── CorruptImageError      corrupt_image
    │   ├── NoImageDataError       no_image_data
    │   ├── ReadTimeoutError       read_timeout
    │   └── LimitExceededError     limit_exceeded
    │       ├── FileTooLargeError  file_too_large
    │       ├── TooManyPixelsError too_many_pixels
    │       └── TooManyFramesError too_many_frames
    ├── ModelError                 a trained model that cannot be used
    │   ├── ModelNotFoundError     model_not_found
    │   └── ModelCorruptError      model_corrupt
    ├── StorageError               storage_unavailable
    ├── DatasetError               dataset_invalid
    ├── OutputError                output_failed
    ├── JobError                   job_invalid
    ├── SourceError                source_unusable
    ├── JournalError               journal_unusable
    └── ClusterError               cluster_failed

Each class carries a ``code`` that stays the same from version to version: the codes appear in
records, in API answers and in the documentation. The message says what is wrong and what to do.
"""

from typing import ClassVar

__all__ = [
    "ClusterError",
    "CorruptImageError",
    "DatasetError",
    "DeepskyError",
    "EmptyImageError",
    "FileTooLargeError",
    "ImageError",
    "ImageNotFoundError",
    "ImageUnreadableError",
    "JobError",
    "JournalError",
    "LimitExceededError",
    "ModelCorruptError",
    "ModelError",
    "ModelNotFoundError",
    "NoImageDataError",
    "OutputError",
    "ReadTimeoutError",
    "SourceError",
    "StorageError",
    "TooManyFramesError",
    "TooManyPixelsError",
    "UnsupportedFormatError",
]


class DeepskyError(Exception):
    """Base of every error that deepsky raises on purpose."""

    code: ClassVar[str] = "error"


class ImageError(DeepskyError):
    """An image cannot be used."""

    code = "image_error"


class ImageNotFoundError(ImageError):
    """There is no such file."""

    code = "file_not_found"


class ImageUnreadableError(ImageError):
    """The file exists but the operating system does not let it be read."""

    code = "file_unreadable"


class EmptyImageError(ImageError):
    """The file holds no bytes."""

    code = "empty_file"


class UnsupportedFormatError(ImageError):
    """The content is of no format that deepsky reads, whatever the file's name says."""

    code = "unsupported_format"


class CorruptImageError(ImageError):
    """The format is known but the content is damaged or cut off."""

    code = "corrupt_image"


class NoImageDataError(ImageError):
    """The file is sound but holds no image, such as a FITS table."""

    code = "no_image_data"


class ReadTimeoutError(ImageError):
    """The file took longer to read than it was given."""

    code = "read_timeout"


class LimitExceededError(ImageError):
    """The image is larger than the limits allow."""

    code = "limit_exceeded"


class FileTooLargeError(LimitExceededError):
    """The file has more bytes than ``Limits.max_bytes``."""

    code = "file_too_large"


class TooManyPixelsError(LimitExceededError):
    """The image has more pixels than ``Limits.max_pixels``."""

    code = "too_many_pixels"


class TooManyFramesError(LimitExceededError):
    """The file has more frames, pages or planes than ``Limits.max_frames``."""

    code = "too_many_frames"


class ModelError(DeepskyError):
    """A trained model cannot be used."""

    code = "model_error"


class ModelNotFoundError(ModelError):
    """No model of that name is installed."""

    code = "model_not_found"


class ModelCorruptError(ModelError):
    """A model's files are missing, damaged or do not belong together."""

    code = "model_corrupt"


class StorageError(DeepskyError):
    """The database or the folder of images cannot be used."""

    code = "storage_unavailable"


class DatasetError(DeepskyError):
    """A manifest of training images, or an image it names, is not as it should be."""

    code = "dataset_invalid"


class OutputError(DeepskyError):
    """What is to be made of an image beside its record cannot be."""

    code = "output_failed"


class JobError(DeepskyError, ValueError):
    """The options of a run are invalid or contradict each other."""

    code = "job_invalid"


class SourceError(DeepskyError):
    """What names the images of a run cannot be used, such as a list that is not there."""

    code = "source_unusable"


class JournalError(DeepskyError):
    """The journal of a run cannot be used: it is another run's, or its disk is full."""

    code = "journal_unusable"


class ClusterError(DeepskyError):
    """A cluster cannot be reached, or is not set up for the run."""

    code = "cluster_failed"
