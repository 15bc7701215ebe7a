"""Migrations preserve the rows of older databases and can be reverted."""

import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect, text

from deepsky.errors import StorageError
from deepsky.storage import Database, Storage
from deepsky.storage.classifications import find_classification, pack_evidence, unpack_evidence
from deepsky.storage.database import MIGRATIONS
from deepsky.storage.tables import StoredImage

ID = "a" * 32
SHA256 = "b" * 64
EVIDENCE = np.arange(16, dtype=np.float32).reshape(4, 2, 2)
CREATED = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


@contextmanager
def alembic(database: Database) -> Iterator[tuple[Config, Connection]]:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database._migration() as connection:
        config.attributes["connection"] = connection
        yield config, connection


def insert(connection: Connection, table: str, **values: Any) -> None:
    columns, names = ", ".join(values), ", ".join(f":{name}" for name in values)
    connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({names})"), values)


def insert_rows_of_0001(connection: Connection, client: int) -> None:
    """Insert an image, a classification and feedback into tables at migration 0001."""
    created = CREATED.isoformat(" ")
    size = {"bytes": 100, "width": 64, "height": 48}
    insert(connection, "pictures", sha256=SHA256, format="PNG", created_at=created, **size)
    insert(
        connection,
        "classifications",
        number=7,
        id=ID,
        client_id=client,
        picture_sha256=SHA256,
        created_at=created,
        path="M51.fits",
        label="galaxy",
        verdict="confident",
        confidence=0.9,
        probabilities='{"galaxy": 0.9, "nebula": 0.1, "star_cluster": 0.0, "other": 0.0}',
        prediction_set='["galaxy"]',
        novelty=0.125,
        model="efficientnet",
        model_version="1.0.0",
        model_sha256="e" * 64,
        decode_ms=1.5,
        infer_ms=2.5,
        evidence=pack_evidence(EVIDENCE),
    )
    insert(
        connection,
        "feedback",
        number=3,
        classification=7,
        client_id=client,
        created_at=created,
        verdict="correct",
        label="galaxy",
    )


@pytest.fixture
def old_database(storage_url: str) -> Iterator[Database]:
    """Yield a database at migration 0001 with one classification, created by client 1."""
    database = Database(storage_url)
    with alembic(database) as (config, _):
        command.upgrade(config, "0001")
    with database.write() as session:
        values = {"id": 1, "kind": "session", "secret_sha256": "secret"}
        insert(session.connection(), "clients", created_at=CREATED.isoformat(" "), **values)
        insert_rows_of_0001(session.connection(), 1)
    yield database
    database.close()


def names(database: Database) -> set[str]:
    """Return the names of all tables, columns, constraints and indexes of a database."""
    found = inspect(database.engine)
    all_names = set(found.get_table_names())
    for table in found.get_table_names():
        all_names |= {column["name"] for column in found.get_columns(table)}
        all_names |= {str(found.get_pk_constraint(table)["name"])}
        for each in (
            *found.get_foreign_keys(table),
            *found.get_unique_constraints(table),
            *found.get_indexes(table),
        ):
            all_names.add(str(each["name"]))
    return all_names


def test_upgrade_to_0002_keeps_rows_and_renames_everything(
    old_database: Database, storage_url: str, tmp_path: Path
) -> None:
    old_database.upgrade()

    storage = Storage(storage_url, tmp_path / "images")
    with storage.database.read() as session:
        found = find_classification(session, 1, ID)
        assert found is not None
        classification, feedback = found
        assert classification.image_sha256 == SHA256
        assert classification.number == 7
        assert classification.prediction_set == ["galaxy"]
        assert classification.created_at == CREATED
        np.testing.assert_array_equal(unpack_evidence(classification), EVIDENCE)
        assert feedback is not None
        assert (feedback.number, feedback.verdict) == (3, "correct")
        assert (feedback.second_label, feedback.blind) == (None, False)
        image = session.get_one(StoredImage, SHA256)
        assert (image.bytes, image.width, image.height, image.format) == (100, 64, 48, "PNG")
    assert storage.check().missing == [SHA256]
    assert storage.check().database == []
    assert not [name for name in names(storage.database) if "picture" in name]
    storage.close()


def test_downgrade_to_0001_keeps_rows(old_database: Database) -> None:
    before = names(old_database)
    old_database.upgrade()
    with alembic(old_database) as (config, _):
        command.downgrade(config, "0001")

    assert names(old_database) == before
    with old_database.read() as session:
        row = session.execute(
            text(
                "SELECT p.width, c.number, f.verdict FROM pictures p "
                "JOIN classifications c ON c.picture_sha256 = p.sha256 "
                "JOIN feedback f ON f.classification = c.number"
            )
        ).one()
    assert tuple(row) == (64, 7, "correct")
    old_database.upgrade()
    old_database.require_upgraded()


def test_upgrade_erases_what_older_versions_deleted(tmp_path: Path) -> None:
    path = tmp_path / "deepsky.db"
    database = Database(f"sqlite:///{path}")
    with alembic(database) as (config, _):
        command.upgrade(config, "0001")
    database.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA secure_delete = OFF")
        rows = [(str(number), 1, 1, 1, f"mark{number}", "2026") for number in range(500)]
        connection.executemany("INSERT INTO pictures VALUES (?, ?, ?, ?, ?, ?)", rows)
        connection.execute("DELETE FROM pictures")
        connection.commit()
    assert b"mark" in path.read_bytes()

    database = Database(f"sqlite:///{path}")
    database.upgrade()

    assert b"mark" not in path.read_bytes()
    assert b"mark" not in (tmp_path / "deepsky.db-wal").read_bytes()
    with database.read() as session:
        assert session.scalar(text("SELECT COUNT(*) FROM images")) == 0
    database.close()


def make_old_folder(data: Path) -> str:
    """Store an image in a folder named ``pictures``, as older versions did; return the SHA-256."""
    storage = Storage(f"sqlite:///{data / 'deepsky.db'}", data / "images")
    storage.prepare()
    with storage.images.receive(io.BytesIO(b"an image")) as incoming:
        storage.images.save(incoming)
    storage.close()
    (data / "images").rename(data / "pictures")
    return incoming.sha256


def test_folder_of_older_version_is_renamed(tmp_path: Path) -> None:
    sha256 = make_old_folder(tmp_path)

    storage = Storage(f"sqlite:///{tmp_path / 'deepsky.db'}", tmp_path / "images")
    storage.prepare()
    assert storage.images.path(sha256).read_bytes() == b"an image"
    assert not (tmp_path / "pictures").exists()
    storage.close()


def test_both_folders_are_an_error(tmp_path: Path) -> None:
    make_old_folder(tmp_path)
    (tmp_path / "images").mkdir()

    with pytest.raises(StorageError, match=r"Both .*pictures and .*images exist"):
        Storage(f"sqlite:///{tmp_path / 'deepsky.db'}", tmp_path / "images")


def test_another_process_may_rename_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = make_old_folder(tmp_path)
    is_dir = Path.is_dir

    def is_dir_then_renamed(path: Path) -> bool:
        result = is_dir(path)
        if path == tmp_path / "pictures" / "incoming" and result:
            (tmp_path / "pictures").rename(tmp_path / "images")
        return result

    monkeypatch.setattr(Path, "is_dir", is_dir_then_renamed)

    storage = Storage(f"sqlite:///{tmp_path / 'deepsky.db'}", tmp_path / "images")
    assert storage.images.contains(sha256)
    storage.close()


def test_unrelated_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "holiday.jpg").write_bytes(b"the sea")

    Storage(f"sqlite:///{tmp_path / 'deepsky.db'}", tmp_path / "images").close()
    assert (tmp_path / "pictures" / "holiday.jpg").read_bytes() == b"the sea"
