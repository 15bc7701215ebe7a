"""The decision: from pixels to label, probabilities, set, novelty and verdict."""

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
def test_labels_and_channels_keep_their_order(
    tiny_classifier: Classifier, label: str, colour: tuple[int, int, int]
) -> None:
    prediction = tiny_classifier.classify(plain(colour))
    assert prediction.label == label
    assert prediction.verdict == "confident"
    assert prediction.prediction_set == (label,)
    assert tuple(prediction.probabilities) == LABELS
    assert max(prediction.probabilities, key=lambda k: prediction.probabilities[k]) == label
    assert sum(prediction.probabilities.values()) == pytest.approx(1, abs=1e-9)


def test_probabilities_are_calibrated_with_the_cards_temperature(
    tiny_classifier: Classifier,
) -> None:
    logits = np.array([6.5, 9.75, -10.0, -9.75]) / 2.0  # pure red, temperature 2
    expected = np.exp(logits) / np.exp(logits).sum()
    got = tiny_classifier.classify(plain(COLOURS["nebula"])).probabilities
    assert list(got.values()) == pytest.approx(expected.tolist(), abs=2e-3)


def test_two_plausible_labels_are_unsure(tiny_classifier: Classifier) -> None:
    # Between red and yellow, where the scores of nebula and galaxy meet.
    prediction = tiny_classifier.classify(plain((255, 74, 0)))
    assert set(prediction.prediction_set) == {"nebula", "galaxy"}
    assert prediction.prediction_set[0] == prediction.label
    assert prediction.verdict == "unsure"


@pytest.mark.parametrize(
    ("thresholds", "kept"),
    [
        (dict.fromkeys(LABELS, 0.9999), ()),  # no label is probable enough
        (dict.fromkeys(LABELS, 0.01) | {"nebula": 0.9999}, ("galaxy",)),  # another one is
    ],
)
def test_a_label_below_its_threshold_is_unsure(
    tiny_models: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    thresholds: dict[str, float],
    kept: tuple[str, ...],
) -> None:
    shutil.copytree(tiny_models / "efficientnet", tmp_path / "strict")
    card = json.loads((tmp_path / "strict" / "card.json").read_text("utf-8"))
    card["calibration"]["thresholds"] = thresholds
    (tmp_path / "strict" / "card.json").write_text(json.dumps(card), "utf-8")
    monkeypatch.setenv("DEEPSKY_MODELS", str(tmp_path))
    prediction = load_classifier("strict").classify(plain((255, 40, 0)))
    assert (prediction.label, prediction.prediction_set) == ("nebula", kept)
    assert prediction.verdict == "unsure"


def test_what_is_no_deep_sky_object_need_not_be_familiar(tiny_classifier: Classifier) -> None:
    strange = tiny_classifier.classify(plain((0, 255, 160)))
    assert strange.novelty > 0.97
    assert (strange.label, strange.verdict) == ("other", "confident")


def test_what_was_never_trained_on_is_unfamiliar(tiny_classifier: Classifier) -> None:
    familiar = tiny_classifier.classify(plain(COLOURS["galaxy"]))
    strange = tiny_classifier.classify(plain((255, 0, 255)))
    assert familiar.novelty < 0.05
    assert strange.novelty == 1
    assert strange.verdict == "unfamiliar"


def test_evidence_lies_where_the_object_is(tiny_classifier: Classifier) -> None:
    pixels = plain((0, 0, 0), 128, 128)
    pixels[96:, :32] = COLOURS["star_cluster"]  # bottom left
    evidence = tiny_classifier.classify(pixels).evidence
    cluster = evidence[LABELS.index("star_cluster")]
    assert np.unravel_index(cluster.argmax(), cluster.shape) == (3, 0)


def test_a_batch_gives_what_single_images_give(tiny_classifier: Classifier) -> None:
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


def test_images_prepared_elsewhere_give_the_same_numbers(
    tiny_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For one network, and for several that see the image at unlike sizes."""
    write_ensemble(tiny_models / "efficientnet", tmp_path, {"large": 128, "medium": 96})
    monkeypatch.setenv("DEEPSKY_MODELS", str(tmp_path))
    rng = np.random.default_rng(4)
    images = [rng.integers(0, 256, (150, side, 3), dtype=np.uint8) for side in (64, 90, 700)]

    nothing = np.empty(0, dtype=np.float32)
    for name, sizes in (("medium", (96,)), ("ensemble", (96, 128))):
        classifier = load_classifier(name)
        assert classifier.input_sizes == sizes
        prepared = [prepare(pixels, classifier.input_sizes) for pixels in images]
        crossed = pickle.loads(pickle.dumps(prepared))
        for ours, theirs in zip(
            classifier.classify_batch(images), classify_prepared(classifier, crossed), strict=True
        ):
            assert replace(ours, evidence=nothing) == replace(theirs, evidence=nothing)
            assert np.array_equal(ours.evidence, theirs.evidence)


def write_ensemble(model: Path, folder: Path, sizes: dict[str, int]) -> None:
    """Write copies of a model that see images at other sizes, and their ensemble."""
    card = json.loads((model / "card.json").read_text("utf-8"))
    for name, size in sizes.items():
        shutil.copytree(model, folder / name)
        stated = card | {"name": name, "input": {"size": size}}
        (folder / name / "card.json").write_text(json.dumps(stated), "utf-8")
    sha256 = card["network"]["sha256"]
    card |= {
        "name": "ensemble",
        "members": [{"name": name, "sha256": sha256, "scale": 0.25} for name in sizes],
        "novelty": {"threshold": 0.97},
    }
    (folder / "ensemble").mkdir()
    (folder / "ensemble" / "card.json").write_text(json.dumps(card), "utf-8")


def test_threads_get_their_own_answers(tiny_classifier: Classifier) -> None:
    jobs = [label for _ in range(50) for label in LABELS]
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda k: tiny_classifier.classify(plain(COLOURS[k])).label, jobs)
        assert list(answers) == jobs


def test_the_whole_image_is_scaled_to_the_input() -> None:
    pixels = plain((0, 0, 0), 100, 400)
    pixels[:, 300:] = 255
    fitted = fit_to_input(pixels, 64)
    assert fitted.shape == (64, 64, 3)
    assert fitted[:, :46].max() < 60
    assert fitted[:, 50:].min() > 200


def test_an_unknown_model_is_named_with_those_there_are(tiny_classifier: Classifier) -> None:
    assert tiny_classifier.bundle.name == "efficientnet"
    with pytest.raises(ModelNotFoundError, match=r"alexnet.*efficientnet"):
        load_classifier("alexnet")
