"""Opens what the server keeps, for commands about it."""

from contextlib import contextmanager
from typing import TYPE_CHECKING

from deepsky.cli.failure import FAILED, stop
from deepsky.cli.settings import read_settings
from deepsky.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deepsky.storage import Storage

__all__ = ["open_storage"]


@contextmanager
def open_storage(*, as_it_is: bool = False) -> "Iterator[Storage]":
    """Open what the server keeps, where the environment says; exit where it cannot be used.

    Parameters
    ----------
    as_it_is : bool
        Take the database whether its tables are up to date or not, and change nothing about
        them; else they are seen to as the server does.
    """
    from deepsky.storage import Storage

    settings = read_settings()
    try:
        storage = Storage(settings.resolved_database_url, settings.images)
        try:
            if not as_it_is:
                storage.prepare()
            with storage.database.storage_errors("The database cannot be used"):
                yield storage
        finally:
            storage.close()
    except StorageError as error:
        stop(str(error), FAILED)
    except OSError as error:
        stop(f"{error.filename}: {error.strerror}. Run this as the server's user.", FAILED)
