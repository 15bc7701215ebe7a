"""What the requests of one server share."""

from functools import cache
from pathlib import Path
from threading import Lock

from flask import current_app

from deepsky.classifier import Classifier
from deepsky.errors import StorageError
from deepsky.imaging import ReaderPool
from deepsky.models import DEFAULT_MODEL, find_bundle
from deepsky.models.member import Member
from deepsky.server.admission import Admission, RateLimit
from deepsky.server.metrics import Metrics
from deepsky.server.settings import Settings
from deepsky.storage import Storage

__all__ = ["Models", "State", "open_storage", "state"]


class Models:
    """The models in use, each loaded once, and each of their networks once.

    Safe to use from several threads.
    """

    def __init__(self) -> None:
        self._loaded: dict[str, Classifier] = {}
        self._load_member = cache(Member)
        self._loading = Lock()

    @property
    def loaded(self) -> list[str]:
        """Names of the models that answer at once."""
        return sorted(self._loaded)

    def get(self, name: str = DEFAULT_MODEL) -> Classifier:
        """Give a model, loading it where that has not happened yet.

        Raises
        ------
        ModelNotFoundError
            If no model of that name is installed.
        ModelCorruptError
            If its files are missing, damaged or do not belong together.
        """
        if name not in self._loaded:
            with self._loading:
                if name not in self._loaded:
                    bundle = find_bundle(name)
                    self._loaded[name] = Classifier(bundle, load_member=self._load_member)
        return self._loaded[name]


class State:
    """What the requests of one server share.

    Parameters
    ----------
    settings : Settings
    page : Path
        Folder with the built web page.
    """

    def __init__(self, settings: Settings, page: Path) -> None:
        self.settings = settings
        self.page = page
        self.models = Models()
        self.readers = ReaderPool(
            settings.readers, seconds=settings.read_seconds, limits=settings.limits
        )
        self.admission = Admission(settings.queue)
        self.rate_limit = RateLimit(settings.rate_limit, settings.rate_limit_storage)
        self.metrics = Metrics(self.admission)
        self._storage: Storage | None = None
        self._opening = Lock()

    @property
    def storage(self) -> Storage:
        """What is kept, opened when first needed: the API describes itself without any.

        Raises
        ------
        StorageError
            If it cannot be used.
        """
        if self._storage is None:
            with self._opening:
                if self._storage is None:
                    self._storage = open_storage(self.settings)
        return self._storage

    def close(self) -> None:
        """End all processes, and let go of what is kept."""
        self.readers.close()
        if self._storage is not None:
            self._storage.close()


def open_storage(settings: Settings) -> Storage:
    """Open what is kept, with tables that are up to date.

    Raises
    ------
    StorageError
        If it cannot be used, or is not up to date.
    """
    storage = Storage(settings.resolved_database_url, settings.images)
    try:
        storage.make_ready()
    except StorageError:
        storage.close()
        raise
    return storage


def state() -> State:
    """Give the state of the server that handles the current request."""
    found: State = current_app.extensions["deepsky"]
    return found
