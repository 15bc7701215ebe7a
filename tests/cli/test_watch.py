"""`deepsky watch`, run as a process, while files are written to the folder."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import Result

from tests.plain_image import plain_image

Run = Callable[..., Result]

PATIENCE = 90
COLOURS = {"galaxy": (255, 230, 0), "nebula": (255, 0, 0), "star_cluster": (0, 0, 255)}


def write_image(path: Path, label: str = "galaxy") -> None:
    plain_image("RGB", (40, 30), COLOURS[label]).save(path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "night"
    folder.mkdir()
    return folder


@contextmanager
def watching(folder: Path, models: Path, *options: object) -> Iterator["subprocess.Popen[str]"]:
    """Run the command in another process, and yield it when it watches the folder."""
    code = "from deepsky.cli import app; app()"
    command = [sys.executable, "-c", code, "watch", folder, "--settle", 0.3, *options]
    with subprocess.Popen(
        [str(each) for each in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder.parent,
        env=os.environ | {"DEEPSKY_MODELS": str(models), "PYTHONUNBUFFERED": "1"},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        try:
            assert process.stderr is not None
            for line in process.stderr:
                if line.startswith("Watching"):
                    break
            assert process.poll() is None
            yield process
        finally:
            process.kill()


def wait_for(output: Path, count: int) -> list[dict[str, object]]:
    """Wait until a JSON Lines file has a number of lines, and return its records."""
    deadline = time.monotonic() + PATIENCE
    while True:
        lines = output.read_text().splitlines(keepends=True) if output.exists() else []
        if len(lines) >= count and lines[-1].endswith("\n"):
            return [json.loads(line) for line in lines]
        assert time.monotonic() < deadline, lines
        time.sleep(0.05)


def stop(process: "subprocess.Popen[str]", number: int = signal.SIGINT) -> tuple[str, str]:
    process.send_signal(number)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    return out, err


def names(records: list[dict[str, object]]) -> list[str]:
    return [Path(str(record["path"])).name for record in records]


def test_files_are_classified_when_they_are_complete(folder: Path, tiny_models: Path) -> None:
    output = folder.parent / "all.jsonl"
    write_image(folder / "present.png", "nebula")
    with watching(folder, tiny_models, "-o", output) as process:
        assert names(wait_for(output, 1)) == ["present.png"]

        (folder / "log.txt").write_text("not an image")
        (folder / "later").mkdir()
        content = (folder / "present.png").read_bytes()
        (folder / "renamed.png.part").write_bytes(content[:50])
        with (folder / "later" / "growing.png").open("wb", buffering=0) as file:
            for byte in content:  # slower than the search, faster than --settle
                file.write(bytes([byte]))
                time.sleep(1.5 / len(content))
        records = wait_for(output, 2)
        assert (names(records)[1], records[1]["error"]) == ("growing.png", None)

        (folder / "renamed.png.part").write_bytes(content)
        (folder / "renamed.png.part").rename(folder / "renamed.png")
        assert names(wait_for(output, 3))[2] == "renamed.png"
        out, err = stop(process)

    assert "3 classified." in err
    assert out.count("nebula") == 3


def test_changed_file_is_classified_again(folder: Path, tiny_models: Path) -> None:
    output = folder.parent / "all.jsonl"
    write_image(folder / "a.png", "galaxy")
    with watching(folder, tiny_models, "-o", output) as process:
        wait_for(output, 1)
        write_image(folder / "a.png", "star_cluster")
        records = wait_for(output, 2)
        stop(process)

    assert [record["label"] for record in records] == ["galaxy", "star_cluster"]


def test_watching_again_continues_after_a_kill(folder: Path, tiny_models: Path) -> None:
    output = folder.parent / "all.jsonl"
    write_image(folder / "a.png")
    with watching(folder, tiny_models, "-o", output) as process:
        wait_for(output, 1)
        time.sleep(0.5)
        process.send_signal(signal.SIGKILL)
        process.wait()
    with output.open("a") as file:
        file.write('{"path": "torn')
    write_image(folder / "b.png")

    with watching(folder, tiny_models, "-o", output) as process:
        records = wait_for(output, 2)
        _, err = stop(process, signal.SIGTERM)

    assert names(records) == ["a.png", "b.png"]
    assert "1 classified." in err


def test_csv_has_one_header_over_several_runs(folder: Path, tiny_models: Path) -> None:
    output = folder.parent / "all.csv"
    for name in ("a.png", "b.png"):
        write_image(folder / name)
        with watching(folder, tiny_models, "-o", output) as process:
            deadline = time.monotonic() + PATIENCE
            while not (output.exists() and name in output.read_text()):
                assert time.monotonic() < deadline
                time.sleep(0.05)
            stop(process)

    with output.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [Path(row["path"]).name for row in rows] == ["a.png", "b.png"]


def test_records_are_streamed_to_standard_output(folder: Path, tiny_models: Path) -> None:
    write_image(folder / "old.png")
    options = ("--format", "jsonl", "--only-new", "--sort-into", folder.parent / "sorted")
    with watching(folder, tiny_models, *options) as process:
        write_image(folder / "new.png", "nebula")
        assert process.stdout is not None
        record = json.loads(process.stdout.readline())
        stop(process)

    assert Path(record["path"]).name == "new.png"
    assert (folder.parent / "sorted" / "nebula" / "confident" / "new.png").exists()


def test_unreadable_file_does_not_stop_the_command(folder: Path, tiny_models: Path) -> None:
    output = folder.parent / "all.jsonl"
    with watching(folder, tiny_models, "-o", output) as process:
        (folder / "damaged.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
        assert wait_for(output, 1)[0]["error"]
        write_image(folder / "good.png")
        assert wait_for(output, 2)[1]["label"] == "galaxy"
        _, err = stop(process)

    assert "1 classified, 1 could not be read." in err


def test_folder_that_is_removed_and_returns_is_watched(folder: Path, tiny_models: Path) -> None:
    output = folder.parent / "all.jsonl"
    with watching(folder, tiny_models, "-o", output) as process:
        shutil.rmtree(folder)
        time.sleep(1.2)
        folder.mkdir()
        write_image(folder / "a.png")
        assert names(wait_for(output, 1)) == ["a.png"]
        stop(process)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--output", "all.parquet"], "jsonl or csv, not parquet"),
        (["--format", "table"], "jsonl or csv, not table"),
        (["--placing", "copy"], "--sort-into"),
        (["--model", "vgg99"], "efficientnet"),
    ],
)
def test_invalid_command_is_exit_status_2(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], reason: str
) -> None:
    monkeypatch.chdir(folder.parent)

    result = run("watch", folder, *options)

    assert result.exit_code == 2
    assert reason in result.stderr
