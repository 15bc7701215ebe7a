"""The version is the same in all files, and the changes of all models are listed."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import deepsky
from deepsky.models import available_models, find_bundle
from tests.checkout import ROOT

FILES = (
    "src/deepsky/__init__.py",
    "CITATION.cff",
    "CHANGELOG.md",
    "web/package.json",
    "web/package-lock.json",
)

BETA = "Development Status :: 4 - Beta"
STABLE = "Development Status :: 5 - Production/Stable"
STATUS = {BETA, STABLE}


def versions(root: Path) -> set[str]:
    code = (root / FILES[0]).read_text("utf-8")
    citation = (root / "CITATION.cff").read_text("utf-8")
    web, lock = (json.loads((root / name).read_text("utf-8")) for name in FILES[3:])
    return {
        str(re.search(r'__version__ = "(.*)"', code)[1]),  # type: ignore[index]
        str(re.search(r"(?m)^version: (.*)$", citation)[1]),  # type: ignore[index]
        web["version"],
        lock["version"],
        lock["packages"][""]["version"],
    }


def classifiers(root: Path) -> set[str]:
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    return set(project["project"]["classifiers"])


def test_all_files_have_the_same_version() -> None:
    assert versions(ROOT) == {deepsky.__version__}
    is_stable = not re.match(r"0\.|.*[abr]", deepsky.__version__)
    assert classifiers(ROOT) & STATUS == {STABLE if is_stable else BETA}


def test_one_command_sets_the_version(tmp_path: Path) -> None:
    for name in (*FILES, "pyproject.toml", "scripts/set-version"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, tmp_path / name)

    subprocess.run([sys.executable, tmp_path / "scripts/set-version", "9.8.7"], check=True)

    assert versions(tmp_path) == {"9.8.7"}
    changes = (tmp_path / "CHANGELOG.md").read_text("utf-8")
    assert classifiers(tmp_path) & STATUS == {STABLE}
    assert re.search(r"## Unreleased\n\n## 9\.8\.7 \(\d{4}-\d\d-\d\d\)\n", changes)


def test_each_shipped_model_version_is_in_the_change_log_of_the_models() -> None:
    changes = (ROOT / "src/deepsky/models/CHANGELOG.md").read_text("utf-8")
    pattern = r"(?ms)^## [^\n]*\(`(\w+)`[^\n]*\n(.*?)(?=^## |\Z)"
    sections = dict(re.findall(pattern, changes))
    for name in available_models():
        assert f"| {find_bundle(name).version} |" in sections[name], name


def test_repository_is_the_same_in_all_files() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    source = project["project"]["urls"]["Source"]
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    repositories = set(
        re.findall(r"https://(?:github|raw\.githubusercontent)\.com/([\w-]+/deepsky)\b", text)
    )
    assert repositories == {source.removeprefix("https://github.com/")}


def test_supported_python_versions_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    listed = re.findall(r"Python :: (3\.\d+)", "\n".join(project["classifiers"]))
    assert project["requires-python"] == f">={listed[0]}"
    assert len(listed) >= 3
