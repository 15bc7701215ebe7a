"""Settings, from the environment and the command line."""

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

    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        reasons = [
            f"{' '.join(map(str, part['loc']))}: {part['msg']}".removeprefix(": ")
            for part in error.errors()
        ]
        stop(f"a setting is wrong. {'; '.join(reasons)}.", USAGE)
