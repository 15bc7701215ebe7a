"""SQLite: files changed by other programs are detected, and deleted content is erased."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from deepsky.errors import StorageError
from deepsky.storage import Database, Storage
from deepsky.storage.classifications import find_classification
from deepsky.storage.clients import add_session
from deepsky.storage.feedback import Assessment, record_feedback, withdraw_feedback
from deepsky.storage.sqlite import DatabaseFile
from tests.storing import store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Path of the database."""
    return tmp_path / "deepsky.db"


@pytest.fixture
def storage(path: Path, tmp_path: Path) -> Iterator[Storage]:
    """Yield a prepared storage on SQLite."""
    opened = Storage(f"sqlite:///{path}", tmp_path / "images", seconds=0.2)
    opened.prepare()
    yield opened
    opened.close()


@pytest.fixture
def client(storage: Storage) -> int:
    """Return the client id of a new browser session."""
    with storage.database.write() as session:
        return add_session(session, "secret")


def wal(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def replace(path: Path) -> None:
    shutil.copyfile(path, f"{path}.copy")
    Path(f"{path}.copy").replace(path)


def overwrite(path: Path) -> None:
    content = path.read_bytes()
    with path.open("r+b") as file:
        file.write(content)


DAMAGES: list[Callable[[Path], object]] = [
    Path.unlink,
    replace,
    overwrite,
    lambda path: os.truncate(path, 0),
    lambda path: os.truncate(path, 4096),
    lambda path: wal(path).unlink(),
    lambda path: os.truncate(wal(path), 0),
    lambda path: path.with_name(f"{path.name}-shm").unlink(),
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_nothing_is_stored_after_another_program_changed_the_files(
    storage: Storage, client: int, path: Path, damage: Callable[[Path], object]
) -> None:
    store(storage, client)
    storage.database.erase_deleted()
    store(storage, client, b"in the WAL")
    assert storage.is_usable()

    damage(path)

    assert not storage.is_usable()
    with pytest.raises(StorageError, match=r"deepsky\.db.*changed by another program.*backup"):
        store(storage, client, b"another image")
    with pytest.raises(StorageError), storage.database.read():
        pass


@pytest.mark.parametrize(
    "damage",
    [
        Path.unlink,
        replace,
        overwrite,
        lambda path: wal(path).unlink(),
        lambda path: os.truncate(wal(path), 0),
        lambda path: os.truncate(wal(path), wal(path).stat().st_size // 2),
    ],
)
def test_damage_during_a_transaction_is_an_error(
    storage: Storage, client: int, path: Path, damage: Callable[[Path], object]
) -> None:
    store(storage, client)
    storage.database.erase_deleted()
    store(storage, client, b"in the WAL")

    def write() -> None:
        with storage.database.write() as session:
            add_session(session, "another")
            damage(path)

    with pytest.raises(StorageError, match="changed by another program"):
        write()


def test_storage_is_usable_again_after_the_files_are_moved_back(
    storage: Storage, client: int, path: Path, tmp_path: Path
) -> None:
    before = store(storage, client)
    path.rename(tmp_path / "away")
    assert not storage.is_usable()
    (tmp_path / "away").rename(path)

    assert storage.is_usable()
    after = store(storage, client, b"another image")
    with storage.database.read() as session:
        for stored in (before, after):
            assert find_classification(session, client, stored.id) is not None


def test_own_changes_of_the_files_are_no_damage(storage: Storage, client: int, path: Path) -> None:
    for number in range(300):
        store(storage, client, str(number).encode(), path="x" * 20_000)
        if number % 100 == 50:
            assert storage.database.erase_deleted()
            assert wal(path).stat().st_size == 0
    assert storage.is_usable()
    assert storage.check(contents=True).is_consistent
    assert wal(path).stat().st_size < 8 << 20


def test_other_programs_can_use_the_database(storage: Storage, client: int, path: Path) -> None:
    other = Database(f"sqlite:///{path}")
    with other.write() as session:
        add_session(session, "another program")
    other.close()
    connection = sqlite3.connect(path)
    connection.execute("DELETE FROM clients WHERE id != ?", [client])
    connection.commit()
    connection.close()

    store(storage, client)
    assert storage.is_usable()


def test_missing_database_is_not_created_again(storage: Storage, path: Path) -> None:
    path.unlink()
    assert not storage.is_usable()
    assert not path.exists()


def test_locked_database_is_an_error_after_a_short_wait(
    storage: Storage, client: int, path: Path
) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"):
        store(storage, client)
    with storage.database.read():
        assert storage.is_usable()
    other.execute("ROLLBACK")
    other.close()
    store(storage, client)


def test_number_of_waiting_sessions_is_limited(path: Path) -> None:
    database = Database(f"sqlite:///{path}", users=1)
    database.upgrade()
    with database.read(), pytest.raises(StorageError, match="Too many"), database.read():
        pass
    with database.write():
        pass
    database.close()


def test_deleted_content_is_erased(
    storage: Storage, client: int, path: Path, tmp_path: Path
) -> None:
    for number in range(40):
        stored = store(storage, client, path=f"namemark{number}" * (1 + 40 * (number % 3)))
        with storage.database.write() as session:
            record_feedback(
                session, stored, client, Assessment("incorrect", comment=f"firstmark{number}")
            )
            record_feedback(
                session, stored, client, Assessment("incorrect", comment=f"lastmark{number}")
            )
            if number % 2:
                withdraw_feedback(session, stored)
        if number % 10 == 0:
            storage.database.erase_deleted()
        assert storage.delete(client, stored.id)
    assert not list((tmp_path / "images").glob("??/*"))
    assert b"mark" in wal(path).read_bytes()

    assert storage.database.erase_deleted()

    for file in tmp_path.rglob("*"):
        assert not file.is_file() or b"mark" not in file.read_bytes()


def test_files_are_only_accessible_to_the_user(
    tmp_path: Path, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = os.umask(0)
    try:
        (tmp_path / "images").mkdir()
        path.touch()
        storage = Storage(f"sqlite:///{path}", tmp_path / "images")
        storage.prepare()
        with storage.database.write() as session:
            client = add_session(session, "secret")
        stored = store(storage, client)
        storage.clean_up()
        modes = {p: p.stat().st_mode & 0o777 for p in tmp_path.rglob("*")}
        storage.close()
    finally:
        os.umask(before)

    assert storage.images.path(stored.image_sha256) in modes
    for found, mode in modes.items():
        expected = 0o700 if found.is_dir() else 0o600
        assert (found, oct(mode)) == (found, oct(expected))
    assert "was accessible to other users" in caplog.text


def full_disk() -> OperationalError:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    return OperationalError("DELETE", {}, error)


def test_expired_data_are_removed_on_a_full_disk(storage: Storage, tmp_path: Path) -> None:
    with storage.database.write() as session:
        client = add_session(session, "secret")
    image = storage.images.path(store(storage, client).image_sha256)
    storage.clean_up()
    reserve = tmp_path / "deepsky.db-reserve"
    assert reserve.exists()

    @event.listens_for(storage.database.engine, "before_cursor_execute")
    def fail(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("DELETE") and reserve.exists():
            raise full_disk()

    storage.clean_up(keep_days=0)

    assert not image.exists()


def test_database_is_opened_on_a_full_disk(
    path: Path, tmp_path: Path, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage.database.reserve_space()
    storage.close()
    reserve = tmp_path / "deepsky.db-reserve"
    before = reserve.stat().st_size
    connect = DatabaseFile._connect

    def fail(self: DatabaseFile) -> sqlite3.Connection:
        if reserve.stat().st_size == before:
            raise full_disk().orig  # type: ignore[misc]
        return connect(self)

    monkeypatch.setattr(DatabaseFile, "_connect", fail)
    again = Storage(f"sqlite:///{path}", tmp_path / "images")
    again.prepare()

    assert again.is_usable()
    assert 0 < reserve.stat().st_size < before
    again.close()


def test_wal_keeps_its_space_on_a_full_disk(storage: Storage, tmp_path: Path) -> None:
    with storage.database.write() as session:
        client = add_session(session, "secret")
    store(storage, client)
    storage.database.reserve_space()
    wal = tmp_path / "deepsky.db-wal"
    before = wal.stat().st_size
    assert before > 0

    def work() -> None:
        if (tmp_path / "deepsky.db-reserve").exists():
            raise full_disk()

    storage.database.run_on_full_disk(work)

    assert wal.stat().st_size == before


def test_work_is_repeated_after_space_is_freed(storage: Storage, tmp_path: Path) -> None:
    storage.clean_up()
    reserve = tmp_path / "deepsky.db-reserve"
    assert reserve.stat().st_size == 4 << 20
    full = full_disk()
    attempts = []

    def work() -> int:
        attempts.append(reserve.exists())
        if reserve.exists():
            raise full
        return len(attempts)

    assert storage.database.run_on_full_disk(work) == 3
    assert attempts == [True, True, False]
    storage.database.reserve_space()
    assert reserve.exists()
