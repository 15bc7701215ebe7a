"""Read the server's settings from the command line and the environment."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from deepsky.cli.failure import USAGE, stop

if TYPE_CHECKING:
    from deepsky.server import Settings

__all__ = ["read_settings"]


def read_settings(**options: Any) -> "Settings":
    """Read the settings; exit if one is invalid.

    Parameters
    ----------
    **options
        Settings from the command line, which override environment variables. None means that an
        option was not given.

    Returns
    -------
    Settings
    """
    from pydantic import ValidationError

    from deepsky.server import Settings

    given = {name: value for name, value in options.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        reasons = [
            ": ".join(
                (
                    *(_option_or_variable(str(name), given) for name in part["loc"][:1]),
                    part["msg"].removeprefix("Value error, "),
                )
            )
            for part in error.errors()
        ]
        stop(f"invalid settings. {'; '.join(reasons)}.", USAGE)


def _option_or_variable(name: str, given: Mapping[str, object]) -> str:
    """Return the name of the option or environment variable from which a setting was read."""
    return f"--{name}" if name in given else f"DEEPSKY_{name.upper()}"
