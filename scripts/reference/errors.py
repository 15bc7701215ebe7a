"""The kinds of errors, as the exception classes and the server describe them."""

import inspect
from typing import Final

from deepsky import DeepskyError, errors
from deepsky.server.problem_codes import PROBLEM_CODES
from deepsky.server.problems import STATUSES
from scripts.reference.markdown import table

__all__ = ["error_codes", "problem_codes"]

BUILT_IN: Final = (FileNotFoundError, TimeoutError, OSError, RuntimeError, ValueError)


def error_codes() -> str:
    """Return a table of the exceptions with their codes, in the order of their definition."""
    found = sorted(
        (getattr(errors, name) for name in errors.__all__),
        key=lambda error: inspect.getsourcelines(error)[1],
    )
    return table(
        ["code", "exception", "also a", "HTTP status", "meaning"],
        (_row(error) for error in found if error is not DeepskyError),
    )


def problem_codes() -> str:
    """Return a table of the codes that only responses of the API have."""
    return table(
        ["code", "HTTP status", "meaning"],
        ([f"`{code}`", str(int(status)), text] for code, (status, text) in PROBLEM_CODES.items()),
    )


def _row(error: type[DeepskyError]) -> list[str]:
    name = error.__name__
    return [
        f"`{error.code}`",
        f"[`{name}`][deepsky.errors.{name}]",
        next((f"`{kind.__name__}`" for kind in BUILT_IN if issubclass(error, kind)), ""),
        str(STATUSES[error.code].value) if error.code in STATUSES else "",
        inspect.getdoc(error) or "",
    ]
