"""Tests for `deepsky.classify_many`."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import deepsky
from deepsky.classifier import Classifier
from deepsky.errors import JobError, ModelNotFoundError
from tests.plain_image import plain_image


@pytest.fixture
def images(tmp_path: Path) -> Path:
    folder = tmp_path / "images"
    folder.mkdir()
    for name, colour in (("a", (255, 230, 0)), ("b", (255, 0, 0)), ("c", (0, 0, 255))):
        plain_image("RGB", (40, 30), colour).save(folder / f"{name}.png")
    return folder


@pytest.mark.usefixtures("tiny_classifier")
def test_paths_may_be_one_or_many_of_any_type(images: Path) -> None:
    labels = ["galaxy", "nebula", "star_cluster"]

    def classify(paths: object) -> list[str | None]:
        return [record["label"] for record in deepsky.classify_many(paths)]  # type: ignore[arg-type]

    assert classify(str(images)) == classify(images) == classify([images]) == labels
    assert classify(f"{images}/[ab].png") == labels[:2]
    assert classify(path for path in (images / "c.png", str(images / "a.png"))) == [
        "star_cluster",
        "galaxy",
    ]
    assert classify([]) == []


def test_model_is_a_name_or_a_classifier(tiny_classifier: Classifier, images: Path) -> None:
    by_name = list(deepsky.classify_many(images, "efficientnet", workers=1))

    assert list(deepsky.classify_many(images, tiny_classifier, workers=1)) == by_name
    with pytest.raises(ModelNotFoundError):
        deepsky.classify_many(images, "vgg99")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"workers": 0}, "at least 1, not 0"),
        ({"workers": -1}, "at least 1, not -1"),
        ({"seconds": -1}, "greater than 0"),
        ({"seconds": float("nan")}, "greater than 0"),
        ({"stretch": "gamma"}, "choose one of auto, mtf"),
    ],
)
def test_invalid_options_are_refused(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(JobError, match=reason):
        deepsky.classify_many("images", **options)


def test_infinite_paths_are_consumed_lazily(tiny_classifier: Classifier, images: Path) -> None:
    def endless() -> Iterator[Path]:
        while True:
            yield images / "b.png"

    records = deepsky.classify_many(endless(), tiny_classifier, workers=1)

    assert [next(records)["label"] for _ in range(5)] == ["nebula"] * 5
    records.close()


@pytest.mark.usefixtures("tiny_classifier")
def test_script_needs_no_main_guard(images: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import deepsky\n"
        f"for record in deepsky.classify_many({str(images)!r}):\n"
        "    print(record['label'])\n"
    )

    done = subprocess.run([sys.executable, script], capture_output=True, text=True)

    assert done.stdout.split() == ["galaxy", "nebula", "star_cluster"], done.stderr


def test_chosen_stretch_is_recorded(tiny_classifier: Classifier, images: Path) -> None:
    records = list(deepsky.classify_many(images, tiny_classifier, workers=1, stretch="log"))
    record = deepsky.classify_file(tiny_classifier, images / "a.png", stretch="log")

    assert [each["stretch"] for each in records] == ["log"] * 3
    assert record["stretch"] == "log"
    assert record["probabilities"] == records[0]["probabilities"]
