"""Output formats of the objects found in images."""

from enum import StrEnum

__all__ = ["FindFormat"]


class FindFormat(StrEnum):
    """Output format of the objects found in images."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
