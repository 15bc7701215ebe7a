"""Connections to PostgreSQL do not wait without bound."""

import os
import signal
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from deepsky.errors import StorageError
from deepsky.storage import Database, Storage
from deepsky.storage.clients import add_session
from tests.storing import store


@pytest.fixture
def database(postgresql_url: str) -> Database:
    """An upgraded database whose waits are short."""
    opened = Database(postgresql_url, seconds=0.3)
    opened.upgrade()
    return opened


def wait_until_usable(database: Database) -> None:
    deadline = monotonic() + 30
    while monotonic() < deadline:
        with suppress(StorageError), database.read() as session:
            assert session.scalar(text("SELECT 1")) == 1
            return
        sleep(0.05)
    pytest.fail("The database has not become usable.")


def test_suspended_database_server_is_an_error(database: Database) -> None:
    with database.read() as session:
        backend = session.scalar(text("SELECT pg_backend_pid()"))
        assert backend is not None
        os.kill(backend, signal.SIGSTOP)
        try:
            with pytest.raises(OperationalError, match="does not respond"):
                session.execute(text("SELECT 1"))
        finally:
            os.kill(backend, signal.SIGCONT)
    wait_until_usable(database)
    database.close()


def test_requests_are_refused_at_once_while_the_server_does_not_respond(
    database: Database,
) -> None:
    with database.read() as session:
        backend = session.scalar(text("SELECT pg_backend_pid()"))
    assert backend is not None
    os.kill(backend, signal.SIGSTOP)
    try:
        with database.read() as session, pytest.raises(StorageError, match="does not respond"):
            session.execute(text("SELECT 1"))  # the test of the pooled connection fails
        with pytest.raises(StorageError, match="does not respond"), database.read():
            pass
    finally:
        os.kill(backend, signal.SIGCONT)
    wait_until_usable(database)
    with database.read() as session:
        assert session.scalar(text("SELECT 1")) == 1
    database.close()


def test_slow_statement_and_lock_are_errors(database: Database) -> None:
    with database.read() as session, pytest.raises(OperationalError, match="statement timeout"):
        session.execute(text("SELECT pg_sleep(10)"))
    with database.write() as holder:
        holder.execute(text("LOCK TABLE clients"))
        with pytest.raises(OperationalError, match="timeout"), database.write() as session:
            add_session(session, "secret")
    database.close()


def test_commits_wait_for_the_disk(database: Database) -> None:
    """The test server runs with synchronous_commit=off, to be fast."""
    with database.read() as session:
        assert session.scalar(text("SHOW synchronous_commit")) == "on"
    database.close()


def test_migration_is_not_limited(database: Database) -> None:
    with database._migration() as connection:
        assert connection.scalar(text("SHOW statement_timeout")) == "0"
        connection.execute(text("SELECT pg_sleep(0.5)"))
    database.close()


def test_emptied_database_is_not_usable(postgresql_url: str, tmp_path: Path) -> None:
    storage = Storage(postgresql_url, tmp_path / "images")
    storage.database.upgrade()
    storage.prepare()
    with storage.database.write() as session:
        client = add_session(session, "secret")
    with storage.database.engine.begin() as connection:
        connection.execute(text("UPDATE identity SET id = 'another'"))
    assert not storage.is_usable()
    with pytest.raises(StorageError, match="not the one with which the server was started"):
        store(storage, client)

    with storage.database.engine.begin() as connection:
        connection.execute(text("DROP TABLE identity"))
    assert not storage.is_usable()
    with pytest.raises(StorageError, match="restore the original database"):
        store(storage, client)
    storage.close()
