"""The wheel: the trained model and the page are in it, and it answers where it is unpacked."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BUNDLE = "deepsky/models/bundles/efficientnet"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_it_holds_what_runs_and_not_what_only_trains(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for name in ("network.onnx", "novelty.npz", "card.json", "CARD.md"):
        assert f"{BUNDLE}/{name}" in names
    assert "deepsky/server/static/index.html" in names
    assert "deepsky/py.typed" in names
    assert not any(name.endswith(".h5") for name in names)


def test_it_answers_where_it_is_unpacked(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import deepsky;"
        f"image = deepsky.read_image({str(ROOT / 'samples' / 'm-90.jpg')!r});"
        "print(deepsky.__file__, deepsky.load_classifier().classify(image.pixels).label)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    file, label = done.stdout.split()
    assert Path(file).is_relative_to(tmp_path)
    assert label == "galaxy"
