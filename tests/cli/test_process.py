"""Tests for the process of a command: locale, standard streams and terminals."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = "from deepsky.cli import app; app()"


def run(
    *arguments: str | Path, models: Path, redirect: str = "", **environment: str
) -> "subprocess.CompletedProcess[bytes]":
    """Run a command in a process of its own, with redirections of a shell."""
    return subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {redirect}', "sh", sys.executable, "-c", COMMAND, *arguments],
        env={**os.environ, "DEEPSKY_MODELS": str(models), **environment},
        capture_output=True,
        check=False,
        timeout=100,
    )


def test_closed_standard_output_is_reported(tiny_models: Path, image: Path, tmp_path: Path) -> None:
    result = run("classify", image, models=tiny_models, redirect=">&-")

    assert result.returncode == 2
    assert result.stderr == (
        b"deepsky: Standard output is closed. Write the records to a file (--output).\n"
    )
    output = tmp_path / "all.json"
    result = run("classify", image, "--output", output, models=tiny_models, redirect="<&- >&- 2>&-")
    assert result.returncode == 0
    assert json.loads(output.read_text())[0]["label"] == "galaxy"


def test_closed_standard_input_is_reported(tiny_models: Path) -> None:
    result = run("classify", "--from", "-", models=tiny_models, redirect="<&-")

    assert result.returncode == 1
    assert result.stderr == (
        b"deepsky: Standard input is closed, so no list can be read from it.\n"
    )


def test_paths_are_utf8_in_any_locale(tiny_models: Path, image: Path, tmp_path: Path) -> None:
    renamed = image.rename(tmp_path / "銀河é.png")
    output = tmp_path / "all.json"
    locale = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    result = run("classify", tmp_path, "--output", output, models=tiny_models, **locale)

    assert result.returncode == 0, result.stderr
    assert [record["path"] for record in json.loads(output.read_text())] == [str(renamed)]


@pytest.mark.parametrize("written", ["table", "csv", "jsonl", "json", "ecsv", "votable"])
def test_names_cannot_control_the_terminal(
    tiny_models: Path, image: Path, tmp_path: Path, written: str
) -> None:
    image.rename(tmp_path / "a\x1b]0;b\x07\x9b.png")
    (tmp_path / "broken\x1b[2J.png").write_bytes(b"x")
    terminal, end = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", COMMAND, "classify", tmp_path, "--format", written],
        env={**os.environ, "DEEPSKY_MODELS": str(tiny_models), "TERM": "dumb", "NO_COLOR": "1"},
        stdout=end,
        stderr=end,
    ) as process:
        os.close(end)
        shown = b""
        try:
            while part := os.read(terminal, 65536):
                shown += part
        except OSError:  # the terminal is closed
            pass
        assert process.wait() == 1
    os.close(terminal)

    assert b"broken" in shown
    assert not any(sequence in shown for sequence in (b"\x1b]", b"\x1b[2J", b"\x07", b"\xc2\x9b"))
