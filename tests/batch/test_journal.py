"""Tests for the journal: saving and finding records, killed runs, settings and damaged journals."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from deepsky.batch.journal import Journal
from deepsky.batch.sources import Source
from deepsky.errors import JournalError
from deepsky.record import Record

RECORD = Record(
    path="a.png",
    label="galaxy",
    verdict="unsure",
    probabilities={"galaxy": 0.600001, "nebula": 0.3, "star_cluster": 0.1, "other": 0.0},
    prediction_set=["galaxy", "nebula"],
    novelty=0.123456,
    model="efficientnet",
    model_version="0.0.1",
    model_sha256="ab",
    image_sha256="cd",
    width=3,
    height=2,
    format="PNG",
    stretch=None,
    subtype=None,
    object=None,
    objects=[],
    sky={
        "ra": 10.684708,
        "dec": 41.26875,
        "width": 3.1,
        "height": 2.1,
        "pixel_scale": 1.5,
        "orientation": 0.0,
        "mirrored": False,
        "source": "header",
        "wcs": "",
    },
    sky_error=None,
    agreement="not in the catalogue",
    difference=None,
    agreement_message=None,
    combined=None,
    error=None,
)
SETTINGS = {"model": "efficientnet", "time_limit": "60"}


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "all.csv"


@pytest.fixture
def journal(output: Path) -> Iterator[Journal]:
    with Journal(output, SETTINGS) as journal:
        yield journal


def source(name: str = "a.png", size: int | None = 5, modified: int | None = 7) -> Source:
    return Source(name, lambda: b"", size, modified)


def record(path: str) -> Record:
    return {**RECORD, "path": path}


def test_record_is_found_unchanged(journal: Journal) -> None:
    journal.keep(source(), RECORD)
    found = journal.find(source())

    assert found == RECORD
    assert list(found) == list(RECORD)
    assert journal.find(source("b.png")) is None


@pytest.mark.parametrize(
    "changed",
    [{"size": 6}, {"modified": 8}, {"size": None}, {"modified": None}, {"index": 1}, {"name": "A"}],
)
def test_changed_source_is_not_found(journal: Journal, changed: dict[str, int | None]) -> None:
    journal.keep(source(), RECORD)

    assert journal.find(replace(source(), **changed)) is None  # type: ignore[arg-type]


def test_latest_record_replaces_earlier_ones(journal: Journal) -> None:
    journal.keep(source(), record("old"))
    journal.keep(source(size=6), RECORD)

    assert journal.count() == 1
    assert journal.find(source()) is None
    assert journal.find(source(size=6)) == RECORD


def test_source_without_size_and_time_is_found_by_name(journal: Journal) -> None:
    address = source("https://example.org/a.png", None, None)
    journal.keep(address, RECORD)

    assert journal.find(address) == RECORD


@pytest.mark.parametrize("modified", [-1, 2**63, 2**64 + 7])
def test_integers_beyond_the_range_of_sqlite_are_found(journal: Journal, modified: int) -> None:
    far = replace(source("a.png", 5, modified), index=2**63 + 5)
    journal.keep(far, record("a.png"))

    assert journal.find(far) == record("a.png")
    assert journal.find(replace(far, modified=modified + 1)) is None


def test_record_is_found_by_a_name_that_is_not_utf_8(journal: Journal) -> None:
    name = os.fsdecode(b"caf\xe9.png")
    journal.keep(source(name), record(name))

    assert journal.find(source(name)) == record(name)


def test_records_survive_a_kill(output: Path) -> None:
    program = f"""
import os, signal
from pathlib import Path
from deepsky.batch.journal import Journal
from deepsky.batch.sources import Source
journal = Journal(Path({str(output)!r}), {SETTINGS})
for number in range(500):
    journal.keep(Source(str(number), bytes, number, number), {RECORD})
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", program], check=False)
    assert done.returncode == -signal.SIGKILL

    with Journal(output, SETTINGS) as journal:
        assert journal.count() == 500
        assert journal.find(source("499", 499, 499)) == RECORD


def test_second_run_is_refused(journal: Journal, output: Path) -> None:
    program = f"""
from pathlib import Path
from deepsky.batch.journal import Journal
from deepsky.errors import JournalError
for restart in (False, True):
    try:
        Journal(Path({str(output)!r}), {SETTINGS}, restart=restart)
    except JournalError as error:
        print(error)
"""
    journal.keep(source(), RECORD)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert done.stdout.count(f"Another run is writing {output}.") == 2, done.stderr
    assert journal.find(source()) == RECORD


def test_changed_settings_are_refused_and_listed(journal: Journal, output: Path) -> None:
    journal.keep(source(), RECORD)
    journal.close()
    changed = {"model": "vgg16", "sort_into": "sorted", "time_limit": "60"}

    with pytest.raises(JournalError) as error:
        Journal(output, changed)

    assert (
        "model was efficientnet, now vgg16, sort_into was not set, now sorted. "
        "Use the earlier settings to resume the run, or start again from the beginning (--restart)."
    ) in str(error.value)
    with Journal(output, SETTINGS) as again:
        assert again.count() == 1


def test_restart_deletes_records_and_accepts_new_settings(journal: Journal, output: Path) -> None:
    journal.keep(source(), RECORD)
    journal.close()

    with Journal(output, {"model": "vgg16"}, restart=True) as again:
        assert again.count() == 0
    with Journal(output, {"model": "vgg16"}) as again:
        assert again.count() == 0


def test_remove_deletes_all_files_and_closes(journal: Journal, output: Path) -> None:
    journal.keep(source(), RECORD)

    journal.remove()

    assert list(output.parent.glob(".*")) == []
    with Journal(output, {"model": "another"}) as again:
        assert again.count() == 0


def test_damaged_journal_is_refused_until_restart(output: Path) -> None:
    path = output.with_name(".all.csv.journal")
    path.write_text("not a database " * 100)

    with pytest.raises(JournalError, match=r"\.all\.csv\.journal is damaged.*--restart"):
        Journal(output, SETTINGS)
    with Journal(output, SETTINGS, restart=True) as again:
        assert again.count() == 0


def test_journal_is_not_written_through_a_link(output: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.touch()
    output.with_name(f".{output.name}.journal").symlink_to(target)

    with pytest.raises(JournalError, match="symbolic link"):
        Journal(output, {})
    assert target.read_bytes() == b""


def test_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match=r"Cannot write to the folder .*nowhere\. Check"):
        Journal(tmp_path / "nowhere" / "all.csv", SETTINGS)
