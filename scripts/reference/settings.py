"""The settings of the server, as the settings class describes them."""

from typing import Any, Final

from deepsky.server import Settings
from scripts.reference.markdown import table

__all__ = ["settings"]

MACHINE: Final = {
    "data": "the user's data folder",
    "readers": "one per CPU core",
    "solver_processes": "one per two CPU cores, at most 4",
}
"""Defaults that depend on the machine."""


def settings() -> str:
    """Return a table of the settings with their defaults."""
    return table(
        ["setting", "default", "meaning"],
        (
            [
                f"`DEEPSKY_{name.upper()}`",
                MACHINE.get(name) or _shown(field.default),
                field.description or "",
            ]
            for name, field in Settings.model_fields.items()
        ),
    )


def _shown(default: Any) -> str:
    return f"`{default}`" if default not in (None, "", []) else "empty"
