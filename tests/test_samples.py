"""Number, size, descriptions and credits of the sample images."""

import csv
import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from deepsky.taxonomy import LABELS

SAMPLES = Path(__file__).parents[1] / "samples"
DESCRIBED: list[dict[str, Any]] = json.loads((SAMPLES / "samples.json").read_text("utf-8"))


def test_all_classes_have_samples() -> None:
    counts = Counter(sample["label"] for sample in DESCRIBED)
    assert counts.total() >= 30
    assert set(counts) == set(LABELS)
    assert min(counts.values()) >= 3


def test_every_sample_is_described() -> None:
    images = sorted(path.name for path in SAMPLES.glob("*.jpg"))
    assert sorted(sample["file"] for sample in DESCRIBED) == images


@pytest.mark.parametrize("sample", DESCRIBED, ids=lambda sample: sample["file"])
def test_sample_is_credited(sample: dict[str, Any]) -> None:
    lines = (SAMPLES / "CREDITS.md").read_text("utf-8").splitlines()
    fields = [sample["title"]["en"], *(sample[name] for name in ("credit", "licence", "source"))]
    assert all(fields)
    assert f"| `{sample['file']}` | {' | '.join(fields)} |" in lines


@pytest.mark.parametrize("sample", DESCRIBED, ids=lambda sample: sample["file"])
def test_hash_is_that_of_the_file(sample: dict[str, Any]) -> None:
    content = (SAMPLES / sample["file"]).read_bytes()
    assert sample["sha256"] == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("sample", DESCRIBED, ids=lambda sample: sample["file"])
def test_sample_is_small(sample: dict[str, Any]) -> None:
    path = SAMPLES / sample["file"]
    assert path.stat().st_size < 150_000
    with Image.open(path) as image:
        assert image.format == "JPEG"
        assert max(image.size) <= 800


@pytest.mark.parametrize("sample", DESCRIBED, ids=lambda sample: sample["file"])
def test_sample_is_described_in_both_languages(sample: dict[str, Any]) -> None:
    for text in (sample["title"], sample.get("note")):
        assert text is None or (set(text) == {"en", "de"} and all(text.values()))


@pytest.mark.parametrize("sample", DESCRIBED, ids=lambda sample: sample["file"])
def test_file_name_does_not_name_the_class(sample: dict[str, Any]) -> None:
    words = {"galaxy", "nebula", "cluster", "planetary"}
    assert words.isdisjoint(Path(sample["file"]).stem.split("-"))


@pytest.mark.parametrize("sample", DESCRIBED, ids=lambda sample: sample["file"])
def test_objects_of_training_images_are_marked(
    sample: dict[str, Any], manifest: list[dict[str, str]]
) -> None:
    name = Path(sample["file"]).stem.replace("-", " ").upper()
    same = [row for row in manifest if name == row["object"] or _path(row) in sample["source"]]
    fields = {row["group"] for row in same} - {""}
    splits = {row["split"] for row in manifest if row in same or row["group"] in fields}
    assert sample.get("trained", False) == ("train" in splits)


@pytest.fixture(scope="module")
def manifest() -> list[dict[str, str]]:
    path = SAMPLES.parent / "dataset" / "manifest.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _path(row: dict[str, str]) -> str:
    """Return the description of an image in the package of Stellarium, as in `samples.json`."""
    return f"{row['source'].replace('debian:', 'Debian package ')}, {row['source_path']}"
