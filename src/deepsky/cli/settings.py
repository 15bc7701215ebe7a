"""Settings, from the environment and the command line."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from deepsky.cli.failure import USAGE, stop

if TYPE_CHECKING:
    from deepsky.server import Settings

__all__ = ["read_settings"]


def read_settings(**given: Any) -> "Settings":
    """Read the settings; exit where one makes no sense.

    Parameters
    ----------
    given : dict
        What the command line says, which goes before the environment; None where nothing.
    """
    from pydantic import ValidationError

    from deepsky.server import Settings

    options = {name: value for name, value in given.items() if value is not None}
    try:
        return Settings(**options)
    except ValidationError as error:
        reasons = [
            ": ".join(
                (
                    *(_as_given(str(name), options) for name in part["loc"][:1]),
                    part["msg"].removeprefix("Value error, "),
                )
            )
            for part in error.errors()
        ]
        stop(f"a setting is wrong. {'; '.join(reasons)}.", USAGE)


def _as_given(name: str, options: Mapping[str, object]) -> str:
    """Name a setting as whoever gave it did: as an option, or in the environment."""
    return f"--{name}" if name in options else f"DEEPSKY_{name.upper()}"
