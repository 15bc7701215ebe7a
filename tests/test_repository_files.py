"""Workflows, issue forms and other files for GitHub are valid, and agree with the repository."""

import ast
import re
import shlex
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement

from tests.checkout import ROOT

GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
FORMS = sorted(
    set((GITHUB / "ISSUE_TEMPLATE").glob("*.yml")) - {GITHUB / "ISSUE_TEMPLATE/config.yml"}
)
CHECKED = [
    *((file, "github-workflows") for file in WORKFLOWS),
    *((file, "github-issue-forms") for file in FORMS),
    (GITHUB / "ISSUE_TEMPLATE/config.yml", "github-issue-config"),
    (GITHUB / "dependabot.yml", "dependabot"),
    (ROOT / "compose.yaml", "compose-spec"),
    (ROOT / "CITATION.cff", "citation-file-format"),
]


def jobs() -> list[dict[str, Any]]:
    read = [yaml.safe_load(file.read_text("utf-8")) for file in WORKFLOWS]
    return list(chain.from_iterable(workflow["jobs"].values() for workflow in read))


@pytest.mark.parametrize(("file", "schema"), CHECKED, ids=[file.name for file, _ in CHECKED])
def test_file_matches_its_schema(file: Path, schema: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    done = subprocess.run([*command, file], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_actions_are_pinned_by_commit() -> None:
    used = [step["uses"] for job in jobs() for step in job["steps"] if "uses" in step]
    assert len(used) > 10
    assert [name for name in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", name)] == []
    pins = {(name.split("@")[0], name.split("@")[1]) for name in used}
    assert len(pins) == len({name for name, _ in pins}), "one action has two versions"


def test_jobs_have_time_limits_and_scripts_that_exist() -> None:
    for job in jobs():
        assert job["timeout-minutes"] <= 120
        for step in job["steps"]:
            for script in re.findall(r"(?m)^(?:scripts|\.ci)/[\w-]+", step.get("run", "")):
                assert (ROOT / script).is_file(), script


def test_workflows_do_not_write_unless_a_job_needs_it() -> None:
    for file in WORKFLOWS:
        assert yaml.safe_load(file.read_text("utf-8"))["permissions"] == {"contents": "read"}


def test_tested_python_versions_are_those_of_the_package() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    listed = re.findall(r"Python :: (3\.\d+)", text)
    tests = yaml.safe_load((GITHUB / "workflows/test.yml").read_text("utf-8"))
    assert tests["jobs"]["install"]["strategy"]["matrix"]["python"] == listed
    assert f"Python-{listed[0]}_to_{listed[-1]}-" in (ROOT / "README.md").read_text("utf-8")


def test_make_help_lists_the_targets() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    for target in ("run", "setup", "test", "lint", "test-e2e", "clean"):
        assert f"make {target} " in done.stdout


def test_release_notes_are_the_section_of_the_version(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    script = tmp_path / "scripts/changelog-section"
    script.write_text((ROOT / "scripts/changelog-section").read_text("utf-8"))
    changes = "# Changelog\n\n## Unreleased\n\n## 1.1.0 (2026-12-01)\n- new\n\n## 1.0.0\n- first\n"
    (tmp_path / "CHANGELOG.md").write_text(changes)

    def section(version: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["sh", script, version], capture_output=True, text=True)

    assert section("1.1.0").stdout.strip() == "- new"
    assert section("1.2.0").returncode == 1


def test_command_in_releasing_sets_the_owner_in_all_links(tmp_path: Path) -> None:
    releasing = (ROOT / "RELEASING.md").read_text("utf-8")
    command = re.search(r"^git grep .* sed .*$", releasing, re.MULTILINE)
    assert command
    link = re.compile(r"OWNER[./](deepsky|github)")

    def git(*arguments: str | Path, cwd: Path) -> str:
        done = subprocess.run(["git", *arguments], cwd=cwd, capture_output=True, check=True)
        return done.stdout.decode()

    names = git("grep", "-lI", "OWNER", "--", ":!RELEASING.md", ":!tests", cwd=ROOT).splitlines()
    files = [tmp_path / name for name in names if link.search((ROOT / name).read_text("utf-8"))]
    assert len(files) > 5
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes((ROOT / file.relative_to(tmp_path)).read_bytes())
    git("init", "--quiet", cwd=tmp_path)
    git("add", ".", cwd=tmp_path)
    subprocess.run(command[0].replace("NAME", "example"), shell=True, cwd=tmp_path, check=True)
    assert [file.name for file in files if link.search(file.read_text("utf-8"))] == []
    assert "https://example.github.io/deepsky/" in (tmp_path / "README.md").read_text("utf-8")


def imported_packages(file: Path, seen: set[Path]) -> set[str]:
    """Return the packages that a file of the tests imports, and the modules of the tests in it."""
    if file in seen:
        return set()
    seen.add(file)
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    own = {name for name in names if name.startswith("tests.")}
    inner = [imported_packages(ROOT / f"{name.replace('.', '/')}.py", seen) for name in own]
    return {name.split(".")[0] for name in names - own}.union(*inner)


def test_packages_of_the_first_change_suffice_for_its_tests() -> None:
    contributing = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    command = re.search(r"pip install -c constraints.txt (.*)", contributing)
    assert command
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    installed = {Requirement(name).name for name in project["dependencies"]}
    installed |= {Requirement(name).name for name in shlex.split(command[1])}
    seen: set[Path] = set()
    files = [ROOT / "tests/conftest.py", *(ROOT / "tests/catalogue").glob("*.py")]
    imported = set().union(*(imported_packages(file, seen) for file in files))
    distributions = packages_distributions()
    missing = {
        name
        for name in imported - {"deepsky", *sys.stdlib_module_names}
        if not {dist.lower() for dist in distributions[name]} & installed
    }
    assert missing == set()
