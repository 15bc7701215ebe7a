"""Test the choice between bf16 and float32 for training."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from deepsky.training import precision
from deepsky.training.backbones import Backbone


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, float]]:
    """Replace the measurement with a dictionary of computing times by dtype, and yield the
    dictionary."""
    taken: dict[str, float] = {}
    monkeypatch.setattr(precision, "_seconds", taken.__getitem__)
    precision._has_bfloat16.cache_clear()
    yield taken
    precision._has_bfloat16.cache_clear()


def test_bf16_is_used_if_it_is_fast(tiny_backbone: Backbone, seconds: dict[str, float]) -> None:
    seconds |= {"float32": 0.08, "bfloat16": 0.1}
    assert precision.precision_for(tiny_backbone) == "mixed_bfloat16"


def test_bf16_is_not_used_if_it_is_emulated(
    tiny_backbone: Backbone, seconds: dict[str, float]
) -> None:
    seconds |= {"float32": 0.08, "bfloat16": 0.8}
    assert precision.precision_for(tiny_backbone) == "float32"


def test_float32_backbone_needs_no_measurement(
    tiny_backbone: Backbone, seconds: dict[str, float]
) -> None:
    assert precision.precision_for(replace(tiny_backbone, precision="float32")) == "float32"
    assert not seconds


def test_computing_time_is_measured_for_both_dtypes() -> None:
    assert precision._seconds("float32") > 0
    assert precision._seconds("bfloat16") > 0
