"""Fixtures for all tests: a tiny model that classifies colours, a dataset, and databases.

The model classifies yellow images as galaxy, red ones as nebula, blue ones as star cluster and
green ones as `other`; grey images are unfamiliar.
"""

import csv
import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from deepsky.classifier import Classifier, load_classifier
from deepsky.dataset.manifest import Example, read_manifest
from deepsky.intervals import Estimate, Proportion
from deepsky.models.card import (
    CalibrationFacts,
    CalibrationImages,
    Data,
    Head,
    Input,
    ModelCard,
    Network,
    NoveltyFacts,
    Use,
)
from deepsky.models.metrics import Coverage, Metrics, Scores, Unfamiliar
from deepsky.models.novelty import NoveltyReference
from deepsky.taxonomy import LABELS
from tests.postgresql import PostgreSQL

INPUT_SIZE = 64
COLOURS = {"galaxy": (255, 255, 0), "nebula": (255, 0, 0), "star_cluster": (0, 0, 255)}
COLOURS["other"] = (0, 255, 0)
WEIGHTS = np.array([[6, 10, -10, -10], [6, -10, -10, 10], [-12, -10, 10, -10]], dtype=np.float32)
FIELDS, VARIANTS = 14, 2
BIAS = np.array([0.5, -0.25, 0.0, 0.25], dtype=np.float32)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the training tests first.

    They take the longest and share a trained network. If they ran last, pytest-xdist would move
    half of them to another worker, and that worker would train the network again.
    """
    items.sort(key=lambda item: not item.nodeid.startswith("tests/training/"))


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A separate data folder for each test, so that no test uses the user's data folder."""
    folder = tmp_path / "deepsky-data"
    monkeypatch.setenv("DEEPSKY_DATA", str(folder))
    return folder


def _network(classes: list[int]) -> bytes:
    """Return a network that computes evidence from the mean colour of each 16 x 16 pixel square.

    It has those of the four classes that are given by their indices.
    """
    nodes = [
        helper.make_node("Mul", ["image", "scale"], ["scaled"]),
        helper.make_node("Transpose", ["scaled"], ["planes"], perm=[0, 3, 1, 2]),
        helper.make_node(
            "AveragePool", ["planes"], ["squares"], kernel_shape=[16, 16], strides=[16, 16]
        ),
        helper.make_node("Transpose", ["squares"], ["features"], perm=[0, 2, 3, 1]),
        helper.make_node("ReduceMean", ["features", "axes"], ["embedding"], keepdims=0),
        helper.make_node("MatMul", ["features", "weights"], ["evidence"]),
        helper.make_node("Gemm", ["embedding", "weights", "bias"], ["logits"]),
    ]
    constants = {
        "scale": np.float32(1 / 255),
        "axes": np.array([1, 2]),
        "weights": WEIGHTS[:, classes],
        "bias": BIAS[classes],
    }
    shapes: dict[str, list[str | int | None]] = {
        "embedding": ["n", 3],
        "evidence": ["n", None, None, len(classes)],
        "logits": ["n", len(classes)],
    }
    graph = helper.make_graph(
        nodes,
        "colours",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", None, None, 3])],
        [helper.make_tensor_value_info(k, TensorProto.FLOAT, s) for k, s in shapes.items()],
        [numpy_helper.from_array(np.asarray(v), k) for k, v in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def write_tiny_bundle(folder: Path, labels: dict[str, str] | None = None) -> None:
    """Write the bundle of the tiny model into a folder.

    ``labels`` maps the labels of a model with other classes to labels of the tiny model.
    """
    folder.mkdir(parents=True)
    labels = labels or {label: label for label in LABELS}
    classes = [LABELS.index(label) for label in labels.values()]
    network = _network(classes)
    (folder / "network.onnx").write_bytes(network)
    known = np.array(list(COLOURS.values()), dtype=np.float32) / np.float32(255)
    NoveltyReference(
        means=known,
        whitening=np.eye(3, dtype=np.float32),
        distances=np.linspace(0, 0.5, 201, dtype=np.float32),
    ).save(folder / "novelty.npz")
    ModelCard(
        name=folder.name,
        title="Tiny",
        version="0.0.1",
        created=dt.date(2026, 11, 22),
        licence="CC0-1.0",
        labels=tuple(labels),
        use=Use(intended="Tests.", limits="Only images of one colour are classified correctly."),
        input=Input(size=INPUT_SIZE),
        network=Network(
            file="network.onnx",
            sha256=hashlib.sha256(network).hexdigest(),
            bytes=len(network),
            parameters=WEIGHTS.size + BIAS.size,
        ),
        head=Head(bias=tuple(BIAS[classes].tolist())),
        calibration=CalibrationFacts(
            temperature=2.0,
            coverage=0.95,
            thresholds=dict.fromkeys(labels, 0.2),
            images=CalibrationImages(validation=0, cross_validated=0),
        ),
        novelty=NoveltyFacts(file="novelty.npz", threshold=0.97),
        data=Data(splits={}, sources=()),
        metrics={"test": _metrics()},
    ).write(folder / "card.json")


def _metrics() -> Metrics:
    """Return the metrics of a model that classifies 90 of 100 images correctly."""
    estimate = Estimate(value=0.9, low=0.85, high=0.94)
    scores = Scores(accuracy=estimate, macro_f1=estimate)
    proportion = Proportion(images=100, count=90, value=0.9, low=0.85, high=0.94)
    return Metrics(
        accuracy=estimate,
        macro_f1=estimate,
        images=100,
        fields=80,
        fair=scores,
        accuracy_by_field=0.9,
        per_class={},
        confusion=(),
        expected_calibration_error=0.02,
        calibration_error_by_chance=estimate,
        reliability=(),
        coverage=Coverage(overall=proportion, per_class={}),
        mean_set_size=1.1,
        unfamiliar=Unfamiliar(deep_sky=proportion, other=proportion),
        by_kind={},
        by_source={},
        by_size={},
        by_quality={},
    )


@pytest.fixture(scope="session")
def tiny_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder that contains the tiny model as ``efficientnet``."""
    folder = tmp_path_factory.mktemp("models")
    write_tiny_bundle(folder / "efficientnet")
    return folder


@pytest.fixture
def tiny_classifier(tiny_models: Path, monkeypatch: pytest.MonkeyPatch) -> Classifier:
    """Classifier of the tiny model, which is installed as ``efficientnet`` during the test."""
    monkeypatch.setenv("DEEPSKY_MODELS", str(tiny_models))
    return load_classifier("efficientnet")


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write 112 noisy images and a manifest. Each class has its own colour and 14 fields of sky."""
    folder = tmp_path_factory.mktemp("dataset")
    rng = np.random.default_rng(5)
    rows = []
    for label in LABELS:
        for field in range(FIELDS):
            for variant in range(VARIANTS):
                noise = rng.normal(0, 30, (72, 96, 3))
                pixels = (np.array(COLOURS[label]) + noise).clip(0, 255).astype(np.uint8)
                name = f"{label}-{field}-{variant}.jpg"
                Image.fromarray(pixels).save(folder / name)
                rows.append(
                    {
                        "path": name,
                        "label": label,
                        "second_label": "star_cluster" if (label, field) == ("nebula", 0) else "",
                        "group": f"{label} {field}",
                        "phash": f"{int(rng.integers(2**63)):016x}",
                        "ambiguous": "1" if field == 0 else "0",
                        "source": "synthetic",
                        "licence": "CC0-1.0",
                    }
                )
    path = folder / "manifest.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture(scope="session")
def examples(manifest: Path) -> list[Example]:
    return read_manifest(manifest)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A temporary PostgreSQL server, shared by all tests."""
    with PostgreSQL() as server:
        yield server


@pytest.fixture
def postgresql_url(postgresql: PostgreSQL) -> Iterator[str]:
    """URL of an empty PostgreSQL database."""
    with postgresql.database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def storage_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty database. Tests that use it run once with SQLite and once with PostgreSQL."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgresql_url"))
    return f"sqlite:///{tmp_path / 'deepsky.db'}"
