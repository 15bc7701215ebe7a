"""Examples in docstrings of modules without public names give the results shown."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

import deepsky

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src"
PUBLIC = {getattr(getattr(deepsky, name), "__module__", "") for name in deepsky.__all__}
MODULES = sorted(
    ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
    for path in SOURCE.rglob("*.py")
    if "training" not in path.parts and ">>> " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", [name for name in MODULES if name not in PUBLIC])
def test_examples_run(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    failures, examples = doctest.testmod(import_module(name))

    assert failures == 0
    assert examples > 0
