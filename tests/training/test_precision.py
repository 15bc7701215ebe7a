from collections.abc import Iterator
from dataclasses import replace

import pytest

from deepsky.training import precision
from deepsky.training.backbones import Backbone


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, float]]:
    """What each arithmetic takes on a machine of the test's choice."""
    taken: dict[str, float] = {}
    monkeypatch.setattr(precision, "_seconds", taken.__getitem__)
    precision._computes_bfloat16.cache_clear()
    yield taken
    precision._computes_bfloat16.cache_clear()


def test_bf16_is_used_where_the_machine_computes_it(
    tiny_backbone: Backbone, seconds: dict[str, float]
) -> None:
    seconds |= {"float32": 0.08, "bfloat16": 0.1}
    assert precision.precision_for(tiny_backbone) == "mixed_bfloat16"


def test_bf16_is_not_used_where_it_is_emulated(
    tiny_backbone: Backbone, seconds: dict[str, float]
) -> None:
    seconds |= {"float32": 0.08, "bfloat16": 0.8}
    assert precision.precision_for(tiny_backbone) == "float32"


def test_nothing_is_measured_for_a_network_that_is_trained_in_float32(
    tiny_backbone: Backbone, seconds: dict[str, float]
) -> None:
    assert precision.precision_for(replace(tiny_backbone, precision="float32")) == "float32"
    assert not seconds


def test_both_arithmetics_can_be_measured_here() -> None:
    assert precision._seconds("float32") > 0
    assert precision._seconds("bfloat16") > 0
