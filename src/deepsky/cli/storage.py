"""Open the server's database and image folder for the commands that need them."""

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
    """Open the server's database and image folder, or exit with an error message.

    Parameters
    ----------
    prepare : bool, optional
        Whether to create or upgrade the tables, as the server does when it starts. If False, the
        tables may be outdated.

    Yields
    ------
    Storage
        Open database and image folder, which are closed when the context ends.
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
        stop(f"{error.filename}: {error.strerror}. Run this command as the server's user.", FAILED)
