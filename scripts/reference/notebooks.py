"""Notebooks as pages of the site, with the outputs that are stored in them."""

import base64
from dataclasses import dataclass
from pathlib import Path

import nbformat

__all__ = ["NotebookPage", "notebook_page"]


@dataclass(frozen=True)
class NotebookPage:
    """A notebook as a page.

    Attributes
    ----------
    markdown : str
        Text of the page.
    images : dict of str to bytes
        PNG files of the outputs, by name.
    """

    markdown: str
    images: dict[str, bytes]


def notebook_page(path: Path) -> NotebookPage:
    """Return the page of a notebook.

    Parameters
    ----------
    path : Path
        File with the suffix ``.ipynb``.
    """
    parts: list[str] = []
    images: dict[str, bytes] = {}
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
            continue
        parts.append(f"```python\n{cell.source}\n```")
        # What a cell prints is one block, although it is stored in pieces, as it was received.
        printed = "".join(output.text for output in cell.outputs if "text" in output)
        if printed:
            parts.append(_output(printed))
        for data in (output.data for output in cell.outputs if "data" in output):
            if "image/png" in data:
                name = f"{path.stem}-{len(images) + 1}.png"
                images[name] = base64.b64decode(data["image/png"])
                parts.append(f"![Output]({name})")
            elif "text/plain" in data:
                parts.append(_output(data["text/plain"]))
    note = f"[Download this notebook]({path.name}){{ .md-button download }}"
    title, _, rest = parts[0].partition("\n")
    return NotebookPage("\n\n".join([title, note, rest.strip(), *parts[1:]]) + "\n", images)


def _output(text: str) -> str:
    return f"```text\n{text.rstrip()}\n```"
