"""Test that ablation variants differ in one choice, and that stored results are reused."""

from pathlib import Path

import numpy as np
import pytest

from deepsky.dataset.manifest import Example
from deepsky.dataset.splits import members, with_splits
from deepsky.errors import DatasetError
from deepsky.training import ablation
from deepsky.training.ablation import REFERENCE, ablate, ablation_recipes
from deepsky.training.backbones import Backbone


def test_each_variant_omits_one_choice(tiny_backbone: Backbone) -> None:
    recipes = ablation_recipes(tiny_backbone, epochs=3)
    assert next(iter(recipes)) == REFERENCE
    assert recipes["last stage"].frozen_stages == 1
    assert recipes["frozen"].epochs == 0
    assert recipes["without crop"].without == ("crop",)


def test_variants_are_compared_with_the_reference(
    examples: list[Example],
    manifest: Path,
    tiny_backbone: Backbone,
    tiny_weights: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    divided = with_splits(examples, seed=0)
    recipes = ablation_recipes(tiny_backbone, epochs=1)
    chosen = {name: recipes[name] for name in ("frozen", REFERENCE)}

    def run() -> list[ablation.AblationResult]:
        return list(ablate(tiny_backbone, tiny_weights, divided, manifest.parent, chosen, tmp_path))

    reference, frozen = run()
    assert (reference.variant, frozen.variant) == (REFERENCE, "frozen")
    assert reference.comparison["p_value"] == 1
    assert reference.metrics.images == len(members(divided, "validation"))
    assert {"grey", "small among stars"} < frozen.macro_f1_by_change.keys()
    heads = [np.fromfile(path, "u1") for path in tmp_path.glob("*/head.weights.h5")]
    assert np.array_equal(heads[0], heads[1])

    monkeypatch.setattr(ablation, "fit", None)  # calling None would raise an error
    assert run() == [reference, frozen]
    with pytest.raises(DatasetError, match="do not belong to the images of"):
        list(
            ablate(
                tiny_backbone,
                tiny_weights,
                [e for e in divided if e.group != members(divided, "validation")[0].group],
                manifest.parent,
                chosen,
                tmp_path,
            )
        )
