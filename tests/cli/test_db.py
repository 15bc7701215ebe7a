"""Tests for ``deepsky db``."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from deepsky.storage import Database, Storage
from deepsky.storage.clients import add_session
from tests.storing import store

Run = Callable[..., Result]


@pytest.fixture
def database(storage_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """URL of the server's database. Tests with this fixture run on SQLite and on PostgreSQL."""
    monkeypatch.setenv("DEEPSKY_DATABASE_URL", storage_url)
    return storage_url


@pytest.fixture
def image_sha256(data: Path, database: str) -> str:
    """Store an image and its classification, and return the SHA-256 of the image."""
    storage = Storage(database, data / "images")
    storage.database.upgrade()
    storage.prepare()
    with storage.database.write() as session:
        client = add_session(session, "secret")
    classification = store(storage, client)
    storage.close()
    return classification.image_sha256


def path_of(sha256: str, data: Path) -> Path:
    return data / "images" / sha256[:2] / sha256


@pytest.mark.usefixtures("database")
def test_upgrade_prints_the_revision(run: Run) -> None:
    first, second = run("db", "upgrade"), run("db", "upgrade")

    assert first.exit_code == second.exit_code == 0
    assert first.stdout.startswith("Created the tables of ")
    assert first.stdout.endswith("(revision 0008).\n")
    assert second.stdout.endswith("is up to date (revision 0008).\n")


@pytest.mark.usefixtures("database")
def test_check_of_missing_tables_suggests_upgrade(run: Run) -> None:
    result = run("db", "check")

    assert result.exit_code == 1
    assert "Run: deepsky db upgrade" in result.stderr


@pytest.mark.usefixtures("image_sha256")
def test_check_of_intact_data_succeeds(run: Run) -> None:
    result = run("db", "check")

    assert result.exit_code == 0
    assert "is up to date (revision 0008).\n" in result.stdout
    assert "0 images missing" in result.stdout


def test_check_reports_missing_images(run: Run, data: Path, image_sha256: str) -> None:
    path_of(image_sha256, data).unlink()
    result = run("db", "check", "--repair")

    assert result.exit_code == 1
    assert f"{image_sha256}: The image file is missing" in result.stdout
    assert "1 image missing, 0 images damaged, 0 images without classifications" in result.stdout


def test_check_contents_reports_damaged_images(run: Run, data: Path, image_sha256: str) -> None:
    path_of(image_sha256, data).write_bytes(b"something else")

    assert run("db", "check").exit_code == 0
    result = run("db", "check", "--contents")
    assert result.exit_code == 1
    assert f"{image_sha256}: The image file is damaged" in result.stdout
    assert "from a backup" in result.stdout


def test_repair_removes_images_without_classifications(
    run: Run, data: Path, image_sha256: str
) -> None:
    orphan = "0" * 64
    path_of(orphan, data).parent.mkdir()
    path_of(orphan, data).write_bytes(b"orphan")

    before = run("db", "check")
    assert before.exit_code == 1
    assert f"{orphan}: The image has no classifications" in before.stdout
    assert "deepsky db check --repair" in before.stdout
    assert "from a backup" not in before.stdout

    assert run("db", "check", "--repair").exit_code == 0
    assert not path_of(orphan, data).exists()
    assert path_of(image_sha256, data).exists()
    assert run("db", "check").exit_code == 0


def test_images_of_another_database_are_kept(
    run: Run, data: Path, image_sha256: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEEPSKY_DATABASE_URL", f"sqlite:///{tmp_path / 'other.db'}")
    run("db", "upgrade")

    for arguments in ((), ("--repair",)):
        result = run("db", "check", *arguments)
        assert result.exit_code == 1
        assert "belong to another database" in result.stderr
    assert path_of(image_sha256, data).exists()


@pytest.mark.usefixtures("image_sha256")
@pytest.mark.parametrize(
    "arguments", [("db", "upgrade"), ("db", "check"), ("keys", "list"), ("serve", "--port", "0")]
)
def test_no_tables_are_created_for_images_of_another_database(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    other = f"sqlite:///{tmp_path / 'other.db'}"
    monkeypatch.setenv("DEEPSKY_DATABASE_URL", other)
    result = run(*arguments)

    assert result.exit_code == 1
    assert "belong to another database" in result.stderr
    database = Database(other)
    assert database.current_revision() is None
    database.close()


def test_damaged_database_is_reported(run: Run, data: Path) -> None:
    data.mkdir()
    (data / "deepsky.db").write_text("This is not a database. " * 100)

    for arguments in (("db", "check"), ("db", "upgrade"), ("keys", "list")):
        result = run(*arguments)
        assert result.exit_code == 1
        assert "not a database" in result.stderr


@pytest.mark.parametrize(
    ("name", "value", "status", "reason"),
    [
        ("DEEPSKY_DATABASE_URL", "mysql://host/name", 1, "postgresql+psycopg://"),
        ("DEEPSKY_DATABASE_URL", "sqlite://", 1, "file name is missing"),
        ("DEEPSKY_DATA", "/dev/null", 1, "cannot be used"),
        ("DEEPSKY_PORT", "many", 2, "DEEPSKY_PORT"),
    ],
)
def test_invalid_setting_is_reported(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, status: int, reason: str
) -> None:
    monkeypatch.setenv(name, value)
    result = run("db", "check")

    assert result.exit_code == status
    assert reason in result.stderr


def test_help_does_not_import_the_database_library() -> None:
    heavy = {"alembic", "pydantic_settings", "sqlalchemy"}
    code = f"import sys, deepsky.cli; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "set()\n"
