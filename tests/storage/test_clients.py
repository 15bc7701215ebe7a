"""Clients are known by secrets that are stored nowhere."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import text

from deepsky.errors import StorageError
from deepsky.storage import Storage
from deepsky.storage.clients import (
    add_key,
    find_key,
    find_session,
    keys,
    new_session_secret,
    open_session,
    revoke_key,
)
from tests.storing import keep


def test_a_session_begins_once(storage: Storage) -> None:
    secret = new_session_secret()
    with storage.database.read() as session:
        assert find_session(session, secret) is None
    opened = set()
    for _ in range(2):
        with storage.database.write() as session:
            opened.add(open_session(session, secret))
    with storage.database.read() as session:
        assert {find_session(session, secret)} == opened


def test_a_session_begins_once_even_for_requests_at_once(storage: Storage) -> None:
    together = Barrier(4)

    def open_it(secret: str) -> int:
        together.wait()
        with storage.database.write() as session:
            return open_session(session, secret)

    with ThreadPoolExecutor(4) as threads:
        for _ in range(20):
            assert len(set(threads.map(open_it, [new_session_secret()] * 4))) == 1


def test_sessions_and_keys_are_not_taken_for_each_other(storage: Storage) -> None:
    secret = new_session_secret()
    with storage.database.write() as session:
        open_session(session, secret)
        key = add_key(session, "observatory")

    with storage.database.read() as session:
        assert find_key(session, secret) is None
        assert find_session(session, key) is None


def test_keys_are_added_listed_and_revoked(storage: Storage, client: int) -> None:
    with storage.database.write() as session:
        first, second = add_key(session, "first"), add_key(session, "second")
    with storage.database.read() as session:
        assert [key.name for key in keys(session)] == ["first", "second"]
        numbers = {find_key(session, first), find_key(session, second)}
        assert len(numbers - {None, client}) == 2

    with storage.database.write() as session:
        revoke_key(session, "first")
    with storage.database.read() as session:
        assert [key.name for key in keys(session)] == ["second"]
        assert find_key(session, first) is None
        assert find_key(session, second) is not None


def test_the_name_of_a_revoked_key_is_free_again(storage: Storage) -> None:
    made = []
    for _ in range(3):
        with storage.database.write() as session:
            made.append(add_key(session, "telescope"))
        with storage.database.write() as session:
            revoke_key(session, "telescope")
    with storage.database.write() as session:
        last = add_key(session, "telescope")

    with storage.database.read() as session:
        assert [find_key(session, key) for key in made] == [None] * 3
        assert find_key(session, last) is not None


def test_a_name_is_for_one_key(storage: Storage) -> None:
    with storage.database.write() as session:
        add_key(session, "telescope")
    with (
        pytest.raises(StorageError, match="already"),
        storage.database.write() as session,
    ):
        add_key(session, "telescope")


def test_a_key_that_is_not_there_cannot_be_revoked(storage: Storage) -> None:
    with storage.database.write() as session:
        add_key(session, "telescope")
    with (
        pytest.raises(StorageError, match=r"'microscope'.*telescope"),
        storage.database.write() as session,
    ):
        revoke_key(session, "microscope")


def test_secrets_are_stored_nowhere(storage: Storage, tmp_path: Path) -> None:
    secret = new_session_secret()
    with storage.database.write() as session:
        client = open_session(session, secret)
        key = add_key(session, "telescope")
    keep(storage, client)

    secrets = {secret, key, key.removeprefix("dsk_")}
    with storage.database.read() as session:
        stored = str(session.execute(text("SELECT * FROM clients")).all())
        assert "telescope" in stored
    if storage.database.is_sqlite:
        files = [path.read_bytes() for path in tmp_path.glob("deepsky.db*")]
        stored += b"".join(files).decode("latin-1")
    assert not any(each in stored for each in secrets)
