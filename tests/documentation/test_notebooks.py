"""The notebooks run, and print what is stored in them."""

import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from scripts.reference.notebooks import notebook_page
from scripts.reference.sample_images import sample_archive
from tests.checkout import ROOT

NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))
SLOW = {"train"}
MOST_BYTES = 300_000


def run(notebook: Path, folder: Path) -> Any:
    """Run a notebook in a folder, and return it with its outputs."""
    read = nbformat.read(notebook, as_version=4)
    return NotebookClient(read, timeout=280, resources={"metadata": {"path": folder}}).execute()


def texts(notebook: Any) -> list[str]:
    """Return, for each cell of a notebook, what it prints and returns."""
    return [
        "".join(
            output.get("text") or output.data["text/plain"]
            for output in cell.outputs
            if output.get("name") != "stderr" and "image/png" not in output.get("data", {})
        )
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


@pytest.mark.parametrize(
    "notebook",
    [
        pytest.param(path, id=path.stem, marks=[pytest.mark.slow] * (path.stem in SLOW))
        for path in NOTEBOOKS
    ],
)
def test_notebook_prints_what_is_stored(
    notebook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    with zipfile.ZipFile(BytesIO(sample_archive())) as archive:
        archive.extractall(tmp_path)

    printed = texts(run(notebook, tmp_path))

    if notebook.stem not in SLOW:  # training gives other numbers on other processors
        assert printed == texts(nbformat.read(notebook, as_version=4))


def test_notebooks_are_small() -> None:
    assert len(NOTEBOOKS) == 5
    assert all(path.stat().st_size < MOST_BYTES for path in NOTEBOOKS)


def test_page_of_a_notebook_shows_its_outputs() -> None:
    page = notebook_page(ROOT / "docs" / "notebooks" / "trust.ipynb")

    assert page.markdown.startswith("# How far can I trust it?\n")
    assert "```python\n" in page.markdown
    assert "```text\n" in page.markdown
    assert all(f"]({name})" in page.markdown for name in page.images)
    assert all(image.startswith(b"\x89PNG") for image in page.images.values())


def test_what_a_cell_prints_is_one_block() -> None:
    page = notebook_page(ROOT / "docs" / "notebooks" / "lesson_en.ipynb").markdown
    [block] = re.findall(r"```text\n(.*?)\n```", page, re.DOTALL)
    assert [line[:2] for line in block.splitlines()] == ["A:", "B:", "C:", "D:", "E:", "F:"]
