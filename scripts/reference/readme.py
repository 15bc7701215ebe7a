"""Sections of the README that the site contains, too."""

import re
from pathlib import Path
from typing import Final

__all__ = ["accuracy", "answer_fields"]

README: Final = Path(__file__).parents[2] / "README.md"


def accuracy() -> str:
    """Return the section with the accuracy of the models."""
    return _section("Accuracy")


def answer_fields() -> str:
    """Return the section that explains what a classification contains."""
    return _section("What a classification contains")


def _section(title: str) -> str:
    text = README.read_text(encoding="utf-8")
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    if found is None:
        msg = f"README.md has no section {title!r}."
        raise LookupError(msg)
    # The links of the README are relative to the root, and those of pages to a folder in docs.
    return re.sub(r"(?<=\]\()(?![a-z]+:|[#<])", "../../", found[1].strip())
