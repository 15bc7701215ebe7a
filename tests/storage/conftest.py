"""Fixtures: an empty storage on SQLite and on PostgreSQL, and clients."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deepsky.storage import Storage
from deepsky.storage.clients import add_session, new_session_secret


@pytest.fixture
def storage(storage_url: str, tmp_path: Path) -> Iterator[Storage]:
    """Yield an empty storage; tests that use it run on both SQLite and PostgreSQL."""
    opened = Storage(storage_url, tmp_path / "images")
    opened.database.upgrade()
    yield opened
    opened.close()


@pytest.fixture
def new_client(storage: Storage) -> Callable[[], int]:
    """Return a function that creates a browser session and returns its client id."""

    def make() -> int:
        with storage.database.write() as session:
            return add_session(session, new_session_secret())

    return make


@pytest.fixture
def client(new_client: Callable[[], int]) -> int:
    """Return the client id of a new browser session."""
    return new_client()
