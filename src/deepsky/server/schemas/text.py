"""Limits on the text in requests."""

from typing import Final

__all__ = ["MAX_NAME", "NO_NULL"]

MAX_NAME: Final = 255
"""Maximum length of names in requests, in characters."""

NO_NULL: Final = r"^[^\x00]*$"
"""Pattern that rejects null characters, which PostgreSQL cannot store."""
