"""A tiny backbone and a small set of coloured pictures: the whole training in seconds."""

import csv
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from deepsky.taxonomy import LABELS
from deepsky.training.backbones import Backbone
from deepsky.training.manifest import Example, read_manifest

COLOURS = {"galaxy": (230, 220, 40), "nebula": (220, 40, 60)}
COLOURS |= {"star_cluster": (50, 70, 230), "other": (60, 200, 80)}
FIELDS, VARIANTS = 14, 2


def build_tiny(weights: str | None) -> keras.Model:
    picture = keras.Input((None, None, 3))
    x = keras.layers.Rescaling(1 / 255)(picture)
    x = keras.layers.Conv2D(8, 3, 8, padding="same")(x)
    x = keras.layers.BatchNormalization()(x)
    x = keras.layers.Conv2D(16, 3, 4, padding="same", activation="relu")(x)
    backbone = keras.Model(picture, x)
    if weights:
        backbone.load_weights(weights)
    return backbone


@pytest.fixture(scope="session")
def tiny_backbone() -> Backbone:
    return Backbone("tiny", "Tiny", build_tiny, input_size=64, learning_rate=1e-3)


@pytest.fixture(scope="session")
def tiny_weights(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Weights of the tiny backbone, as a file, as ImageNet weights come."""
    keras.utils.set_random_seed(1)
    path = tmp_path_factory.mktemp("weights") / "tiny.weights.h5"
    build_tiny(None).save_weights(path)
    return str(path)


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """112 noisy pictures of 14 fields of sky a class, each class of its own colour."""
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
