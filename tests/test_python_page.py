"""Examples in docs/how-to/python.md and in docstrings of public names give the results shown."""

import doctest
import importlib
import inspect
from pathlib import Path

import pytest

import deepsky
import deepsky.errors
import deepsky.models

ROOT = Path(__file__).parents[1]
BUILTINS = (FileNotFoundError, TimeoutError, OSError, RuntimeError, ValueError)

DOCUMENTED = {
    f"{module.__name__}.{name}": getattr(module, name)
    for module in (deepsky, deepsky.errors, deepsky.models)
    for name in module.__all__
    if inspect.isclass(getattr(module, name)) or inspect.isfunction(getattr(module, name))
}
FUNCTIONS = [name for name, value in DOCUMENTED.items() if inspect.isfunction(value)]


def test_examples_on_the_page_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    failures, examples = doctest.testfile(
        str(ROOT / "docs" / "how-to" / "python.md"), module_relative=False, encoding="utf-8"
    )

    assert failures == 0
    assert examples > 10


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


@pytest.mark.parametrize("name", deepsky.errors.__all__)
def test_page_lists_code_and_builtin_of_error(name: str) -> None:
    error = getattr(deepsky.errors, name)
    if error is deepsky.DeepskyError:
        return
    builtin = next((f"`{base.__name__}`" for base in BUILTINS if issubclass(error, base)), "")
    row = f"| `deepsky.errors.{name}` | `{error.code}` | {builtin} |".replace("|  |", "| |")
    assert row in (ROOT / "docs" / "how-to" / "python.md").read_text("utf-8")
