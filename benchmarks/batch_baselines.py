"""Classify a folder with Keras or ONNX Runtime, for comparison with ``deepsky classify``.

`benchmarks.batch_speed` runs both baselines. To run one of them, use
``python -m benchmarks.batch_baselines keras efficientnet FOLDER``. Both use the model's network and
input size, and compute only logits: no calibration, novelty, evidence maps or table. Imports,
loading and a warm-up are not timed. All of this favours the baselines. With Keras, images are read
as in its tutorials, with ``image_dataset_from_directory``, and classified with ``predict``. With
ONNX Runtime, each thread of a thread pool reads an image with Pillow and classifies it. Both
baselines read FITS files with astropy and stretch them between two percentiles.
"""

import argparse
import json
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray
from PIL import Image

from deepsky.models import ModelBundle, find_bundle

BATCH: Final = 32
PERCENTILES: Final = (1, 99.5)

Predict = Callable[[list[Path]], Any]


def read(path: Path, size: int) -> NDArray[np.float32]:
    """Read an image and scale it to the input size of a network."""
    if path.suffix == ".fits":
        values = fits.getdata(path).astype(np.float32)
        low, high = np.percentile(values, PERCENTILES)
        grey = (np.clip((values - low) / (high - low), 0, 1) * 255).astype(np.uint8)
        image = Image.fromarray(grey).convert("RGB")
    else:
        image = Image.open(path).convert("RGB")
    return np.asarray(image.resize((size, size), Image.Resampling.BICUBIC), dtype=np.float32)


def with_keras(bundle: ModelBundle, folder: Path) -> Predict:
    """Return a function that classifies files with Keras."""
    import keras
    import tensorflow as tf

    from deepsky.training.backbones import find_backbone
    from deepsky.training.network import attach_head

    size = bundle.input_size
    network = attach_head(find_backbone(bundle.name).build(None))
    weights = bundle.directory / "keras.weights.h5"
    if weights.exists():  # random weights would be equally fast
        network.load_weights(weights)

    def dataset(files: list[Path]) -> tf.data.Dataset:
        if files[0].suffix != ".fits":
            return keras.utils.image_dataset_from_directory(
                folder, labels=None, image_size=(size, size), batch_size=BATCH, shuffle=False,
                interpolation="bicubic", verbose=False,
            )  # fmt: skip

        def images() -> Iterator[NDArray[np.float32]]:
            for path in files:
                yield read(path, size)

        shape = tf.TensorSpec((size, size, 3), tf.float32)
        stream = tf.data.Dataset.from_generator(images, output_signature=shape)
        return stream.batch(BATCH).prefetch(tf.data.AUTOTUNE)

    network.predict(np.zeros((BATCH, size, size, 3), np.float32), verbose=0)
    return lambda files: network.predict(dataset(files), verbose=0)


def with_onnx(bundle: ModelBundle, _folder: Path) -> Predict:
    """Return a function that classifies files with ONNX Runtime."""
    import onnxruntime as ort

    size = bundle.input_size
    content = bundle.read_network()
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    session.run(["logits"], {name: np.zeros((1, size, size, 3), np.float32)})

    def classify(path: Path) -> NDArray[np.float32]:
        logits: NDArray[np.float32] = session.run(["logits"], {name: read(path, size)[None]})[0]
        return logits

    def predict(files: list[Path]) -> list[NDArray[np.float32]]:
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            return list(threads.map(classify, files))

    return predict


BASELINES: Final = {"keras": with_keras, "onnx": with_onnx}


def main() -> None:
    """Classify all files in a folder, and print their number and the time in seconds as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("baseline", choices=BASELINES)
    parser.add_argument("model")
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    files = sorted(path for path in arguments.folder.rglob("*") if path.is_file())
    predict = BASELINES[arguments.baseline](find_bundle(arguments.model), arguments.folder)
    started = time.perf_counter()
    answers = predict(files)
    seconds = time.perf_counter() - started
    assert len(answers) == len(files)
    print(json.dumps({"files": len(files), "seconds": seconds}))


if __name__ == "__main__":
    main()
