"""A few short attacks of ``benchmarks.hostile``. The benchmark also measures times and memory."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are read from /proc")


@pytest.mark.parametrize("name", ["killed readers", "database deleted"])
def test_nothing_is_lost_during_an_attack(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT)
    from benchmarks.hostile import attacks

    result = attacks(seconds=2)[name]()

    assert not result.lost
    assert not result.unexpected
