"""Code blocks of Markdown pages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt

__all__ = ["NOT_RUN", "CodeBlock", "code_blocks"]

NOT_RUN: Final = re.compile(r"<!-- not run: (.+?) -->", re.DOTALL)
"""Comment that precedes a block that only its syntax is checked of, with the reason."""


@dataclass(frozen=True)
class CodeBlock:
    """A code block.

    Attributes
    ----------
    language : str
        Language of the block; empty if the page states none.
    code : str
        Its text.
    line : int
        Number of its first line in the page.
    reason : str or None
        Why it is not run; None if it is run.
    output : str or None
        The expected output: the block in the language ``text`` after it.
    """

    language: str
    code: str
    line: int
    reason: str | None
    output: str | None


def code_blocks(page: Path) -> Iterator[CodeBlock]:
    """Yield the code blocks of a page."""
    tokens = MarkdownIt().parse(page.read_text(encoding="utf-8"))
    for index, token in enumerate(tokens):
        if token.type not in ("fence", "code_block") or token.map is None:
            continue
        before = tokens[index - 1] if index else None
        comment = NOT_RUN.match(before.content) if before and before.type == "html_block" else None
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        is_output = after is not None and after.type == "fence" and after.info == "text"
        yield CodeBlock(
            token.info.strip(),
            token.content,
            token.map[0] + 1,
            comment[1] if comment else None,
            after.content if after and is_output else None,
        )
