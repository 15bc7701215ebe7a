import json
import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from deepsky.classification import classify_file
from deepsky.classifier import Classifier
from deepsky.record import Record
from tests.plain_image import plain_image

Run = Callable[..., Result]

JOURNAL = ".records.json.journal"
CLASSIFY = "deepsky.batch.source_classifier.classify_prepared"


@pytest.fixture
def folder(image: Path, tmp_path: Path) -> Path:
    """Folder with two images, an empty file and a text file."""
    folder = tmp_path / "folder"
    (folder / "below").mkdir(parents=True)
    image.rename(folder / "yellow.png")
    plain_image("RGB", (50, 80), (250, 10, 5)).save(folder / "below" / "red.jpg")
    (folder / "empty.png").touch()
    (folder / "text.jpg").write_text("not an image")
    return folder


def test_json_is_an_array_of_records(run: Run, folder: Path) -> None:
    result = run("classify", folder, folder / "missing.png", "--format", "json")
    records = json.loads(result.stdout)

    assert result.exit_code == 1
    assert [list(record) for record in records] == [list(Record.__annotations__)] * 5
    assert [
        (Path(r["path"]).name, r["label"], (r["error"] or {}).get("code")) for r in records
    ] == [
        ("red.jpg", "nebula", None),
        ("empty.png", None, "empty_file"),
        ("text.jpg", None, "unsupported_format"),
        ("yellow.png", "galaxy", None),
        ("missing.png", None, "file_not_found"),
    ]


def test_success_is_exit_status_0_without_messages(run: Run, image: Path) -> None:
    result = run("classify", image, "--format", "json")

    assert result.exit_code == 0
    assert result.stderr == ""


def test_unreadable_files_are_counted_on_standard_error(run: Run, folder: Path) -> None:
    assert "2 of 4 images" in run("classify", folder).stderr


def test_jsonl_has_one_record_per_line(run: Run, folder: Path) -> None:
    lines = run("classify", folder, "--format", "jsonl").stdout.splitlines()
    array = json.loads(run("classify", folder, "--format", "json").stdout)

    assert [json.loads(line) for line in lines] == array


def test_record_equals_that_of_the_library(
    run: Run, image: Path, tiny_classifier: Classifier
) -> None:
    [record] = json.loads(run("classify", image, "--format", "json").stdout)

    assert record == classify_file(tiny_classifier, image)


def test_table_shows_labels_and_errors(run: Run, folder: Path) -> None:
    output = run("classify", folder).stdout
    rows = {line.split()[0].rpartition("/")[2]: line for line in output.splitlines() if line}

    assert [rows["yellow.png"].split()[k] for k in (1, 3)] == ["galaxy", "confident"]
    assert "unreadable" in rows["empty.png"]
    assert "is empty" in output


def test_piped_table_does_not_wrap(run: Run, tmp_path: Path, image: Path) -> None:
    long = tmp_path / ("a" * 200 + ".png")
    image.rename(long)

    assert any(
        str(long) in line and "galaxy" in line for line in run("classify", long).stdout.splitlines()
    )


def test_control_characters_in_names_are_escaped(run: Run, tmp_path: Path, image: Path) -> None:
    strange = tmp_path / "[red]x\x1b[2J\n.png"
    image.rename(strange)

    output = run("classify", strange).stdout

    assert "[red]x\N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}.png" in output
    assert "\x1b" not in output


def test_control_characters_in_archives_are_escaped(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "night.tar"
    link = tarfile.TarInfo("link.png")
    link.type, link.linkname = tarfile.SYMTYPE, "\x1b[2J\udce9.png"
    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT) as archive:
        archive.addfile(link)

    output = run("classify", path).stdout

    assert (
        "The member is a link to \N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}.png"
        in output
    )


def test_empty_folder_has_no_records(run: Run, tmp_path: Path) -> None:
    result = run("classify", tmp_path, "--format", "json")

    assert (result.exit_code, json.loads(result.stdout)) == (0, [])
    assert "No images found in: " in result.stderr
    assert run("classify", tmp_path, "--format", "jsonl").stdout == ""


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--model", "vgg99"], "efficientnet"),
        (["--format", "xml"], "jsonl"),
        (["--output", "nowhere/at/all.json"], "folder nowhere/at"),
        (["--output", "x" * 300], "File name too long"),
        (["--from", "x" * 300], "File name too long"),
        (["--from", "nowhere.txt"], "The list nowhere.txt cannot be read: No such file"),
        (["nowhere://a.png"], "nowhere://a.png cannot be opened"),
        (["--from", "yellow.png"], "yellow.png is not a list: it contains PNG data"),
        (["-"], "--from -"),
        (["--placing", "copy"], "--sort-into"),
        (["--restart"], "--output"),
        (["--workers", "0"], "workers"),
        (["--time-limit", "0"], "time-limit"),
        (["--min-confidence", "2"], "min-confidence"),
    ],
)
def test_invalid_command_is_exit_status_2(
    run: Run, image: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], reason: str
) -> None:
    monkeypatch.chdir(image.parent)

    result = run("classify", image, *arguments)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert reason in result.stderr


def test_output_file_equals_standard_output(run: Run, folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "records.json"
    output.write_text("earlier content")

    result = run("classify", folder, "--format", "json", "--output", output)

    assert (result.exit_code, result.stdout) == (1, "")
    assert output.read_text() == run("classify", folder, "--format", "json").stdout
    assert [path for path in tmp_path.iterdir() if path.is_file()] == [output]


def test_interrupted_run_leaves_the_output_unchanged(
    run: Run, image: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "records.json"
    output.write_text("earlier content")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(CLASSIFY, interrupt)
    result = run("classify", image, "--output", output)

    assert result.exit_code not in (0, 1)
    assert output.read_text() == "earlier content"
    assert sorted(tmp_path.iterdir()) == sorted([output, image, tmp_path / JOURNAL])


def test_command_without_images_is_invalid(run: Run) -> None:
    result = run("classify")

    assert result.exit_code == 2
    assert "No images given" in result.stderr


def test_images_from_arguments_and_lists_keep_their_order(run: Run, folder: Path) -> None:
    (folder / ".list").write_text(f"{folder}/below\n")
    result = run(
        "classify", folder / "yellow.png", f"@{folder}/.list", "--from", folder / ".list",
        "--format", "json",
    )  # fmt: skip

    names = [Path(record["path"]).name for record in json.loads(result.stdout)]
    assert names == ["yellow.png", "red.jpg", "red.jpg"]


def test_members_of_archives_are_classified(run: Run, folder: Path, tmp_path: Path) -> None:
    packed = tmp_path / "night.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in ("below/red.jpg", "empty.png", "yellow.png"):
            archive.write(folder / path, path)
    (tmp_path / "broken.tar.gz").write_text("no archive")

    result = run("classify", packed, tmp_path / "broken.tar.gz", "--format", "json")

    assert [
        (record["path"], record["label"] or record["error"]["code"])
        for record in json.loads(result.stdout)
    ] == [
        (f"{packed}/below/red.jpg", "nebula"),
        (f"{packed}/empty.png", "empty_file"),
        (f"{packed}/yellow.png", "galaxy"),
        (f"{tmp_path}/broken.tar.gz", "corrupt_image"),
    ]


def test_output_suffix_determines_the_format(run: Run, folder: Path, tmp_path: Path) -> None:
    def written(name: str, *options: object) -> str:
        run("classify", folder, "--output", tmp_path / name, *options)
        return (tmp_path / name).read_text()

    assert written("all.jsonl") == run("classify", folder, "--format", "jsonl").stdout
    assert written("all.csv").startswith("path,")
    assert written("all.txt") == run("classify", folder).stdout
    assert written("other.csv", "--format", "json").startswith("[")


def test_records_below_min_confidence_are_written_and_flagged(run: Run, folder: Path) -> None:
    records = json.loads(
        run("classify", folder, "--format", "json", "--min-confidence", "0.9999").stdout
    )
    flags = {Path(record["path"]).name: record["below_min_confidence"] for record in records}

    assert len(records) == 4
    assert flags["yellow.png"] is True
    assert flags["empty.png"] is None


def test_output_is_not_classified(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)

    for _ in range(2):
        run("classify", ".", "--output", "all.json")
        assert len(json.loads((folder / "all.json").read_text())) == 4


def program(*arguments: str | bytes) -> list[str | bytes]:
    return [sys.executable, "-c", "from deepsky.cli import app; app()", *arguments]


@pytest.mark.usefixtures("run")
def test_closed_pipe_is_not_an_error(image: Path) -> None:
    many = [str(image)] * 2000
    with subprocess.Popen(
        program("classify", *many, "--format", "jsonl"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline())["label"] == "galaxy"
        process.stdout.close()
        assert process.stderr.read() == ""


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize("format", ["json", "table"])
def test_name_that_is_not_utf_8_is_preserved(tmp_path: Path, image: Path, format: str) -> None:  # noqa: A002
    strange = os.fsencode(tmp_path) + b"/caf\xe9.png"
    try:
        Path(os.fsdecode(strange)).write_bytes(image.read_bytes())
    except OSError:
        pytest.skip("this file system accepts only UTF-8 names")

    done = subprocess.run(
        program("classify", strange, "--format", format), capture_output=True, check=True
    )

    if format == "json":
        [record] = json.loads(done.stdout)
        assert os.fsencode(record["path"]) == strange
    else:
        assert "caf\N{REPLACEMENT CHARACTER}.png" in done.stdout.decode()


@pytest.mark.usefixtures("run")
def test_tensorflow_is_never_imported(image: Path) -> None:
    code = (
        "import sys; from deepsky.cli import app; "
        "app(standalone_mode=False); sys.exit('tensorflow' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, "classify", image], check=True)
