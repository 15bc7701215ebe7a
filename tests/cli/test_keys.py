"""Tests for ``deepsky keys``."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import Result

from deepsky.storage import Storage
from deepsky.storage.clients import find_key

Run = Callable[..., Result]


def is_valid(key: str, data: Path) -> bool:
    storage = Storage(f"sqlite:///{data / 'deepsky.db'}", data / "images")
    with storage.database.read() as session:
        found = find_key(session, key)
    storage.close()
    return found is not None


def test_add_prints_only_the_key_to_standard_output(run: Run, data: Path) -> None:
    result = run("keys", "add", "observatory")
    [key] = result.stdout.split()

    assert result.exit_code == 0
    assert "cannot be shown again" in result.stderr
    assert is_valid(key, data)
    assert key not in run("keys", "list").output


def test_data_folder_may_have_special_characters(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "seen? 50%20 #1"
    monkeypatch.setenv("DEEPSKY_DATA", str(folder))
    result = run("keys", "add", "observatory")

    assert result.exit_code == 0
    assert (folder / "deepsky.db").is_file()
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


def test_list_prints_names_and_dates(run: Run) -> None:
    assert run("keys", "list").stdout == ""
    names = ["first", "[red]second", "Sternwarte Süd"]
    for name in names:
        run("keys", "add", name)
    listed = run("keys", "list").stdout

    assert all(name in listed for name in names)
    assert listed.count(f"{datetime.now(UTC):%Y-%m-}") == 3


def test_revoked_key_is_invalid(run: Run, data: Path) -> None:
    key = run("keys", "add", "observatory").stdout.strip()
    kept = run("keys", "add", "telescope").stdout.strip()

    assert run("keys", "revoke", "observatory").exit_code == 0
    assert (is_valid(key, data), is_valid(kept, data)) == (False, True)
    assert "observatory" not in run("keys", "list").stdout


def test_duplicate_name_is_refused(run: Run) -> None:
    run("keys", "add", "observatory")
    result = run("keys", "add", "observatory")

    assert (result.exit_code, result.stdout) == (1, "")
    assert "already" in result.stderr


def test_revoking_unknown_name_lists_the_names(run: Run) -> None:
    run("keys", "add", "observatory")
    result = run("keys", "revoke", "telescope")

    assert result.exit_code == 1
    assert "Keys in use: observatory" in result.stderr


@pytest.mark.parametrize("name", ["", " ", "a\nb", "\x1b[2J", "x" * 201])
def test_invalid_name_is_usage_error(run: Run, name: str) -> None:
    assert run("keys", "add", name).exit_code == 2


def test_keys_on_postgresql_need_upgraded_tables(
    run: Run, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEEPSKY_DATABASE_URL", postgresql_url)
    assert "Run: deepsky db upgrade" in run("keys", "add", "observatory").stderr
    run("db", "upgrade")
    assert run("keys", "add", "observatory").stdout.startswith("dsk_")
