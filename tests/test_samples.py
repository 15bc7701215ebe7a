"""Number, size, descriptions and credits of the sample images."""

import json
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from deepsky.taxonomy import LABELS

SAMPLES = Path(__file__).parents[1] / "samples"
DESCRIBED: list[dict[str, str]] = json.loads((SAMPLES / "samples.json").read_text("utf-8"))


def test_each_class_has_three_samples() -> None:
    counts = Counter(sample["label"] for sample in DESCRIBED)
    assert set(counts) == set(LABELS)
    assert min(counts.values()) >= 3


def test_every_sample_is_described() -> None:
    images = sorted(path.name for path in SAMPLES.glob("*.jpg"))
    assert sorted(sample["file"] for sample in DESCRIBED) == images


@pytest.mark.parametrize("sample", DESCRIBED, ids=lambda sample: sample["file"])
def test_sample_is_credited(sample: dict[str, str]) -> None:
    lines = (SAMPLES / "CREDITS.md").read_text("utf-8").splitlines()
    fields = [sample[name] for name in ("title", "credit", "licence", "source")]
    assert all(fields)
    assert f"| `{sample['file']}` | {' | '.join(fields)} |" in lines


@pytest.mark.parametrize("sample", DESCRIBED, ids=lambda sample: sample["file"])
def test_sample_is_small(sample: dict[str, str]) -> None:
    path = SAMPLES / sample["file"]
    assert path.stat().st_size < 150_000
    with Image.open(path) as image:
        assert image.format == "JPEG"
        assert max(image.size) <= 800
