"""The documentation site builds without warnings, and documents every public name."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from typing import is_typeddict
from urllib.parse import unquote, urldefrag

import pytest
import typer

from deepsky import record
from deepsky.batch.columns import table_columns
from deepsky.cli import app
from deepsky.identification import fields
from deepsky.server import Settings
from scripts.reference.python_names import public_modules
from scripts.reference.rest_api import document
from tests.checkout import ROOT


class Links(HTMLParser):
    """Collects the links and the identifiers of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        values = dict(attrs)
        self.ids |= {value for name in ("id", "name") if (value := values.get(name))}
        self.links += [value for name in ("href", "src") if (value := values.get(name))]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the built site. Warnings are errors, among them links to missing pages."""
    folder = tmp_path_factory.mktemp("site")
    build = [
        sys.executable,
        "-m",
        "mkdocs",
        "build",
        "--strict",
        "--quiet",
        "--site-dir",
        str(folder),
    ]
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    environment = os.environ | {"PYTHONPATH": paths, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(build, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Links]:
    """Links and identifiers of every page."""
    found = {}
    for path in site.rglob("*.html"):
        found[path] = Links()
        found[path].feed(path.read_text(encoding="utf-8"))
    return found


def text_of(site: Path, page: str) -> str:
    return (site / page / "index.html").read_text(encoding="utf-8")


def test_links_lead_to_pages_and_sections_of_the_site(pages: dict[Path, Links]) -> None:
    broken = []
    for path, page in pages.items():
        for link in page.links if path.name != "404.html" else []:
            address, anchor = urldefrag(unquote(link))
            if re.match(r"[a-z]+:|//", address):
                continue
            target = (path.parent / address).resolve() if address else path
            target = target / "index.html" if target.is_dir() else target
            known = target.exists() and (
                not anchor or anchor in pages[target].ids or anchor == "__skip"
            )
            if not known:
                broken.append(f"{path.parent.name}: {link}")
    assert len(pages) > 30
    assert broken == []


def test_links_between_files_lead_somewhere_on_github() -> None:
    generated = ("samples.zip", "python/")  # only the site contains them
    files = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("docs/**/*.ipynb")]
    links = {
        (file, unquote(urldefrag(link).url))
        for file in files
        for link in re.findall(r"\]\((?![a-z]+:|[#<])([^)\s]+)\)", file.read_text(encoding="utf-8"))
    }
    assert len(links) > 100
    missing = [
        f"{file.relative_to(ROOT)}: {link}"
        for file, link in links
        if not (file.parent / link).exists() and not any(part in link for part in generated)
    ]
    assert missing == []


def test_pages_load_nothing_from_other_servers(pages: dict[Path, Links]) -> None:
    for path in pages:
        text = path.read_text(encoding="utf-8")
        loaded = re.findall(r'<(?:script|img|iframe)[^>]+src="?(?:https?:)?//[^">]+', text)
        loaded += re.findall(r'<link[^>]+rel="?stylesheet"?[^>]+href="?(?:https?:)?//[^">]+', text)
        assert loaded == [], path


@pytest.mark.parametrize("module", public_modules())
def test_every_public_name_has_an_entry(pages: dict[Path, Links], site: Path, module: str) -> None:
    ids = pages[site / "reference" / "python" / module / "index.html"].ids
    names = [name for name in import_module(module).__all__ if f"{module}.{name}" not in MODULES]
    assert [name for name in names if f"{module}.{name}" not in ids] == []


MODULES = {"deepsky.errors"}


def test_every_command_and_option_has_an_entry(site: Path) -> None:
    text = text_of(site, "reference/cli")
    root = typer.main.get_command(app)
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        assert f">deepsky {name}</code>" in text
        for parameter in command.params:
            for option in parameter.opts:
                found = re.search(rf"[>\s]{option}[\s,<]", text)
                assert found or not option.startswith("--"), (name, option)


def test_every_setting_has_an_entry(site: Path) -> None:
    text = text_of(site, "reference/settings")
    for name, setting in Settings.model_fields.items():
        assert f">DEEPSKY_{name.upper()}<" in text
        assert setting.description


def test_every_route_has_an_entry(site: Path) -> None:
    text = text_of(site, "reference/api")
    for path, operations in document()["paths"].items():
        for method in operations:
            assert f">{method.upper()} {path}</code>" in text


def test_every_column_has_an_entry(site: Path) -> None:
    text = text_of(site, "reference/record")
    for column in table_columns():
        assert f">{column.name}</code>" in text


RECORD = [
    record.Record,
    record.RecordError,
    *(
        part
        for name in fields.__all__
        if is_typeddict(part := getattr(fields, name)) and part is not fields.IdentificationFields
    ),
]
"""The typed dictionaries of which a record consists. `Record` has all `IdentificationFields`."""


@pytest.mark.parametrize("part", RECORD, ids=lambda part: part.__name__)
def test_every_field_of_a_record_is_explained(site: Path, part: type) -> None:
    page = text_of(site, "reference/record")
    parts = [one for one in RECORD if one.__annotations__.items() <= part.__annotations__.items()]
    listed = [one for one in parts if f'id="{one.__module__}.{one.__name__}"' in page]
    names = re.findall(
        r"^ {4}(\w[\w, ]*) : ", "\n".join(map(str, [one.__doc__ for one in listed])), re.M
    )
    assert {name for group in names for name in group.split(", ")} >= set(part.__annotations__)
