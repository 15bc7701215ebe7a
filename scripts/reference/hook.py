"""MkDocs hook: pages, and parts of pages, that are generated from the code and its files.

A page contains a generated part in place of a comment such as ``<!-- generated: settings -->``.
Links to files outside ``docs`` become links to their page, or to a copy of the file in the site.
"""

import posixpath
import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any, Final

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

from deepsky.models import available_models
from scripts.reference.command_line import commands
from scripts.reference.errors import error_codes, problem_codes
from scripts.reference.notebooks import notebook_page
from scripts.reference.python_names import public_modules, python_names
from scripts.reference.readme import accuracy, answer_fields
from scripts.reference.records import columns
from scripts.reference.rest_api import routes, schemas
from scripts.reference.sample_images import sample_archive
from scripts.reference.settings import settings

__all__ = ["on_files", "on_page_markdown"]

ROOT: Final = Path(__file__).parents[2]
CARDS: Final = "src/deepsky/models/bundles"

PARTS: Final[dict[str, Callable[[], str]]] = {
    "accuracy": accuracy,
    "answer_fields": answer_fields,
    "columns": columns,
    "commands": commands,
    "errors": error_codes,
    "problems": problem_codes,
    "routes": routes,
    "schemas": schemas,
    "settings": settings,
}

PAGES: Final = {
    "README.md": "index.md",
    "SECURITY.md": "explanation/security.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "CODE_OF_CONDUCT.md": "code-of-conduct.md",
    "NOTICE.md": "notices.md",
    "src/deepsky/models/CHANGELOG.md": "reference/models/changes.md",
    "dataset/README.md": "explanation/dataset.md",
    "samples/CREDITS.md": "credits.md",
} | {f"{CARDS}/{name}/CARD.md": f"reference/models/{name}.md" for name in available_models()}
"""Pages of the site, by the file in the repository that contains their text."""

FOLDERS: Final = {"src/deepsky/models/bundles": "reference/models/efficientnet.md"}
"""Pages for links to folders."""

COMMENT: Final = re.compile(r"^<!-- generated: (\w+) -->$", re.MULTILINE)
LINK: Final = re.compile(r"(?<=\]\()(?![a-z]+:|[#<])([^)\s#]+)")
FENCE: Final = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)


def on_files(files: Files, config: Any) -> Files:
    """Add the generated pages, and the sample images of the tutorial."""
    for source, page in PAGES.items():
        if page != "index.md":
            text = (ROOT / source).read_text(encoding="utf-8")
            files.append(File.generated(config, page, content=text))
    for module in public_modules():
        text = f"# {module}\n\n{python_names(module)}\n"
        files.append(File.generated(config, f"reference/python/{module}.md", content=text))
    files.append(File.generated(config, "samples.zip", content=sample_archive()))
    for notebook in sorted((ROOT / "docs" / "notebooks").glob("*.ipynb")):
        shown = notebook_page(notebook)
        files.append(
            File.generated(config, f"notebooks/{notebook.stem}.md", content=shown.markdown)
        )
        for name, image in shown.images.items():
            files.append(File.generated(config, f"notebooks/{name}", content=image))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Insert the generated parts, and adapt the links to files outside ``docs``."""
    origins = {page: source for source, page in PAGES.items() if page != "index.md"}
    origin = origins.get(page.file.src_uri)
    source = origin or f"docs/{page.file.src_uri}"
    text = COMMENT.sub(lambda found: _part(found[1]), markdown)
    if page.file.generated_by and origin is None:
        return text
    return "".join(
        part if part.startswith("```") else _relink(part, source, page, config, files)
        for part in FENCE.split(text)
    )


def _part(name: str) -> str:
    if name not in PARTS:
        msg = f"There is no generated part {name!r}; there are {', '.join(PARTS)}."
        raise PluginError(msg)
    return PARTS[name]()


def _relink(text: str, source: str, page: Any, config: Any, files: Files) -> str:
    """Replace links, which are relative to a source file, by links relative to its page."""

    def replace(found: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(source), found[1]))
        uri = (PAGES | FOLDERS).get(target) or target.removeprefix("docs/")
        if target.startswith("docs/notebooks/"):
            uri = str(PurePosixPath(uri).with_suffix(".md"))
        if uri == target and uri.endswith(".md"):
            msg = f"{source} links to {target}: add it to PAGES, and to nav in mkdocs.yml."
            raise PluginError(msg)
        if uri == target and (ROOT / target).is_file():
            uri = f"files/{target}"
            if files.get_file_from_path(uri) is None:
                copied = File.generated(config, uri, abs_src_path=str(ROOT / target))
                files.append(copied)
        return posixpath.relpath(uri, posixpath.dirname(page.file.src_uri) or ".")

    return LINK.sub(replace, text)
