"""Context manager that opens the server's database and image folder."""

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
def open_storage(*, prepare: bool = True) -> "Iterator[Storage]":
    """Open the configured database and image folder; exit if they cannot be used.

    Parameters
    ----------
    prepare : bool, optional
        Whether to create, upgrade or check the tables, as the server does when it starts. If
        False, the tables may be missing or out of date.

    Yields
    ------
    Storage
        The open storage, which is closed at the end of the ``with`` block.
    """
    from deepsky.storage import Storage

    settings = read_settings()
    try:
        storage = Storage(settings.resolved_database_url, settings.images)
        try:
            if prepare:
                storage.prepare()
            with storage.database.storage_errors("The database cannot be used"):
                yield storage
        finally:
            storage.close()
    except StorageError as error:
        stop(str(error), FAILED)
    except OSError as error:
        advice = "Run this command as the user that runs the server."
        stop(f"{error.filename}: {error.strerror}. {advice}", FAILED)
