"""Wheels and sdists contain the models and the web page, or the build fails with a message."""

import os
import re
import subprocess
import sys
import tarfile
import urllib.request
import zipfile
from pathlib import Path
from runpy import run_path
from urllib.parse import urljoin

import pytest

from tests.checkout import ROOT, checkout_files, copy_files, link_web_packages
from tests.environments import create_environment, isolated, running_server, write_program

BUNDLE = "deepsky/models/bundles/efficientnet"
PAGE = "deepsky/server/static/index.html"
PROJECT = (
    "hatch_build.py",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "NOTICE.md",
    "samples/CREDITS.md",
)
NEEDED = (".gitignore", "src/", "web/", "samples/", *PROJECT)
BUILD = [sys.executable, "-m", "hatchling", "build"]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the files from a fresh clone that are needed to build the package."""
    folder = tmp_path_factory.mktemp("clone")
    files = [name for name in checkout_files() if name.startswith(NEEDED)]
    copy_files(files, folder)
    link_web_packages(folder)
    return folder


@pytest.fixture(scope="module")
def built(clone: Path) -> Path:
    """Folder that contains the sdist and the wheel built from the clone."""
    assert not (clone / "src" / PAGE).exists()
    subprocess.run(BUILD, cwd=clone, check=True, capture_output=True)
    return clone / "dist"


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (wheel,) = built.glob("*.whl")
    return wheel


def test_wheel_contains_models_with_keras_weights_and_page(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for name in ("network.onnx", "novelty.npz", "card.json", "CARD.md"):
        assert f"{BUNDLE}/{name}" in names
    assert {PAGE, f"{PAGE}.br", f"{PAGE}.gz"} <= names
    assert "deepsky/py.typed" in names
    assert f"{BUNDLE}/keras.weights.h5" in names  # `deepsky train --from efficientnet` needs it


def test_wheel_contains_notices_of_bundled_works(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        bundled = archive.read("deepsky/server/static/licences.md").decode()
        metadata = archive.read(next(n for n in names if n.endswith("/METADATA"))).decode()
    for package in ("react", "@mantine/core", "@tanstack/react-query", "react-router"):
        assert f"## {package} - " in bundled, package
    assert bundled.count("MIT") > 5
    for name in ("LICENSE", "NOTICE.md", "samples/CREDITS.md"):
        assert any(each.endswith(f".dist-info/licenses/{name}") for each in names)
    assert "Project-URL: Source, https://" in metadata


def test_description_for_the_package_index_has_only_absolute_links(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        name = next(n for n in archive.namelist() if n.endswith("/METADATA"))
        description = archive.read(name).decode().partition("\n\n")[2]
    links = re.findall(r"\]\(([^)]+)\)", description)
    assert len(links) > 20
    assert [link for link in links if not link.startswith(("https://", "http://", "#"))] == []


def test_sdist_contains_built_page(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = archive.getnames()
    page = f"{sdist.name.removesuffix('.tar.gz')}/src/{PAGE}"
    assert {page, f"{page}.br", f"{page}.gz"} <= set(names)
    assert not any("node_modules" in name for name in names)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checkout in which the web page has not been built."""
    copy_files([*PROJECT, "src/deepsky/__init__.py"], tmp_path)
    (tmp_path / "web" / "node_modules").mkdir(parents=True)
    return tmp_path


def build(project: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PATH": str(project)}
    return subprocess.run(BUILD, cwd=project, env=environment, capture_output=True, text=True)


def test_build_without_page_and_npm_names_what_to_install(project: Path) -> None:
    done = build(project)
    assert done.returncode != 0
    assert "Install Node.js 20.19 or newer" in done.stderr
    assert not list(project.glob("dist/*"))


def test_build_fails_if_npm_fails(project: Path) -> None:
    write_program(project / "npm", "exit 1")
    done = build(project)
    assert done.returncode != 0
    assert "'npm run build' failed" in done.stderr


def test_editable_installation_needs_no_page(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(project))
    hook = run_path(str(ROOT / "hatch_build.py"))["PageBuildHook"]
    hook(str(project), {}, None, None, str(project), "wheel").initialize("editable", {})
    with pytest.raises(SystemExit):
        hook(str(project), {}, None, None, str(project), "wheel").initialize("standard", {})


def test_installed_wheel_classifies_and_serves_page(wheel: Path, tmp_path: Path) -> None:
    programs = create_environment(tmp_path / "environment")
    environment = isolated(programs)
    install = [str(programs / "pip"), "install", "--quiet", "--no-index", str(wheel)]
    subprocess.run(install, env=environment, check=True)
    deepsky, sample = str(programs / "deepsky"), str(ROOT / "samples" / "m-90.jpg")
    classify = [deepsky, "classify", sample, "--format", "csv"]
    done = subprocess.run(classify, env=environment, check=True, capture_output=True, text=True)
    assert ",galaxy," in done.stdout
    with running_server([deepsky, "serve", "--port", "0"], environment) as url:
        with urllib.request.urlopen(url) as response:
            page = response.read().decode()
        script = page.split('<script type="module"')[1].split('src="')[1].split('"')[0]
        with urllib.request.urlopen(urljoin(url, script)) as response:
            assert response.read(100)
