"""Tests that resumed runs produce the same output as uninterrupted runs."""

import json
import os
import pty
import resource
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from typer.testing import Result

from tests.plain_image import plain_image

Run = Callable[..., Result]

COUNT = 24
HALF = COUNT // 2
FOLDER, OUTPUT = Path("images"), Path("all.jsonl")
PATIENCE = 60


def program(*arguments: object) -> list[str]:
    code = "from deepsky.cli import app; app()"
    return [sys.executable, "-c", code, "classify", *map(str, arguments)]


def write_images(folder: Path) -> None:
    """Write images and two files that cannot be read as images."""
    folder.mkdir()
    for number in range(COUNT):
        plain_image("RGB", (40, 30), (250, 8 * number, 20)).save(folder / f"{number:02}.png")
    (folder / "05.png").write_bytes(b"")
    (folder / "15.png").write_text("no image")


@contextmanager
def waiting(place: Path, models: Path) -> Iterator["subprocess.Popen[str]"]:
    """Yield a running command that has classified half of the images and waits for more paths."""
    with subprocess.Popen(
        program("--from", "-", "--output", OUTPUT),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=place,
        env=os.environ | {"DEEPSKY_MODELS": str(models)},
        # Restore SIGINT, which is ignored if a shell runs the tests in the background.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stdin is not None
        for number in range(HALF):
            process.stdin.write(f"{FOLDER}/{number:02}.png\n")
        process.stdin.flush()
        deadline = time.monotonic() + PATIENCE
        while sum(part.read_text().count("\n") for part in place.glob(".*.part")) < HALF:
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield process
        process.kill()


@pytest.fixture(scope="module")
def killed_once(tiny_models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder that contains images and the journal of a run that was killed halfway."""
    place = tmp_path_factory.mktemp("killed")
    write_images(place / FOLDER)
    with waiting(place, tiny_models) as process:
        process.send_signal(signal.SIGKILL)
    assert not (place / OUTPUT).exists()
    return place


@pytest.fixture
def killed(killed_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Change the current folder to a copy of `killed_once`; return its subfolder of images."""
    place = tmp_path / "killed"
    shutil.copytree(killed_once, place)
    monkeypatch.chdir(place)
    return FOLDER


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Folder that contains images but no journal."""
    write_images(tmp_path / FOLDER)
    return tmp_path


def lines() -> list[str]:
    return OUTPUT.read_text().splitlines()


def hidden(place: Path = Path()) -> list[str]:
    return [path.name for path in place.glob(".*")]


def shown_on(terminal: int) -> Iterator[bytes]:
    """Yield the text that programs write to a pseudo-terminal, until the terminal is closed."""
    with suppress(OSError):
        while shown := os.read(terminal, 4096):
            yield shown


def test_progress_does_not_consume_a_list_from_a_pipe(place: Path, tiny_models: Path) -> None:
    watched, terminal = pty.openpty()
    listed = [f"{FOLDER}/{number:02}.png" for number in (0, 1, 5)]
    with subprocess.Popen(
        program("--from", "-", "--output", OUTPUT, "--summary", "summary"),
        stdin=subprocess.PIPE,
        stderr=terminal,
        cwd=place,
        env=os.environ | {"DEEPSKY_MODELS": str(tiny_models)},
    ) as process:
        os.close(terminal)
        assert process.stdin is not None
        process.stdin.write("\n".join(listed).encode())
        process.stdin.close()
        shown = b"".join(shown_on(watched))
    os.close(watched)

    assert process.returncode == 1
    assert b"3 images: 2 classified, 1 could not be read." in shown
    records = (place / OUTPUT).read_text().splitlines()
    assert [json.loads(record)["path"] for record in records] == listed
    assert (place / "summary" / "summary.html").read_text().count("data:image/jpeg") >= 2


def test_resumed_run_writes_the_same_output_as_an_uninterrupted_one(run: Run, killed: Path) -> None:
    result = run("classify", killed, "--output", OUTPUT)

    assert result.exit_code == 1
    assert f"Resuming: {HALF - 1} images" in result.stderr
    assert f"2 of {COUNT} images could not be read; {OUTPUT} contains the reasons." in result.stderr
    assert OUTPUT.read_text() == run("classify", killed, "--format", "jsonl").stdout
    assert hidden() == []


def test_files_in_the_journal_are_not_read_again(run: Run, killed: Path) -> None:
    """A file is considered unchanged if its size and modification time are the same."""
    path = killed / "00.png"
    times = path.stat()
    path.write_bytes(b"?" * times.st_size)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    run("classify", killed, "--output", OUTPUT)

    assert json.loads(lines()[0])["label"] == "nebula"


def test_resumed_run_handles_changed_new_and_deleted_files(run: Run, killed: Path) -> None:
    plain_image("RGB", (40, 30), (0, 0, 255)).save(killed / "02.png")
    plain_image("RGB", (41, 30), (0, 255, 0)).save(killed / "02a.png")
    (killed / "03.png").unlink()
    os.utime(killed / "04.png")

    result = run("classify", killed, "--output", OUTPUT)

    assert f"Resuming: {HALF - 1} images" in result.stderr
    assert OUTPUT.read_text() == run("classify", killed, "--format", "jsonl").stdout
    labels = {Path(r["path"]).name: r["label"] for r in map(json.loads, lines())}
    assert (labels["02.png"], labels["02a.png"]) == ("star_cluster", "other")
    assert "03.png" not in labels


def test_unreadable_files_are_read_again(run: Run, killed: Path) -> None:
    plain_image("RGB", (40, 30), (0, 0, 255)).save(killed / "05.png")

    run("classify", killed, "--output", OUTPUT)

    assert json.loads(lines()[5])["label"] == "star_cluster"


@pytest.mark.parametrize(
    ("options", "difference"),
    [
        (["--time-limit", "5"], "time_limit was 60, now 5"),
        (["--format", "json"], "format was jsonl, now json"),
        (["--min-confidence", "0.5"], "min_confidence was 0, now 0.5"),
    ],
)
def test_changed_settings_are_refused_until_restart(
    run: Run, killed: Path, options: list[str], difference: str
) -> None:
    refused = run("classify", killed, "--output", OUTPUT, *options)

    assert refused.exit_code == 2
    assert difference in refused.stderr
    assert "--restart" in refused.stderr
    assert not OUTPUT.exists()

    result = run("classify", killed, "--output", OUTPUT, *options, "--restart")

    assert result.exit_code == 1
    assert "Resuming" not in result.stderr
    assert hidden() == []


def test_changed_model_version_is_refused(
    run: Run, killed: Path, tiny_models: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    newer = tmp_path / "models" / "efficientnet"
    newer.mkdir(parents=True)
    for file in (tiny_models / "efficientnet").iterdir():
        (newer / file.name).write_bytes(file.read_bytes().replace(b'"0.0.1"', b'"0.0.2"'))
    monkeypatch.setenv("DEEPSKY_MODELS", str(newer.parent))

    refused = run("classify", killed, "--output", OUTPUT)

    assert refused.exit_code == 2
    assert "model_version was 0.0.1, now 0.0.2" in refused.stderr


def test_number_of_workers_may_change(run: Run, killed: Path) -> None:
    assert run("classify", killed, "--output", OUTPUT, "--workers", "1").exit_code == 1


def test_second_run_of_the_same_output_is_refused(
    run: Run, place: Path, tiny_models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    with waiting(place, tiny_models):
        for options in ([], ["--restart"]):
            second = run("classify", FOLDER, "--output", OUTPUT, *options)

            assert second.exit_code == 2
            assert f"Another run is writing {OUTPUT}" in second.stderr


def test_ctrl_c_explains_how_to_resume(place: Path, tiny_models: Path) -> None:
    with waiting(place, tiny_models) as process:
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=PATIENCE)

    assert process.returncode == 130
    assert stderr.strip() == "deepsky: interrupted. Run the same command again to resume."
    assert hidden(place) == [f".{OUTPUT}.journal"]


def test_run_on_an_archive_resumes(run: Run, killed: Path) -> None:
    packed = Path("images.tar.gz")
    with tarfile.open(packed, "w:gz") as archive:
        archive.add(killed, "night")

    run("classify", packed, killed, "--output", OUTPUT)

    paths = [json.loads(line)["path"] for line in lines()]
    assert sorted(paths[:COUNT]) == [
        f"{packed}/night/{path.name}" for path in sorted(killed.iterdir())
    ]
    assert paths[COUNT:] == [str(path) for path in sorted(killed.iterdir())]


def test_run_stopped_by_a_full_disk_can_be_resumed(
    run: Run, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))

    monkeypatch.chdir(place)
    full = subprocess.run(
        program(FOLDER, "--output", OUTPUT), capture_output=True, text=True, preexec_fn=little_room
    )
    again = run("classify", FOLDER, "--output", OUTPUT)

    assert full.returncode == 1
    assert "Traceback" not in full.stderr
    assert f".{OUTPUT}.journal cannot be used: " in full.stderr
    assert again.stderr.startswith("Resuming: ")
    assert len(lines()) == COUNT
