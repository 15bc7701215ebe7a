"""Tests for runs on a local Ray cluster, with two copies of the model.

Each run uses a separate process, because Ray leaves threads, sockets and signal handlers behind.
"""

import os
import subprocess
import sys
import tarfile
from pathlib import Path
from shutil import copytree

import pytest

from deepsky.sky.solvers.astap import Astap
from tests.plain_image import plain_image

COLOURS = [(255, 230, 0), (250, 10, 5), (5, 0, 255)]
LOST_WORKER = r"""
import json, os, signal, subprocess, sys
from pathlib import Path
from deepsky.batch.cluster import Cluster
from deepsky.batch.job import Job
from deepsky.models.registry import find_bundle

def children(parent, name):
    found = subprocess.run(["pgrep", "-P", parent, "-f", name], capture_output=True, text=True)
    return found.stdout.split()

def workers():  # process IDs of this cluster's workers only
    [raylet] = children(str(os.getpid()), "raylet/raylet")
    return children(raylet, "^ray::.*_Actor")

killed = []
def kill(outcome):
    if not killed:
        killed.append(min(map(int, workers())))
        os.kill(killed[0], signal.SIGKILL)

bundle = find_bundle("efficientnet")
job = Job(sys.argv[1], bundle, workers=1, ray="local")
with Path("lost.jsonl").open("w") as file:
    for result in Cluster(job, [kill]).run(job.find_sources()):
        file.write(json.dumps(result.record) + "\n")
print(len(killed), file=sys.stderr)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Folder with 360 files in six blocks: 357 images and three files that are not images."""
    folder = tmp_path / "images"
    folder.mkdir()
    for number in range(360):
        path = folder / f"{number:03}.png"
        plain_image("RGB", (20, 30), COLOURS[number % 3]).save(path)
    for number in (0, 100, 359):
        (folder / f"{number:03}.png").write_bytes(b"no image")
    return folder


def run(arguments: list[str], models: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        arguments,
        cwd=folder,
        # By default, Ray lowers the priority of its workers, which slows down the tests.
        env=os.environ | {"DEEPSKY_MODELS": str(models), "RAY_worker_niceness": "0"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def classify(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from deepsky.cli import app; app()", "classify", *arguments]


def test_model_in_a_renamed_folder_is_found(tiny_models: Path, tmp_path: Path) -> None:
    copytree(tiny_models / "efficientnet", tmp_path / "models" / "mine")
    plain_image("RGB", (20, 30), COLOURS[0]).save(tmp_path / "galaxy.png")
    options = ["--model", "mine", "--output", "all.csv", "--ray", "local", "--workers", "1"]

    result = run(classify("galaxy.png", *options), tmp_path / "models", tmp_path)

    assert result.returncode == 0, result.stderr


@pytest.mark.usefixtures("folder")
def test_cluster_writes_the_same_output_as_one_machine(tiny_models: Path, tmp_path: Path) -> None:
    options = ["--sort-into", str(tmp_path / "sorted"), "--placing", "hardlink"]

    here = run(classify("images", "--output", "here.csv"), tiny_models, tmp_path)
    shared = ["images", "--output", "there.csv", "--ray", "local", "--workers", "1", *options]
    there = run(classify(*shared), tiny_models, tmp_path)

    # The exit status is 1, because three files are not images.
    assert (here.returncode, there.returncode) == (1, 1), there.stderr
    assert (tmp_path / "there.csv").read_bytes() == (tmp_path / "here.csv").read_bytes()
    assert sum(path.is_file() for path in (tmp_path / "sorted").rglob("*")) == 357
    assert there.stdout == ""


@pytest.mark.usefixtures("folder")
def test_killed_worker_loses_no_record(tiny_models: Path, tmp_path: Path) -> None:
    whole = run(classify("images", "--format", "jsonl"), tiny_models, tmp_path)
    lost = run([sys.executable, "-c", LOST_WORKER, "images"], tiny_models, tmp_path)

    assert lost.stderr.splitlines()[-1] == "1"
    assert (tmp_path / "lost.jsonl").read_text() == whole.stdout


def test_streamed_archive_is_refused(tiny_models: Path, folder: Path, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "night.tar.gz", "w:gz") as archive:
        archive.add(folder / "001.png", "001.png")

    result = run(
        classify("night.tar.gz", "--ray", "local", "--output", "there.csv"), tiny_models, tmp_path
    )

    assert result.returncode == 1
    assert "extract the archive, or run without Ray." in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.skipif(Astap().is_available(), reason="ASTAP is installed")
@pytest.mark.usefixtures("folder")
def test_missing_solver_is_told_without_a_traceback(tiny_models: Path, tmp_path: Path) -> None:
    options = ["--output", "there.csv", "--ray", "local", "--workers", "1", "--solve", "astap"]

    result = run(classify("images", *options), tiny_models, tmp_path)

    assert result.returncode == 1
    assert "deepsky: The plate solver astap is not installed" in result.stderr
    assert "Traceback" not in result.stderr
