"""A storage of each kind, and clients of it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deepsky.storage import Storage
from deepsky.storage.clients import add_session, new_session_secret


@pytest.fixture
def storage(storage_url: str, tmp_path: Path) -> Iterator[Storage]:
    """A storage that holds nothing yet; a test that asks for it runs on each kind."""
    opened = Storage(storage_url, tmp_path / "images")
    opened.database.upgrade()
    yield opened
    opened.close()


@pytest.fixture
def new_client(storage: Storage) -> Callable[[], int]:
    """Gives the id of another browser."""

    def make() -> int:
        with storage.database.write() as session:
            return add_session(session, new_session_secret())

    return make


@pytest.fixture
def client(new_client: Callable[[], int]) -> int:
    """The id of a browser."""
    return new_client()
