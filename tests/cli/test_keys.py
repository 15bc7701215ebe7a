"""``deepsky keys``: a key is shown once, and opens nothing once it is revoked."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import Result

from deepsky.storage import Storage
from deepsky.storage.clients import find_key

Run = Callable[..., Result]


def opens(key: str, data: Path) -> bool:
    storage = Storage(f"sqlite:///{data / 'deepsky.db'}", data / "images")
    with storage.database.read() as session:
        found = find_key(session, key)
    storage.close()
    return found is not None


def test_standard_output_is_the_key_alone(run: Run, data: Path) -> None:
    result = run("keys", "add", "observatory")
    [key] = result.stdout.split()

    assert result.exit_code == 0
    assert "shown this once" in result.stderr
    assert opens(key, data)
    assert key not in run("keys", "list").output


def test_the_database_is_in_the_folder_whatever_that_is_called(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "seen? 50%20 #1"
    monkeypatch.setenv("DEEPSKY_DATA", str(folder))
    result = run("keys", "add", "observatory")

    assert result.exit_code == 0
    assert (folder / "deepsky.db").is_file()
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


def test_the_list_tells_names_and_dates(run: Run) -> None:
    assert run("keys", "list").stdout == ""
    names = ["first", "[red]second", "Sternwarte Süd"]
    for name in names:
        run("keys", "add", name)
    listed = run("keys", "list").stdout

    assert all(name in listed for name in names)
    assert listed.count(f"{datetime.now(UTC):%Y-%m-}") == 3


def test_a_revoked_key_opens_nothing(run: Run, data: Path) -> None:
    key = run("keys", "add", "observatory").stdout.strip()
    kept = run("keys", "add", "telescope").stdout.strip()

    assert run("keys", "revoke", "observatory").exit_code == 0
    assert (opens(key, data), opens(kept, data)) == (False, True)
    assert "observatory" not in run("keys", "list").stdout


def test_a_name_in_use_is_refused(run: Run) -> None:
    run("keys", "add", "observatory")
    result = run("keys", "add", "observatory")

    assert (result.exit_code, result.stdout) == (1, "")
    assert "already" in result.stderr


def test_an_unknown_name_is_refused(run: Run) -> None:
    run("keys", "add", "observatory")
    result = run("keys", "revoke", "telescope")

    assert result.exit_code == 1
    assert "Keys in use: observatory" in result.stderr


@pytest.mark.parametrize("name", ["", " ", "a\nb", "\x1b[2J", "x" * 201])
def test_a_name_that_makes_no_sense_is_a_usage_error(run: Run, name: str) -> None:
    assert run("keys", "add", name).exit_code == 2


def test_keys_on_postgresql_wait_for_the_upgrade(
    run: Run, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEEPSKY_DATABASE_URL", postgresql_url)
    assert "Run: deepsky db upgrade" in run("keys", "add", "observatory").stderr
    run("db", "upgrade")
    assert run("keys", "add", "observatory").stdout.startswith("dsk_")
