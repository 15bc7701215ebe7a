"""Predictions of classifiers: label, probabilities, prediction set, novelty and evidence."""

import json
import pickle
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from deepsky.classifier import Classifier, classify_prepared, load_classifier
from deepsky.errors import ModelNotFoundError
from deepsky.models.preparation import fit_to_input, prepare
from deepsky.taxonomy import LABELS

COLOURS = {
    "galaxy": (255, 255, 0),
    "nebula": (255, 0, 0),
    "star_cluster": (0, 0, 255),
    "other": (0, 255, 0),
}


def plain(colour: tuple[int, int, int], height: int = 90, width: int = 120) -> NDArray[np.uint8]:
    return np.full((height, width, 3), colour, dtype=np.uint8)


@pytest.mark.parametrize(("label", "colour"), COLOURS.items())
def test_colours_get_the_expected_labels_and_probabilities(
    tiny_classifier: Classifier, label: str, colour: tuple[int, int, int]
) -> None:
    prediction = tiny_classifier.classify(plain(colour))
    assert prediction.label == label
    assert prediction.verdict == "confident"
    assert prediction.prediction_set == (label,)
    assert tuple(prediction.probabilities) == LABELS
    assert max(prediction.probabilities, key=lambda k: prediction.probabilities[k]) == label
    assert sum(prediction.probabilities.values()) == pytest.approx(1, abs=1e-9)


def test_probabilities_use_the_temperature_of_the_card(
    tiny_classifier: Classifier,
) -> None:
    # The logits of a red image, divided by the temperature.
    logits = np.array([6.5, 9.75, -10.0, -9.75]) / 2.0
    expected = np.exp(logits) / np.exp(logits).sum()
    got = tiny_classifier.classify(plain(COLOURS["nebula"])).probabilities
    assert list(got.values()) == pytest.approx(expected.tolist(), abs=2e-3)


def test_two_labels_in_the_prediction_set_are_unsure(tiny_classifier: Classifier) -> None:
    # For this colour between red and yellow, the logits of nebula and galaxy are equal.
    prediction = tiny_classifier.classify(plain((255, 74, 0)))
    assert set(prediction.prediction_set) == {"nebula", "galaxy"}
    assert prediction.prediction_set[0] == prediction.label
    assert prediction.verdict == "unsure"


@pytest.mark.parametrize(
    ("thresholds", "expected_set"),
    [
        (dict.fromkeys(LABELS, 0.9999), ()),  # no label's probability reaches its threshold
        (
            dict.fromkeys(LABELS, 0.01) | {"nebula": 0.9999},
            ("galaxy",),
        ),  # the probability of galaxy reaches its threshold, that of nebula does not
    ],
)
def test_label_below_its_threshold_is_unsure(
    tiny_models: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    thresholds: dict[str, float],
    expected_set: tuple[str, ...],
) -> None:
    shutil.copytree(tiny_models / "efficientnet", tmp_path / "strict")
    card = json.loads((tmp_path / "strict" / "card.json").read_text("utf-8"))
    card["calibration"]["thresholds"] = thresholds
    (tmp_path / "strict" / "card.json").write_text(json.dumps(card), "utf-8")
    monkeypatch.setenv("DEEPSKY_MODELS", str(tmp_path))
    prediction = load_classifier("strict").classify(plain((255, 40, 0)))
    assert (prediction.label, prediction.prediction_set) == ("nebula", expected_set)
    assert prediction.verdict == "unsure"


def test_novel_image_of_other_is_not_unfamiliar(tiny_classifier: Classifier) -> None:
    novel = tiny_classifier.classify(plain((0, 255, 160)))
    assert novel.novelty > 0.97
    assert (novel.label, novel.verdict) == ("other", "confident")


def test_novel_image_of_a_deep_sky_class_is_unfamiliar(tiny_classifier: Classifier) -> None:
    familiar = tiny_classifier.classify(plain(COLOURS["galaxy"]))
    novel = tiny_classifier.classify(plain((255, 0, 255)))
    assert familiar.novelty < 0.05
    assert novel.novelty == 1
    assert novel.verdict == "unfamiliar"


def test_evidence_is_strongest_at_the_object(tiny_classifier: Classifier) -> None:
    pixels = plain((0, 0, 0), 128, 128)
    pixels[96:, :32] = COLOURS["star_cluster"]  # the object is at the bottom left
    evidence = tiny_classifier.classify(pixels).evidence
    cluster = evidence[LABELS.index("star_cluster")]
    assert np.unravel_index(cluster.argmax(), cluster.shape) == (3, 0)


def test_batch_has_the_same_predictions_as_single_images(tiny_classifier: Classifier) -> None:
    rng = np.random.default_rng(1)
    images = [
        rng.integers(0, 256, (int(h), int(w), 3), dtype=np.uint8)
        for h, w in rng.integers(1, 200, (37, 2))
    ]
    together = tiny_classifier.classify_batch(images)
    assert len(together) == len(images)
    for pixels, prediction in zip(images, together, strict=True):
        alone = tiny_classifier.classify(pixels)
        assert alone.label == prediction.label
        assert list(alone.probabilities.values()) == pytest.approx(
            list(prediction.probabilities.values()), abs=1e-5
        )
    assert tiny_classifier.classify_batch([]) == []


def test_prepared_images_have_the_same_predictions(
    tiny_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tested with a single model and with an ensemble that has two input sizes."""
    write_ensemble(tiny_models / "efficientnet", tmp_path, {"large": 128, "medium": 96})
    monkeypatch.setenv("DEEPSKY_MODELS", str(tmp_path))
    rng = np.random.default_rng(4)
    images = [rng.integers(0, 256, (150, side, 3), dtype=np.uint8) for side in (64, 90, 700)]

    nothing = np.empty(0, dtype=np.float32)
    for name, sizes in (("medium", (96,)), ("ensemble", (96, 128))):
        classifier = load_classifier(name)
        assert classifier.input_sizes == sizes
        prepared = [prepare(pixels, classifier.input_sizes) for pixels in images]
        received = pickle.loads(pickle.dumps(prepared))
        for ours, theirs in zip(
            classifier.classify_batch(images), classify_prepared(classifier, received), strict=True
        ):
            assert replace(ours, evidence=nothing) == replace(theirs, evidence=nothing)
            assert np.array_equal(ours.evidence, theirs.evidence)


def write_ensemble(model: Path, folder: Path, sizes: dict[str, int]) -> None:
    """Write copies of a model with different input sizes, and an ensemble that combines them."""
    card = json.loads((model / "card.json").read_text("utf-8"))
    for name, size in sizes.items():
        shutil.copytree(model, folder / name)
        changed = card | {"name": name, "input": {"size": size}}
        (folder / name / "card.json").write_text(json.dumps(changed), "utf-8")
    sha256 = card["network"]["sha256"]
    card |= {
        "name": "ensemble",
        "members": [{"name": name, "sha256": sha256, "scale": 0.25} for name in sizes],
        "novelty": {"threshold": 0.97},
    }
    (folder / "ensemble").mkdir()
    (folder / "ensemble" / "card.json").write_text(json.dumps(card), "utf-8")


def test_threads_get_their_own_predictions(tiny_classifier: Classifier) -> None:
    jobs = [label for _ in range(50) for label in LABELS]
    with ThreadPoolExecutor(8) as pool:
        labels = pool.map(lambda k: tiny_classifier.classify(plain(COLOURS[k])).label, jobs)
        assert list(labels) == jobs


def test_whole_image_is_scaled_to_the_input() -> None:
    pixels = plain((0, 0, 0), 100, 400)
    pixels[:, 300:] = 255
    fitted = fit_to_input(pixels, 64)
    assert fitted.shape == (64, 64, 3)
    assert fitted[:, :46].max() < 60
    assert fitted[:, 50:].min() > 200


def test_error_for_unknown_model_lists_the_installed_models(tiny_classifier: Classifier) -> None:
    assert tiny_classifier.bundle.name == "efficientnet"
    with pytest.raises(ModelNotFoundError, match=r"alexnet.*efficientnet"):
        load_classifier("alexnet")
