"""Fit the head that predicts kinds of objects."""

from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from deepsky.dataset.manifest import Example, Split
from deepsky.errors import DatasetError
from deepsky.models.bundle import ModelBundle
from deepsky.taxonomy import OtherKind
from deepsky.training.kinds import KINDS_OF_LABEL, fit_kinds, kind_of
from deepsky.training.outputs import NetworkOutputs
from tests.conftest import write_tiny_bundle

FIELDS: dict[Split, int] = {"train": 40, "validation": 25, "test": 12, "source_test": 5}


def make_example(kind: str, group: str, split: Split, label: str = "galaxy") -> Example:
    return Example(
        path=Path(f"{kind}-{group}.jpg"), label=label, second_label=None, group=group,
        phash=abs(hash((kind, group))) % 2**63, ambiguous=False, source="", licence="", subtype="",
        kind=kind, longest_side=None, split=split,
    )  # fmt: skip


def make_data(separation: float, irregular_fields: int = 3) -> tuple[list[Example], NetworkOutputs]:
    """Return images of galaxies whose kinds are some standard deviations apart."""
    examples = [
        make_example(kind, f"{kind}{split}{number}", split)
        for kind in ("spiral", "elliptical")
        for split, count in FIELDS.items()
        for number in range(count)
    ]
    examples += [
        make_example("irregular", f"irregular{k}", "train") for k in range(irregular_fields)
    ]
    centres = {"spiral": 0.0, "elliptical": separation, "irregular": -separation}
    rng = np.random.default_rng(3)
    embeddings = 0.5 + 0.05 * rng.normal(size=(len(examples), 3))
    embeddings[:, 0] += 0.05 * np.array([centres[example.kind] for example in examples])
    logits = np.tile([9.0, 0, 0, 0], (len(examples), 1))
    return examples, NetworkOutputs(logits.astype("f4"), embeddings.astype("f4"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bundle whose card has not all the metrics that its page shows."""
    monkeypatch.setattr(
        "deepsky.training.kinds.write_card", lambda where, card: card.write(where / "card.json")
    )
    write_tiny_bundle(tmp_path / "tiny")
    card = ModelBundle(tmp_path / "tiny").card
    novelty = card.novelty.model_copy(update={"threshold": 1.0})
    card.model_copy(update={"novelty": novelty}).write(tmp_path / "tiny" / "card.json")
    return tmp_path / "tiny"


def test_kinds_that_differ_are_asserted_and_recorded_in_the_card(folder: Path) -> None:
    examples, outputs = make_data(separation=12)
    facts = fit_kinds(folder, examples, outputs)

    kinds = facts.by_label["galaxy"]
    assert list(kinds) == ["spiral galaxy", "elliptical galaxy", "irregular galaxy"]
    spiral, irregular = kinds["spiral galaxy"], kinds["irregular galaxy"]
    assert (spiral.images, spiral.fields) == (40, 40)
    assert spiral.threshold is not None
    assert spiral.test.images.value == spiral.source_test.fields.value == 1
    assert irregular.threshold is None
    head = ModelBundle(folder).read_kind_head()
    assert head
    subtype = head.assert_kind(
        "galaxy", 1.0, {k: v[0] for k, v in head.probabilities(outputs.embeddings).items()}
    )
    assert subtype
    assert subtype.name == "spiral galaxy"


def test_kinds_that_look_the_same_are_never_asserted(folder: Path) -> None:
    facts = fit_kinds(folder, *make_data(separation=0))

    assert all(one.threshold is None for one in facts.by_label["galaxy"].values())


def test_kind_without_enough_fields_in_training_is_never_asserted(folder: Path) -> None:
    examples, outputs = make_data(separation=12)
    kept = [i for i, e in enumerate(examples) if e.kind != "spiral" or e.split != "train" or i < 29]
    facts = fit_kinds(
        folder,
        [examples[i] for i in kept],
        NetworkOutputs(outputs.logits[kept], outputs.embeddings[kept]),
    )

    assert facts.by_label["galaxy"]["spiral galaxy"].fields == 29
    assert facts.by_label["galaxy"]["spiral galaxy"].threshold is None
    assert facts.by_label["galaxy"]["elliptical galaxy"].threshold is not None


def test_unfamiliar_images_without_a_deep_sky_object_and_a_group_have_kinds(folder: Path) -> None:
    card = ModelBundle(folder).card
    novelty = card.novelty.model_copy(update={"threshold": 0.0})
    card.model_copy(update={"novelty": novelty}).write(folder / "card.json")
    objects, outputs = make_data(separation=12)
    names = {"spiral": "planet", "elliptical": "moon", "irregular": "comet"}
    others = [replace(e, label="other", kind=names[e.kind], group="") for e in objects]
    logits = np.tile(np.array([0, 0, 0, 9.0], "f4"), (len(others), 1))
    facts = fit_kinds(folder, others, replace(outputs, logits=logits))

    planet = facts.by_label["other"]["planet"]
    assert planet.fields > 30
    assert planet.threshold is not None
    assert facts.by_label["other"]["comet"].threshold is None


def test_each_kind_without_a_deep_sky_object_occurs_in_the_manifest() -> None:
    assert set(KINDS_OF_LABEL["other"].values()) == set(get_args(OtherKind))


def test_dataset_without_kinds_is_refused(folder: Path) -> None:
    examples = [make_example("", "M31", "train"), make_example("", "M33", "validation")]
    outputs = NetworkOutputs(np.zeros((2, 4), "f4"), np.zeros((2, 3), "f4"))
    with pytest.raises(DatasetError, match="Fill in the column 'kind'"):
        fit_kinds(folder, examples, outputs)


def test_nebula_with_its_cluster_is_an_emission_nebula() -> None:
    assert kind_of(make_example("nebula_with_cluster", "M42", "train", "nebula")) == (
        "emission nebula"
    )
    assert kind_of(make_example("nebula_with_cluster", "M42", "train", "star_cluster")) is None
