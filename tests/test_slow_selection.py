"""scripts/needs-slow-tests selects the slow tests if files covered by these tests have changed."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent / "scripts" / "needs-slow-tests"
IDENTITY = ("-c", "user.name=deepsky", "-c", "user.email=deepsky@example.org")


def git(folder: Path, *arguments: str, date: str = "") -> None:
    command = ["git", "-C", str(folder), *IDENTITY, *arguments]
    environment = os.environ | ({"GIT_COMMITTER_DATE": date} if date else {})
    subprocess.run(command, check=True, capture_output=True, env=environment)


def commit(repository: Path, *names: str, date: str = "") -> None:
    for name in names:
        path = repository / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{path.exists()}", encoding="utf-8")
    git(repository, "add", ".")
    git(repository, "commit", "--message", "change", date=date)


def needs_slow_tests(repository: Path) -> bool:
    script = repository / "scripts" / SCRIPT.name
    return subprocess.run([script], capture_output=True).returncode == 0


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository that contains the script. Its main branch has one commit, dated years ago."""
    (tmp_path / "scripts").mkdir()
    shutil.copy2(SCRIPT, tmp_path / "scripts")
    git(tmp_path, "init", "--initial-branch", "main")
    commit(tmp_path, "README.md", date="2020-01-01T00:00:00Z")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("src/deepsky/training/fitting.py", True),
        ("tests/models/test_card.py", True),
        ("Dockerfile", True),
        ("README.md", False),
        ("src/deepsky/server/app.py", False),
    ],
)
def test_changed_file_decides(repository: Path, name: str, expected: bool) -> None:
    commit(repository, name)
    assert needs_slow_tests(repository) == expected


def test_all_commits_of_a_branch_count(repository: Path) -> None:
    git(repository, "checkout", "-b", "feature")
    commit(repository, "src/deepsky/models/card.py")
    commit(repository, "README.md")
    assert needs_slow_tests(repository)


def test_all_commits_of_the_last_day_on_main_count(repository: Path) -> None:
    commit(repository, "src/deepsky/models/card.py")
    commit(repository, "README.md")
    assert needs_slow_tests(repository)


def test_older_commits_on_main_do_not_count(repository: Path) -> None:
    commit(repository, "src/deepsky/models/card.py", date="2020-01-02T00:00:00Z")
    commit(repository, "README.md")
    assert not needs_slow_tests(repository)


def test_uncommitted_files_count(repository: Path) -> None:
    commit(repository, "README.md")
    (repository / "hatch_build.py").touch()
    assert needs_slow_tests(repository)


def test_unknown_changes_need_slow_tests(repository: Path) -> None:
    shutil.rmtree(repository / ".git")
    assert needs_slow_tests(repository)
