"""Help, shell completion, and files in folders that are not images."""

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import Result

import deepsky
from deepsky.cli import app
from tests.plain_image import plain_image

Run = Callable[..., Result]


def commands(command: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    for name, each in getattr(command, "commands", {}).items():
        yield from commands(each, (*path, name))


COMMANDS = list(commands(get_command(app)))


@pytest.fixture
def night(tmp_path: Path) -> Path:
    """Folder with an image, three files that are not images, and a damaged image."""
    folder = tmp_path / "night"
    folder.mkdir()
    plain_image("RGB", (40, 30), (255, 230, 0)).save(folder / "m31.png")
    (folder / "guiding.txt").write_text("Guiding began at 21:14")
    (folder / "README").write_text("Taken with a small refractor")
    (folder / "settings.json").write_text('{"gain": 120}')
    (folder / "error.jpg").write_text("<html><title>Not found</title></html>")
    return folder


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_fits_80_columns_without_cutting_words(
    run: Run, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    short, long = run(*command, "-h"), run(*command, "--help")

    assert (short.exit_code, short.stdout) == (0, long.stdout)
    assert max(map(len, short.stdout.splitlines())) <= 80
    assert not re.search(r"\w…|<[a-z|]+ *│", short.stdout)


def test_options_of_classify_are_in_groups(run: Run) -> None:
    for title in ("Output", "Images", "Classification", "Place on the sky", "Limits on images"):
        assert f"─ {title} ─" in run("classify", "-h").stdout


def test_outputs_have_a_short_option() -> None:
    for command in get_command(app).commands.values():  # type: ignore[attr-defined]
        for option in command.params:
            if "--output" in option.opts:
                assert "-o" in option.opts, command.name


def test_shell_completes_models_and_formats(tiny_models: Path) -> None:
    def complete(words: str) -> str:
        environment = os.environ | {
            "_DEEPSKY_COMPLETE": "complete_bash",
            "COMP_WORDS": words,
            "COMP_CWORD": str(words.count(" ")),
            "DEEPSKY_MODELS": str(tiny_models),
        }
        code = "from deepsky.cli import app; app(prog_name='deepsky')"
        return subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True
        ).stdout

    assert "efficientnet" in complete("deepsky classify --model eff").split()
    assert complete("deepsky classify --format js").split() == ["json", "jsonl"]


def test_files_that_are_not_images_are_skipped_and_counted(run: Run, night: Path) -> None:
    (night / "error.jpg").unlink()

    result = run("classify", night, "--format", "json")

    assert result.exit_code == 0
    assert [Path(r["path"]).name for r in json.loads(result.stdout)] == ["m31.png"]
    assert "3 other files, which are not images, were skipped." in result.stderr


def test_strict_reports_files_that_are_not_images(run: Run, night: Path) -> None:
    result = run("classify", night, "--format", "json", "--strict")

    assert result.exit_code == 1
    assert len(json.loads(result.stdout)) == 5
    assert "4 of 5 images could not be read" in result.stderr


def test_text_with_the_suffix_of_an_image_is_an_error(run: Run, night: Path) -> None:
    result = run("classify", night, "--format", "json")

    assert result.exit_code == 1
    errors = {Path(r["path"]).name for r in json.loads(result.stdout) if r["error"]}
    assert errors == {"error.jpg"}


def test_text_that_is_named_in_the_command_is_an_error(run: Run, night: Path) -> None:
    result = run("classify", night / "guiding.txt", "--format", "json")

    assert result.exit_code == 1
    assert json.loads(result.stdout)[0]["error"]["code"] == "unsupported_format"


def test_texts_in_archives_are_skipped(run: Run, night: Path, tmp_path: Path) -> None:
    path = tmp_path / "night.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(night / "m31.png", "m31.png")
        archive.write(night / "guiding.txt", "guiding.txt")

    result = run("classify", path, "--format", "json")

    assert result.exit_code == 0
    assert [r["path"] for r in json.loads(result.stdout)] == [f"{path}/m31.png"]


@pytest.mark.usefixtures("tiny_classifier")
def test_library_skips_texts_unless_strict(night: Path) -> None:
    names = [Path(r["path"]).name for r in deepsky.classify_many(night)]
    everything = list(deepsky.classify_many(night, strict=True))

    assert names == ["error.jpg", "m31.png"]
    assert len(everything) == 5


def test_find_skips_texts(run: Run, night: Path) -> None:
    (night / "error.jpg").unlink()

    result = run("find", night, "--format", "json")

    assert result.exit_code == 0
    assert "guiding.txt" not in result.stdout


def test_samples_are_classified_without_errors(run: Run) -> None:
    result = run("classify", Path(__file__).parents[2] / "samples", "--format", "json")

    assert result.exit_code == 0
    assert all(record["error"] is None for record in json.loads(result.stdout))
