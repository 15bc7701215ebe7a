"""Every code block of the documentation runs, or states why not and has valid syntax.

The blocks of a page run one after the other, in a folder with real images. Python blocks share
their variables. Commands use the shipped models, and a server that listens on a free port.
"""

import ast
import doctest
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from astropy.io import fits

from scripts.reference.sample_images import sample_archive
from tests.checkout import ROOT
from tests.documentation.code_blocks import CodeBlock, code_blocks
from tests.environments import running_server, write_program

PAGES: Final = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SHELLS: Final = ("sh", "console")
MAIN: Final = "from deepsky.cli import app; app()"
SERVER: Final = "http://127.0.0.1:8000"
CHECKED: Final = {"", "text", "powershell", "ini", "nginx", "html"}
"""Languages of blocks that are not run and whose syntax is not checked."""

COPIES: Final = {
    "M51.fits": "ngc-7006.fits",
    "M31.fits": "ngc-7006.fits",
    "M31.jpg": "m-90.jpg",
    "M42.jpg": "ngc-3199.jpg",
    "milky-way.jpg": "summer-palace.jpg",
    "milky-way.fits": "ngc-7006.fits",
    "images/galaxy/m-90.jpg": "m-90.jpg",
    "images/star_cluster/ngc-362.jpg": "ngc-362.jpg",
    "archive/2024/m-90.jpg": "m-90.jpg",
    "archive/ngc-7006.fits": "ngc-7006.fits",
    "night/m-90.jpg": "m-90.jpg",
    "night/ngc-7006.fits": "ngc-7006.fits",
    "fields/ngc-3199.jpg": "ngc-3199.jpg",
}
"""Files that the examples name, and the sample images that take their places."""


PLACE: Final = {
    "CTYPE1": "RA---TAN",
    "CTYPE2": "DEC--TAN",
    "CRVAL1": 315.37,
    "CRVAL2": 16.19,
    "CRPIX1": 128.5,
    "CRPIX2": 128.5,
    "CDELT1": -0.0004,
    "CDELT2": 0.0004,
}
"""A place on the sky for FITS files whose examples need one."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with the images that the examples name."""
    home = tmp_path / "home"
    work = tmp_path / "work"
    programs = tmp_path / "programs"
    for made in (home, work, programs):
        made.mkdir()
    with zipfile.ZipFile(BytesIO(sample_archive())) as archive:
        archive.extractall(work)
    for name, sample in COPIES.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(work / "samples" / sample, work / name)
    for name in ("M31.fits", "night/ngc-7006.fits"):
        with fits.open(work / name, mode="update") as opened:
            opened[0].header.update(PLACE)
    # Searching for the small samples would take the whole time limit. The real engines have tests
    # of their own.
    write_program(programs / "solve-field", "exit 1")
    write_program(programs / "deepsky", f'exec "{sys.executable}" -c "{MAIN}" "$@"')
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(work)
    return work


@contextmanager
def server_for(blocks: list[CodeBlock]) -> Iterator[str]:
    """Start a server if the blocks need one, and yield its address."""
    if not any(SERVER in block.code for block in blocks if block.reason is None):
        yield SERVER
        return
    command = [sys.executable, "-c", MAIN, "serve", "--port", "0"]
    with running_server(command, os.environ) as address:
        yield address.rstrip("/")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_code_blocks_run(page: Path, folder: Path) -> None:
    blocks = list(code_blocks(page))
    names: dict[str, Any] = {"__name__": "__main__"}
    with server_for(blocks) as address:
        for block in blocks:
            where = f"{page.name}:{block.line}"
            if block.reason is not None or block.language not in (*SHELLS, "python"):
                check_syntax(block, where)
            elif block.language == "python":
                run_python(block, names, where)
            else:
                printed = run_shell(block.code.replace(SERVER, address), folder, where)
                assert block.output is None or lines_of(printed) == lines_of(block.output), where


def run_python(block: CodeBlock, names: dict[str, Any], where: str) -> None:
    """Run a block, and compare its output with that on the page."""
    if ">>> " in block.code:
        test = doctest.DocTestParser().get_doctest(block.code, names, where, where, 0)
        report = StringIO()
        doctest.DocTestRunner().run(test, out=report.write, clear_globs=False)
        assert not report.getvalue(), report.getvalue()
        names.update(test.globs)
        return
    printed = StringIO()
    with redirect_stdout(printed):
        exec(compile(block.code, where, "exec"), names)
    assert block.output is None or printed.getvalue() == block.output, where


def run_shell(code: str, folder: Path, where: str) -> str:
    """Run a block in bash, which stops at the first command that fails; return its output."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", code],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, f"{where}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def lines_of(text: str) -> list[str]:
    """Return the lines of a text without trailing spaces."""
    return [line.rstrip() for line in text.splitlines()]


def check_syntax(block: CodeBlock, where: str) -> None:
    """Check the syntax of a block that is not run."""
    match block.language:
        case "python":
            ast.parse(block.code, where)
        case "json":
            json.loads(block.code)
        case "yaml":
            yaml.safe_load(block.code)
        case "sh" | "console":
            done = subprocess.run(["bash", "-n", "-c", block.code], capture_output=True, text=True)
            assert done.returncode == 0, f"{where}\n{done.stderr}"
        case language:
            assert language in CHECKED, f"{where}: {language!r} is neither run nor checked."


def test_outputs_on_the_pages_are_compared() -> None:
    compared = [
        block
        for page in PAGES
        for block in code_blocks(page)
        if block.language == "python" and block.output is not None
    ]
    assert len(compared) > 2
