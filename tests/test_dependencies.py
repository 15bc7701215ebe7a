"""The dependencies in pyproject.toml are exactly the packages that the code imports."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PACKAGE = ROOT / "src" / "deepsky"
DISTRIBUTIONS = packages_distributions()
OWN = {"deepsky", "tests", "benchmarks", "scripts"}

EXTRAS = {
    "batch": ["cluster", "parquet", "remote"],
    "cli": ["evaluate"],
    "dataset": ["evaluate"],
    "evaluation": ["evaluate"],
    "sky": ["solve"],
    "storage": ["postgresql"],
    "training": ["evaluate", "train"],
}
"""For each subpackage, the extras whose packages it may import."""

TOOLS = {
    "check-jsonschema",
    "hatch-fancy-pypi-readme",
    "ipykernel",
    "mike",
    "mkdocs-material",
    "mkdocstrings",
    "mypy",
}
TOOLS |= {"pytest-timeout", "pytest-xdist", "ruff"}
"""Development dependencies that are run as commands and not imported."""

NOT_IMPORTED = {"atheris", "flask-swagger-ui", "schemathesis", "tensorboard"}
"""Dependencies that the package does not import: tools of benchmarks, static files of the API
documentation, and the part of TensorFlow that writes logs."""


def normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(*extras: str) -> set[str]:
    """Return the names of the package's dependencies, including those of the given extras."""
    groups = [PROJECT["dependencies"], *(PROJECT["optional-dependencies"][e] for e in extras)]
    found = (re.match(r"[\w.-]+", line) for group in groups for line in group)
    return {normalized(match[0]) for match in found if match} - {"deepsky"}


def imported(file: Path) -> set[str]:
    """Return the distributions that a module imports, including imports inside functions."""
    names = {name.split(".")[0] for name in _imported_modules(file)}
    others = names - OWN - sys.stdlib_module_names
    return {normalized(DISTRIBUTIONS.get(name, [name])[0]) for name in others}


def _imported_modules(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


@pytest.mark.parametrize("part", sorted(path.name for path in PACKAGE.iterdir()))
def test_package_imports_only_declared_dependencies(part: str) -> None:
    allowed = declared(*EXTRAS.get(part, []))
    path = PACKAGE / part
    for file in path.rglob("*.py") if path.is_dir() else [path] * (path.suffix == ".py"):
        assert imported(file) <= allowed, file


def test_tests_and_benchmarks_import_only_declared_dependencies() -> None:
    allowed = declared(*PROJECT["optional-dependencies"])
    for folder in ("tests", "benchmarks", "scripts", "docs"):
        for file in (ROOT / folder).rglob("*.py"):
            assert imported(file) <= allowed, file


def test_every_declared_package_is_imported() -> None:
    extras = set(PROJECT["optional-dependencies"]) - {"dev"}
    package = {name for file in PACKAGE.rglob("*.py") for name in imported(file)}
    assert declared(*extras) - NOT_IMPORTED == package
    folders = [ROOT / name for name in ("tests", "benchmarks", "scripts", "docs")]
    files = [
        ROOT / "hatch_build.py",
        *(file for folder in folders for file in folder.rglob("*.py")),
    ]
    everywhere = package | {name for file in files for name in imported(file)}
    assert declared("dev") - TOOLS - NOT_IMPORTED <= everywhere


def test_constraints_pin_every_declared_package() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pinned = {normalized(line.split("==")[0]) for line in lines if "==" in line}
    extras = set(PROJECT["optional-dependencies"]) - {"benchmark"}
    assert declared(*extras) <= pinned
