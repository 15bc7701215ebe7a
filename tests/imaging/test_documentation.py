from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from deepsky.errors import ImageError
from deepsky.imaging import Limits

PAGE = (Path(__file__).parents[2] / "docs" / "imaging.md").read_text(encoding="utf-8")


def family(error: type[ImageError]) -> Iterator[type[ImageError]]:
    yield error
    for child in error.__subclasses__():
        yield from family(child)


def test_every_error_code_is_documented() -> None:
    missing = {error.code for error in family(ImageError) if f"`{error.code}`" not in PAGE}

    assert not missing


def test_every_limit_is_documented_with_its_default() -> None:
    limits = [field for field in fields(Limits) if field.name.startswith("max_")]
    assert len(limits) >= 4
    for field in limits:
        assert f"| `{field.name}` | {field.default:,} |" in PAGE
