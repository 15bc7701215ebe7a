"""The container image can be built from the build context, and its server becomes healthy."""

import json
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from tests.checkout import ROOT, checkout_files, copy_files
from tests.dockerfile import build_context, read_stages, run_stage
from tests.environments import create_environment, isolated, running_server, write_program

STAGES = read_stages((ROOT / "Dockerfile").read_text("utf-8"))
FINAL = STAGES[-1]
SLOW = [pytest.mark.slow, pytest.mark.timeout(1200)]


def write_stand_ins(programs: Path, *, downloads: bool) -> None:
    """Write replacements for programs that would change the system or download packages."""
    write_program(programs / "useradd", "exit 0")
    write_program(programs / "install", 'for last in "$@"; do :; done; mkdir -p "$last"')
    if not downloads:
        write_program(
            programs / "npm",
            f"""if [ "$1" = ci ]; then
    cmp package-lock.json '{ROOT}/web/package-lock.json' &&
        exec ln -s '{(ROOT / "web" / "node_modules").resolve()}' node_modules
fi
exec '{shutil.which("npm")}' "$@\"""",
        )


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(False, id="with-installed-packages"),
        pytest.param(
            True, id="with-downloads", marks=[pytest.mark.slow, pytest.mark.timeout(1200)]
        ),
    ],
)
def image(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Root folder of the container image, after all build stages have run."""
    folder = tmp_path_factory.mktemp("image")
    sources = {"": folder / "context"}
    ignore = (ROOT / ".dockerignore").read_text("utf-8")
    copy_files(build_context(checkout_files(large=request.param), ignore), sources[""])
    for number, stage in enumerate(STAGES):
        root = folder / str(number)
        if stage.base.startswith("python:"):
            programs = create_environment(root / "environment", with_packages=not request.param)
        else:
            programs = root / "programs"
            programs.mkdir(parents=True)
        write_stand_ins(programs, downloads=request.param)
        variables = {} if request.param else {"PIP_NO_INDEX": "1"}
        run_stage(stage, root, sources, isolated(programs, **variables))
        sources[stage.name] = root
    return sources[FINAL.name]


def test_image_serves_page_and_becomes_healthy(image: Path, tmp_path: Path) -> None:
    programs = image / "environment" / "bin"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    variables = FINAL.variables() | {"DEEPSKY_DATA": str(tmp_path), "DEEPSKY_PORT": str(port)}
    environment = isolated(programs, **variables)
    (program,) = FINAL.command("ENTRYPOINT")
    deepsky = str(programs / program)
    subprocess.run([deepsky, "keys", "add", "test"], env=environment, check=True)
    _, health = FINAL.arguments("HEALTHCHECK")[-1].split("CMD ")
    python, *check = json.loads(health)
    with running_server([deepsky, *FINAL.command("CMD")], environment):
        while subprocess.run([programs / python, *check], env=environment).returncode:
            time.sleep(0.2)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as response:
            page = response.read().decode()
    assert re.search(r'<script [^>]*src="\./assets/', page)


def test_build_context_contains_no_tests_and_no_built_files() -> None:
    files = [
        "src/deepsky/__init__.py",
        "src/deepsky/server/static/index.html",
        "src/deepsky/models/bundles/efficientnet/keras.weights.h5",
        "src/deepsky/models/bundles/efficientnet/network.onnx",
        "src/deepsky/__pycache__/x.pyc",
        "web/src/main.tsx",
        "web/e2e/access.ts",
        "web/node_modules/vite/package.json",
        "tests/conftest.py",
        ".env",
    ]
    left = build_context(files, (ROOT / ".dockerignore").read_text("utf-8"))
    assert left == [files[0], files[3], files[5]]


def test_bases_are_pinned_and_user_is_numeric() -> None:
    for stage in STAGES:
        assert re.search(r":\d+\.\d+\.\d+-\w+", stage.base), stage.base
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", FINAL.arguments("USER")[-1])
