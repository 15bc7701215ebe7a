"""Test the weights that training returns."""

from dataclasses import replace
from pathlib import Path

import pytest

from deepsky.dataset.manifest import Example
from deepsky.training.backbones import Backbone
from deepsky.training.fitting import fit
from deepsky.training.recipe import Recipe

RECIPE = Recipe(seed=1, head_epochs=1, epochs=1, batch_size=8)


def test_trained_weights_are_averaged_with_the_initial_ones(
    examples: list[Example], tiny_backbone: Backbone, tiny_weights: str, tmp_path: Path
) -> None:
    results = {}
    for share in (0.0, 0.25, 1.0):
        folder = tmp_path / str(share)
        folder.mkdir()
        recipe = replace(RECIPE, initial_share=share)
        network = fit(tiny_backbone, tiny_weights, examples, examples[:8], recipe, folder)
        results[share] = [weights.copy() for weights in network.get_weights()]
    changes = [abs(old - new).max() for old, new in zip(results[1.0], results[0.0], strict=True)]
    assert max(changes) > 0.001
    for old, new, mean in zip(results[1.0], results[0.0], results[0.25], strict=True):
        assert mean == pytest.approx(0.25 * old + 0.75 * new, abs=1e-6)
