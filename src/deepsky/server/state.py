"""State shared by all requests to one server."""

from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Final

from flask import current_app

from deepsky.classifier import Classifier
from deepsky.errors import StorageError
from deepsky.models import DEFAULT_MODEL, find_bundle
from deepsky.models.member import Member
from deepsky.server.admission import Admission, RateLimit
from deepsky.server.metrics import Metrics
from deepsky.server.previews import Previews
from deepsky.server.readers import Readers
from deepsky.server.settings import Settings
from deepsky.server.solving import Solving
from deepsky.server.turns import Turns
from deepsky.storage import Storage

CHECK_SECONDS: Final = 0.5
"""Maximum time that a health check waits for the storage, in seconds."""

DATABASE_SECONDS: Final = 2
"""Maximum time that a request waits for a database connection, a lock or a statement."""

FREE_THREADS: Final = 2
"""Number of threads that do not wait for the database."""

__all__ = ["Models", "State", "open_storage", "state"]


class Models:
    """Thread-safe cache of loaded models; a network that several models share is loaded once."""

    def __init__(self) -> None:
        self._loaded: dict[str, Classifier] = {}
        self._load_member = cache(Member)
        self._loading = Lock()

    @property
    def loaded(self) -> list[str]:
        """Names of the loaded models."""
        return sorted(self._loaded)

    def get(self, name: str = DEFAULT_MODEL) -> Classifier:
        """Return a model; the first call loads it.

        Parameters
        ----------
        name : str

        Returns
        -------
        Classifier

        Raises
        ------
        ModelNotFoundError
            If no model with this name is installed.
        ModelCorruptError
            If files of the model are missing, damaged or inconsistent.
        """
        if name not in self._loaded:
            with self._loading:
                if name not in self._loaded:
                    bundle = find_bundle(name)
                    self._loaded[name] = Classifier(bundle, load_member=self._load_member)
        return self._loaded[name]


class State:
    """State shared by all requests to one server.

    Parameters
    ----------
    settings : Settings
    page : Path
        Folder that contains the built web interface.

    Raises
    ------
    SolverError
        If the plate solver in the settings is not installed.
    """

    def __init__(self, settings: Settings, page: Path) -> None:
        self.settings = settings
        self.page = page
        self.models = Models()
        self.readers = Readers(settings)
        self.admission = Admission(settings.queue, settings.queue_reserve)
        self.previews = Previews(settings)
        self.solving = Solving(settings)
        self.finding = Turns(1)
        self.rate_limit = RateLimit(settings.rate_limit, settings.rate_limit_storage)
        self.metrics = Metrics(self.admission)
        self._storage: Storage | None = None
        self._opening = Lock()
        self._check_lock = Lock()
        self._checker = ThreadPoolExecutor(1, "storage-check")
        self._checking: Future[bool] | None = None

    @property
    def storage(self) -> Storage:
        """The storage; it is opened on first access, because some routes do not need it.

        Raises
        ------
        StorageError
            If the storage cannot be used.
        """
        if self._storage is None:
            with self._opening:
                if self._storage is None:
                    self._storage = open_storage(self.settings)
        return self._storage

    def is_storage_usable(self) -> bool:
        """Return whether the storage is usable; it is not if it does not respond in time."""
        try:
            storage = self.storage
        except StorageError:
            return False
        with self._check_lock:
            if self._checking is None or self._checking.done():
                self._checking = self._checker.submit(storage.is_usable)
            checking = self._checking
        try:
            return checking.result(CHECK_SECONDS)
        except TimeoutError:
            return False

    def close(self) -> None:
        """Stop the plate solvers and the reader processes, and close the storage."""
        self.solving.close()
        self.readers.close()
        self._checker.shutdown()
        if self._storage is not None:
            self._storage.close()


def open_storage(settings: Settings) -> Storage:
    """Open the storage and check that it is usable.

    Parameters
    ----------
    settings : Settings

    Returns
    -------
    Storage

    Raises
    ------
    StorageError
        If the storage cannot be used, or its tables are out of date.
    """
    storage = Storage(
        settings.resolved_database_url,
        settings.images,
        seconds=DATABASE_SECONDS,
        users=max(1, settings.threads - FREE_THREADS),
        max_tile_bytes=settings.max_tile_bytes,
    )
    try:
        storage.prepare()
    except StorageError:
        storage.close()
        raise
    return storage


def state() -> State:
    """Return the state of the server that handles the current request."""
    found: State = current_app.extensions["deepsky"]
    return found
