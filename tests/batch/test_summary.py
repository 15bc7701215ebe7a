"""Tests for the text and HTML summaries."""

import io
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from deepsky.batch.discovery import find_sources
from deepsky.batch.output_paths import common_folder
from deepsky.batch.summary import MAX_SHOWN, Summary, format_summary
from deepsky.batch.summary_page import read_thumbnails, write_summary
from deepsky.imaging import ReaderPool
from tests.batch.outcomes import PROVENANCE, make_failure, make_record
from tests.plain_image import plain_image


def thumbnail(colour: str = "red") -> bytes:
    buffer = io.BytesIO()
    plain_image("RGB", (32, 24), colour).save(buffer, "JPEG")
    return buffer.getvalue()


def names(records: list) -> list[str]:  # type: ignore[type-arg]
    return [record["path"] for record in records]


def test_labels_verdicts_and_failures_are_counted() -> None:
    summary = Summary(0.5)
    for record in (
        make_record("a"),
        make_record("b", 0.4, verdict="unsure"),
        make_record("c", label="other"),
        make_failure("d"),
        make_failure("e"),
        make_failure("f", "corrupt_image"),
    ):
        summary.add(record)

    assert summary.images == 6
    assert summary.answers["galaxy", "confident"] == 1
    assert summary.answers["galaxy", "unsure"] == 1
    assert summary.answers["other", "confident"] == 1
    assert summary.failures == {"empty_file": 2, "corrupt_image": 1}
    assert summary.below_min_confidence == 1


def test_images_of_highest_and_lowest_confidence_are_listed() -> None:
    summary = Summary()
    rng = np.random.default_rng(4)
    probabilities = rng.permutation(np.linspace(0.6, 0.99, 200).round(6))
    for number, probability in enumerate(probabilities):
        verdict = "confident" if probability > 0.8 else "unsure"
        summary.add(make_record(f"{number}", float(probability), verdict=verdict))
    in_order = [str(number) for number in np.argsort(probabilities)]

    assert names(summary.surest("galaxy")) == in_order[::-1][:MAX_SHOWN]
    assert names(summary.doubtful("galaxy")) == in_order[:MAX_SHOWN]
    assert summary.shown == {*in_order[:MAX_SHOWN], *in_order[-MAX_SHOWN:]}
    assert summary.doubtful("nebula") == []


def test_no_image_is_in_both_lists() -> None:
    summary = Summary()
    for number in range(MAX_SHOWN + 2):
        summary.add(make_record(f"{number}", 0.9 - number / 100))
    summary.add(make_record("strange", 0.99, verdict="unfamiliar"))

    assert names(summary.surest("galaxy")) == [str(n) for n in range(MAX_SHOWN)]
    assert names(summary.doubtful("galaxy")) == ["strange", "13", "12"]


def test_text_has_a_line_per_class() -> None:
    summary = Summary(0.5)
    for number in range(1200):
        summary.add(make_record(f"{number}"))
    summary.add(make_record("x", 0.4, label="star_cluster", verdict="unsure"))
    summary.add(make_failure("y"))

    summary.seconds, summary.skipped = 601, 2

    lines = format_summary(summary).splitlines()

    assert lines[0] == "1,202 images: 1,201 classified, 1 could not be read."
    assert lines[1] == "1,202 processed in 10 min 1 s, 2.0 per second."
    assert lines[2].split() == ["confident", "unsure", "unfamiliar"]
    assert lines[3].split() == ["galaxy", "1,200", "0", "0"]
    assert lines[5].split() == ["star", "cluster", "0", "1", "0"]
    assert lines[7:] == [
        "Confidence below 0.5: 1.",
        "Could not be read: empty_file 1.",
        "2 other files, which are not images, were skipped.",
    ]
    assert len({len(line) for line in lines[2:7]}) == 1


def test_text_for_a_single_image_uses_the_singular() -> None:
    summary = Summary()
    summary.add(make_record("x"))

    assert format_summary(summary).startswith("1 image: 1 classified.\n1 processed in 0.0 s")


@pytest.mark.parametrize(
    ("seconds", "pace"),
    [
        (0.0, "600 processed in 0.0 s, 600,000.0 per second"),
        (59.2, "600 processed in 59.2 s, 10.1 per second"),
        (59.9, "600 processed in 1 min 0 s, 10.0 per second"),
        (3725.0, "600 processed in 1 h 2 min, 0.2 per second"),
    ],
)
def test_pace_counts_only_images_that_this_run_read(seconds: float, pace: str) -> None:
    summary = Summary()
    for number in range(700):
        summary.add(make_record(), is_resumed=number < 100)
    summary.seconds = seconds

    assert summary.pace == pace


class Page(HTMLParser):
    """HTML parser that collects the text and the elements of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())


def test_page_is_self_contained_and_escapes_names(tmp_path: Path) -> None:
    summary = Summary(0.5)
    strange = "/sky/<script>alert(1)</script>\"' \udce9\n.png"
    for record in (
        make_record(strange),
        make_record("/sky/gone.png", 0.41, verdict="unsure", prediction_set=["galaxy", "nebula"]),
        make_failure("/sky/x"),
    ):
        summary.add(record)

    write_summary(
        tmp_path / "summary",
        summary,
        {strange: thumbnail()},
        PROVENANCE,
        common_folder(["/sky/x"]),
    )

    page = Page(tmp_path / "summary" / "summary.html")
    tags = [tag for tag, _ in page.elements]
    sources = [attributes["src"] for _, attributes in page.elements if "src" in attributes]
    assert "script" not in tags
    assert "link" not in tags
    assert [source and source.partition(",")[0] for source in sources] == ["data:image/jpeg;base64"]
    assert r"script>" + r"""\"' \udce9\n.png""".replace('\\"', '"') in page.texts
    assert "image not found" in page.texts
    assert "or nebula" in page.texts
    assert {"41.0%", "97.0%", "unsure", "empty_file", summary.pace, "efficientnet"} <= {*page.texts}


def test_each_class_found_has_a_contact_sheet(tmp_path: Path) -> None:
    summary = Summary()
    for number in range(14):
        summary.add(make_record(f"{number}.png", 0.99 - number / 100, label="star_cluster"))
    colours = {f"{number}.png": thumbnail("blue") for number in range(13)}

    write_summary(tmp_path, summary, colours, PROVENANCE, ())

    assert {path.name for path in tmp_path.iterdir()} == {"summary.html", "star_cluster.png"}
    with Image.open(tmp_path / "star_cluster.png") as sheet:
        blue = np.asarray(sheet)[..., 2] > 200
        red = np.asarray(sheet)[..., 0] < 40
    shown = (blue & red).sum() / (220 * 165)
    assert shown == pytest.approx(13, abs=0.2)


def test_thumbnails_of_files_and_archive_members_are_read(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        plain_image("RGB", (640, 400), "red").save(tmp_path / name)
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.write(tmp_path / "a.png", "in/d.png")
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    wanted = {str(tmp_path / name) for name in ("a.png", "c.zip/in/d.png", "broken.png", "gone")}

    with ReaderPool(1) as pool:
        thumbnails = read_thumbnails(wanted, find_sources([str(tmp_path)]), pool)
        nothing = read_thumbnails([], find_sources([str(tmp_path)]), pool)

    assert {Path(name).name for name in thumbnails} == {"a.png", "d.png"}
    assert nothing == {}
    with Image.open(io.BytesIO(thumbnails[str(tmp_path / "a.png")])) as image:
        assert (image.format, image.size) == ("JPEG", (320, 200))
