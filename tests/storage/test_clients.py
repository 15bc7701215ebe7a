"""Tests for the database queries for browser sessions and API keys."""

from pathlib import Path

import pytest
from sqlalchemy import text

from deepsky.errors import StorageError
from deepsky.storage import Storage
from deepsky.storage.clients import (
    add_key,
    add_session,
    find_key,
    find_session,
    list_keys,
    new_session_secret,
    revoke_key,
)
from tests.storing import store


def test_session_is_found_by_its_secret(storage: Storage) -> None:
    secret = new_session_secret()
    with storage.database.read() as session:
        assert find_session(session, secret) is None
    with storage.database.write() as session:
        added = add_session(session, secret)
    with storage.database.read() as session:
        found = find_session(session, secret)
        assert found is not None
        assert found.id == added
        assert find_session(session, new_session_secret()) is None


def test_session_secret_is_not_a_key_and_key_is_not_a_session_secret(storage: Storage) -> None:
    secret = new_session_secret()
    with storage.database.write() as session:
        add_session(session, secret)
        key = add_key(session, "observatory")

    with storage.database.read() as session:
        assert find_key(session, secret) is None
        assert find_session(session, key) is None


def test_keys_are_added_listed_and_revoked(storage: Storage, client: int) -> None:
    with storage.database.write() as session:
        first, second = add_key(session, "first"), add_key(session, "second")
    with storage.database.read() as session:
        assert [key.name for key in list_keys(session)] == ["first", "second"]
        ids = {find_key(session, first), find_key(session, second)}
        assert len(ids - {None, client}) == 2

    with storage.database.write() as session:
        revoke_key(session, "first")
    with storage.database.read() as session:
        assert [key.name for key in list_keys(session)] == ["second"]
        assert find_key(session, first) is None
        assert find_key(session, second) is not None


def test_name_of_revoked_key_can_be_used_again(storage: Storage) -> None:
    revoked = []
    for _ in range(3):
        with storage.database.write() as session:
            revoked.append(add_key(session, "telescope"))
        with storage.database.write() as session:
            revoke_key(session, "telescope")
    with storage.database.write() as session:
        last = add_key(session, "telescope")

    with storage.database.read() as session:
        assert [find_key(session, key) for key in revoked] == [None] * 3
        assert find_key(session, last) is not None


def test_name_of_key_is_unique(storage: Storage) -> None:
    with storage.database.write() as session:
        add_key(session, "telescope")
    with (
        pytest.raises(StorageError, match="already"),
        storage.database.write() as session,
    ):
        add_key(session, "telescope")


def test_unknown_key_cannot_be_revoked(storage: Storage) -> None:
    with storage.database.write() as session:
        add_key(session, "telescope")
    with (
        pytest.raises(StorageError, match=r"'microscope'.*telescope"),
        storage.database.write() as session,
    ):
        revoke_key(session, "microscope")


def test_secrets_are_not_stored(storage: Storage, tmp_path: Path) -> None:
    secret = new_session_secret()
    with storage.database.write() as session:
        client = add_session(session, secret)
        key = add_key(session, "telescope")
    store(storage, client)

    secrets = {secret, key, key.removeprefix("dsk_")}
    with storage.database.read() as session:
        stored = str(session.execute(text("SELECT * FROM clients")).all())
        assert "telescope" in stored
    if storage.database.is_sqlite:
        files = [path.read_bytes() for path in tmp_path.glob("deepsky.db*")]
        stored += b"".join(files).decode("latin-1")
    assert not any(each in stored for each in secrets)
