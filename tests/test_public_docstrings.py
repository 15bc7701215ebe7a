"""Examples in docstrings of public names give the results shown."""

import doctest
import importlib
import inspect
from pathlib import Path

import pytest

import deepsky
import deepsky.errors
import deepsky.models

ROOT = Path(__file__).parents[1]

DOCUMENTED = {
    f"{module.__name__}.{name}": getattr(module, name)
    for module in (deepsky, deepsky.errors, deepsky.models)
    for name in module.__all__
    if inspect.isclass(getattr(module, name)) or inspect.isfunction(getattr(module, name))
}
FUNCTIONS = [name for name, value in DOCUMENTED.items() if inspect.isfunction(value)]


@pytest.mark.parametrize("name", DOCUMENTED)
def test_examples_in_docstrings_run(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    public = DOCUMENTED[name]
    finder, runner = doctest.DocTestFinder(), doctest.DocTestRunner()

    for test in finder.find(public, name, importlib.import_module(public.__module__)):
        runner.run(test)

    assert runner.failures == 0


@pytest.mark.parametrize("name", FUNCTIONS)
def test_public_function_documents_its_parameters(name: str) -> None:
    function = DOCUMENTED[name]
    text = inspect.getdoc(function) or ""
    assert "Examples\n--------" in text
    for parameter in inspect.signature(function).parameters:
        assert f"\n{parameter} : " in text
