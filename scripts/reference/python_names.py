"""The public names of the Python package, for mkdocstrings."""

from importlib import import_module
from pathlib import Path
from typing import Final

import deepsky

__all__ = ["public_modules", "python_names"]

NOT_PUBLIC: Final = ("cli", "training")
"""Packages that only the command line uses."""

FURTHER: Final = (
    "deepsky.annotation.annotate",
    "deepsky.batch.events",
    "deepsky.sky.position",
    "deepsky.sky.reduction",
)
"""Public modules in packages that gather no names themselves."""


def public_modules() -> list[str]:
    """Return the modules with public names: the package, sub-packages and some modules."""
    root = Path(deepsky.__file__).parent
    packages = (
        ".".join(("deepsky", *path.parent.relative_to(root).parts))
        for path in root.rglob("__init__.py")
        if path.parent.relative_to(root).parts[:1] not in {(name,) for name in NOT_PUBLIC}
        and "__all__" in path.read_text(encoding="utf-8")
    )
    return sorted({*packages, "deepsky.errors", *FURTHER})


def python_names(module: str) -> str:
    """Return the directives that document each public name of a module.

    Parameters
    ----------
    module : str
        Name of the module, such as ``deepsky.models``.
    """
    names = sorted(import_module(module).__all__, key=str.lower)
    return "\n\n".join(f"::: {module}.{name}" for name in names if module + name != "deepskyerrors")
