"""Baseline service for comparison with deepsky: Flask, Keras and Grad-CAM, as in tutorials.

`benchmarks.service_load` starts this service. To start it manually, run
``python -m benchmarks.keras_baseline --port 8001``. It runs the network of ``efficientnet`` at the
same input size as deepsky, and returns probabilities and a Grad-CAM map (R. R. Selvaraju et al.,
ICCV 2017). With the query parameter ``map=eager``, the map is computed as in the Grad-CAM example
in the Keras documentation; with ``map=compiled``, it is computed by a ``tf.function``; with
``map=no``, no map is computed. The service does less work than deepsky: it stores nothing, draws no
overlays and does not calibrate the probabilities.
"""

import argparse
import io
import socket
from functools import partial
from typing import Any, Final

import keras
import numpy as np
import tensorflow as tf
from flask import Flask, request
from PIL import Image
from waitress import create_server

from deepsky.models import find_bundle
from deepsky.taxonomy import LABELS
from deepsky.training.backbones import find_backbone
from deepsky.training.network import attach_head

THREADS: Final = 4
LAST_CONVOLUTION: Final = "head_conv"


def create_app() -> Flask:
    """Load the network and create the Flask application."""
    bundle = find_bundle("efficientnet")
    size = bundle.input_size
    network = attach_head(find_backbone("efficientnet").build(None))
    network.load_weights(bundle.directory / "keras.weights.h5")
    with_features = keras.Model(
        network.input, [network.get_layer(LAST_CONVOLUTION).output, network.output]
    )
    maps = {"eager": partial(grad_cam, with_features)}
    maps["compiled"] = tf.function(maps["eager"])
    app = Flask(__name__)

    @app.get("/health")
    def health() -> dict[str, bool]:
        return {"ready": True}

    @app.post("/predict")
    def predict() -> tuple[dict[str, Any], int]:
        image = Image.open(io.BytesIO(request.files["image"].read())).convert("RGB")
        small = image.resize((size, size), Image.Resampling.BICUBIC)
        batch = np.asarray(small, dtype=np.float32)[None]
        logits = network.predict(batch, verbose=0)[0]
        probabilities = np.exp(logits - logits.max())
        probabilities /= probabilities.sum()
        result = {
            "label": LABELS[int(probabilities.argmax())],
            "probabilities": dict(zip(LABELS, probabilities.tolist(), strict=True)),
        }
        if compute := maps.get(request.args.get("map", "eager")):
            result["map"] = (
                compute(tf.constant(batch), tf.constant(logits.argmax())).numpy().tolist()
            )
        return result, 201

    network.predict(np.zeros((1, size, size, 3), np.float32), verbose=0)
    return app


def grad_cam(with_features: keras.Model, batch: tf.Tensor, label: tf.Tensor) -> tf.Tensor:
    """Return the Grad-CAM map for a label: an array (rows, columns) with values from 0 to 1."""
    with tf.GradientTape() as tape:
        features, logits = with_features(batch)
        score = logits[:, label]
    weights = tf.reduce_mean(tape.gradient(score, features), axis=(0, 1, 2))
    relevance = tf.nn.relu(tf.reduce_sum(features[0] * weights, axis=-1))
    return relevance / (tf.reduce_max(relevance) + 1e-9)


def main() -> None:
    """Run the service until it is interrupted."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=0)
    app = create_app()
    listener = socket.create_server(("127.0.0.1", parser.parse_args().port))
    server = create_server(app, sockets=[listener], threads=THREADS)
    print(f"the Keras app is at http://127.0.0.1:{listener.getsockname()[1]} ", flush=True)
    server.run()


if __name__ == "__main__":
    main()
