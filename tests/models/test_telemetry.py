"""OpenVINO's telemetry package is blocked only while OpenVINO is imported."""

import importlib
import sys
from types import ModuleType

import pytest

from deepsky.models.telemetry import TELEMETRY, no_telemetry


def test_telemetry_cannot_be_imported_inside_the_context() -> None:
    with no_telemetry(), pytest.raises(ImportError):
        importlib.import_module(TELEMETRY)


def test_loaded_telemetry_is_restored(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType(TELEMETRY)
    monkeypatch.setitem(sys.modules, TELEMETRY, module)
    with no_telemetry():
        assert sys.modules[TELEMETRY] is None
    assert sys.modules[TELEMETRY] is module


def test_telemetry_that_was_not_loaded_can_be_imported_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, TELEMETRY, raising=False)
    with no_telemetry():
        pass
    assert TELEMETRY not in sys.modules
