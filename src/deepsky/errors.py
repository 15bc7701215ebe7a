"""Exceptions that deepsky raises.

::

    DeepskyError
    ├── ImageError                   image_error          an image cannot be used
    │   ├── ImageNotFoundError       file_not_found       FileNotFoundError
    │   ├── ImageUnreadableError     file_unreadable      OSError
    │   ├── EmptyImageError          empty_file           ValueError
    │   ├── UnsupportedFormatError   unsupported_format   ValueError
    │   ├── CorruptImageError        corrupt_image        ValueError
    │   ├── NoImageDataError         no_image_data        ValueError
    │   ├── ReadTimeoutError         read_timeout         TimeoutError
    │   ├── ReaderFailedError        reader_failed        RuntimeError
    │   └── LimitExceededError       limit_exceeded       ValueError
    │       ├── FileTooLargeError    file_too_large
    │       ├── TooManyPixelsError   too_many_pixels
    │       ├── TooManyFramesError   too_many_frames
    │       └── TooMuchMemoryError   too_much_memory
    ├── ReadCancelledError           read_cancelled
    ├── ModelError                   model_error          a model cannot be used
    │   ├── ModelNotFoundError       model_not_found      ValueError
    │   └── ModelCorruptError        model_corrupt        ValueError
    ├── SolverError                  solver_unavailable
    ├── CatalogueUnavailableError    catalogue_unavailable
    ├── StorageError                 storage_unavailable
    ├── DatasetError                 dataset_invalid      ValueError
    ├── OutputError                  output_failed
    ├── JobError                     job_invalid          ValueError
    ├── SourceError                  source_unusable
    ├── JournalError                 journal_unusable
    └── ClusterError                 cluster_failed

The second column is the class's ``code``, which is stable across versions and appears in records
and API responses. The third column is the built-in exception from which the class also inherits;
for `ImageError` and `ModelError`, it describes the group of exceptions instead. Each message states
what is wrong and how to fix it.
"""

import errno
from typing import ClassVar

__all__ = [
    "CatalogueUnavailableError",
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
    "ReadCancelledError",
    "ReadTimeoutError",
    "ReaderFailedError",
    "SolverError",
    "SourceError",
    "StorageError",
    "TooManyFramesError",
    "TooManyPixelsError",
    "TooMuchMemoryError",
    "UnsupportedFormatError",
]


class DeepskyError(Exception):
    """Base class of all exceptions that deepsky raises.

    Attributes
    ----------
    code : str
        Error code, which identifies the kind of error in records and API responses.

    Examples
    --------
    >>> import deepsky
    >>> try:
    ...     deepsky.classify("missing.jpg")
    ... except deepsky.DeepskyError as error:
    ...     print(error.code)
    file_not_found
    """

    code: ClassVar[str] = "error"


class ImageError(DeepskyError):
    """An image cannot be used."""

    code = "image_error"


class ImageNotFoundError(ImageError, FileNotFoundError):
    """The file does not exist."""

    code = "file_not_found"
    errno = errno.ENOENT


class ImageUnreadableError(ImageError, OSError):
    """The file exists, but is not a regular file or cannot be opened."""

    code = "file_unreadable"


class EmptyImageError(ImageError, ValueError):
    """The file is empty."""

    code = "empty_file"


class UnsupportedFormatError(ImageError, ValueError):
    """The format of the file is not supported."""

    code = "unsupported_format"


class CorruptImageError(ImageError, ValueError):
    """The file has a supported format, but is damaged or truncated."""

    code = "corrupt_image"


class NoImageDataError(ImageError, ValueError):
    """The file is valid but contains no image (for example, only a FITS table)."""

    code = "no_image_data"


class ReadTimeoutError(ImageError, TimeoutError):
    """Reading the file took longer than the time limit."""

    code = "read_timeout"
    errno = errno.ETIMEDOUT


class ReaderFailedError(ImageError, RuntimeError):
    """The reader process was killed or could not be started, for example for lack of memory.

    The image may be intact, and reading it may succeed later.
    """

    code = "reader_failed"


class LimitExceededError(ImageError, ValueError):
    """The file or the image exceeds one of the `Limits`."""

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


class TooMuchMemoryError(LimitExceededError):
    """Reading the image needs more memory than ``Limits.max_memory``."""

    code = "too_much_memory"


class ReadCancelledError(DeepskyError):
    """Reading an image was cancelled by the caller."""

    code = "read_cancelled"

    def __init__(self, message: str = "Reading the image was cancelled.") -> None:
        super().__init__(message)


class ModelError(DeepskyError):
    """A model cannot be used."""

    code = "model_error"


class ModelNotFoundError(ModelError, ValueError):
    """No model with the given name is installed."""

    code = "model_not_found"


class ModelCorruptError(ModelError, ValueError):
    """A model's files are missing, damaged or inconsistent."""

    code = "model_corrupt"


class SolverError(DeepskyError):
    """A plate solver or its star index is not installed."""

    code = "solver_unavailable"


class CatalogueUnavailableError(DeepskyError):
    """An online catalogue cannot be reached, or its reply is not as documented."""

    code = "catalogue_unavailable"


class StorageError(DeepskyError):
    """The database or the image folder cannot be used."""

    code = "storage_unavailable"


class DatasetError(DeepskyError, ValueError):
    """A manifest, or an image that it lists, is invalid."""

    code = "dataset_invalid"


class OutputError(DeepskyError):
    """An output of a run, such as a sorted or tagged image, cannot be written."""

    code = "output_failed"


class JobError(DeepskyError, ValueError):
    """The options of a run are invalid or contradict each other."""

    code = "job_invalid"


class SourceError(DeepskyError):
    """The images of a run cannot be listed, for example because a list file is missing."""

    code = "source_unusable"


class JournalError(DeepskyError):
    """The journal file belongs to another run, or cannot be read or written."""

    code = "journal_unusable"


class ClusterError(DeepskyError):
    """A Ray cluster cannot be reached or is not configured for the run."""

    code = "cluster_failed"
