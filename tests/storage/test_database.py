"""Tests for the database's migrations, transactions and URLs."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Timer

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, select, text

from deepsky.errors import StorageError
from deepsky.storage import Database, Storage
from deepsky.storage.clients import add_session
from deepsky.storage.database import MIGRATIONS
from deepsky.storage.feedback import Assessment, record_feedback
from deepsky.storage.tables import Base, Classification, Feedback
from tests.storing import store


@contextmanager
def opened(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.close()


def start_program(code: str, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_migrations_create_the_mapped_tables(storage: Storage) -> None:
    with storage.database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_constraints_have_their_conventional_names(storage: Storage) -> None:
    found = inspect(storage.database.engine)
    for table in Base.metadata.sorted_tables:
        names = {found.get_pk_constraint(table.name)["name"]}
        names |= {each["name"] for each in found.get_foreign_keys(table.name)}
        names |= {each["name"] for each in found.get_unique_constraints(table.name)}
        assert names == {each.name for each in table.constraints}


def test_migrations_can_be_reverted(storage: Storage) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with storage.database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")

    assert inspect(storage.database.engine).get_table_names() == ["alembic_version"]
    storage.database.upgrade()
    storage.database.require_upgraded()


def test_repeated_upgrade_changes_nothing(storage: Storage, client: int) -> None:
    classification = store(storage, client)
    storage.database.upgrade()

    with storage.database.read() as session:
        assert session.get_one(Classification, classification.number).id == classification.id


def test_outdated_tables_are_an_error(storage_url: str) -> None:
    with opened(storage_url) as database:
        with pytest.raises(StorageError, match=r"is at migration none.*0008.*deepsky db upgrade"):
            database.require_upgraded()
        database.upgrade()
        database.require_upgraded()


def test_database_of_newer_version_is_an_error(storage: Storage) -> None:
    with storage.database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(StorageError, match=r"9999.*newer"):
        storage.database.require_upgraded()
    with pytest.raises(StorageError, match=r"9999.*newer"):
        storage.database.upgrade()


def test_processes_upgrade_concurrently(storage_url: str) -> None:
    code = (
        "import sys; from deepsky.storage import Database; database = Database(sys.argv[1]);"
        "print(flush=True); input(); database.upgrade(); database.require_upgraded()"
    )
    programs = [start_program(code, storage_url) for _ in range(3)]
    for program in programs:
        assert program.stdout is not None
        program.stdout.readline()
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("\n")
        program.stdin.flush()

    assert [program.communicate()[1] for program in programs] == [""] * 3


def test_copied_table_keeps_referring_rows(
    storage: Storage, client: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To alter a table, SQLite copies it and drops the original. Referring rows must be kept."""
    classification = store(storage, client)
    with storage.database.write() as session:
        record_feedback(session, classification, client, Assessment("correct", "galaxy"))
    versions = tmp_path / "migrations" / "versions"
    versions.mkdir(parents=True)
    for path in (*MIGRATIONS.glob("*.*"), *MIGRATIONS.glob("versions/*.py")):
        (tmp_path / "migrations" / path.relative_to(MIGRATIONS)).write_bytes(path.read_bytes())
    (versions / "9000_next.py").write_text(
        "import sqlalchemy as sa\n"
        "from alembic import op\n"
        "revision, down_revision = '9000', '0008'\n"
        "def upgrade():\n"
        "    with op.batch_alter_table('classifications', recreate='auto') as table:\n"
        "        table.alter_column('path', type_=sa.String(2000))\n",
        "utf-8",
    )
    monkeypatch.setattr("deepsky.storage.database.MIGRATIONS", tmp_path / "migrations")
    storage.database.upgrade()

    with storage.database.engine.connect() as connection:
        assert storage.database.revision(connection) == "9000"
    with storage.database.read() as session:
        assert [each.verdict for each in session.scalars(select(Feedback))] == ["correct"]
    assert storage.check().is_consistent
    with storage.database.write() as session:  # Foreign keys are enforced again after a migration.
        session.delete(session.get_one(Classification, classification.number))
    with storage.database.read() as session:
        assert session.scalars(select(Feedback)).all() == []


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "mysql://host/name",
        "mysql+nothing://host/name",
        "postgresql+nothing://host/name",
        "postgresql+psycopg://deepsky:swordfish@host:port/name",
    ],
)
def test_invalid_database_url_is_an_error(url: str) -> None:
    with pytest.raises(StorageError, match="is invalid") as refusal:
        Database(url)
    assert "swordfish" not in str(refusal.value)


def test_error_of_unreachable_database_hides_the_password(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://deepsky:swordfish@/name?host={tmp_path}"
    with opened(url) as database:
        with pytest.raises(StorageError, match="cannot be reached") as refusal:
            database.require_upgraded()
        with pytest.raises(StorageError, match="cannot be upgraded"):
            database.upgrade()
    assert "swordfish" not in str(refusal.value)


def test_database_file_in_missing_folder_is_an_error(tmp_path: Path) -> None:
    with (
        opened(f"sqlite:///{tmp_path / 'nowhere' / 'deepsky.db'}") as database,
        pytest.raises(StorageError, match=r"nowhere.*unable to open"),
    ):
        database.upgrade()


def test_times_are_returned_in_utc(storage: Storage, client: int) -> None:
    before = datetime.now(UTC)
    classification = store(storage, client)
    with storage.database.read() as session:
        found = session.get_one(Classification, classification.number)

    assert before <= found.created_at == classification.created_at <= datetime.now(UTC)
    for moment in (found.created_at, found.image.created_at):
        assert moment.tzinfo is UTC


def test_failed_transaction_changes_nothing(storage: Storage) -> None:
    def fail() -> None:
        with storage.database.write() as session:
            add_session(session, "secret")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    with storage.database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM clients")) == 0


def test_writers_wait_for_each_other(storage: Storage) -> None:
    """Concurrent writers wait for each other. By default, SQLite would fail immediately."""
    with storage.database.write() as session:
        session.execute(text("CREATE TABLE tally (count INTEGER)"))
        session.execute(text("INSERT INTO tally VALUES (0)"))

    def count(_: int) -> None:
        for _ in range(25):
            with storage.database.write() as session:
                before = session.scalar(text("SELECT count FROM tally"))
                assert before is not None
                session.execute(text("UPDATE tally SET count = count + 1"))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(count, range(4)))
    with storage.database.read() as session:
        assert session.scalar(text("SELECT count FROM tally")) == 100


def test_opening_waits_for_another_process(tmp_path: Path) -> None:
    file = tmp_path / "deepsky.db"
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE begun (id)")
    other.execute("BEGIN IMMEDIATE")  # makes enabling WAL fail immediately
    ending = Timer(0.5, lambda: other.execute("COMMIT"))
    ending.start()

    database = Database(f"sqlite:///{file}")
    database.upgrade()
    database.close()
    ending.join()
    other.close()
