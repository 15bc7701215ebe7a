"""Turns an exported network into one that computes in whole numbers of 8 bits (NNCF)."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import nncf
import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

__all__ = ["CALIBRATION", "quantize"]

CALIBRATION: Final = 300
"""Training pictures that the ranges of the numbers are measured on."""

HEAD: Final = "head"
"""In the names of what belongs to the head, which stays in floats: it is small, and decides."""


def quantize(network: bytes, pictures: NDArray[np.uint8]) -> bytes:
    """Quantise a network's convolutions, all but those of the head.

    Weights have a scale for each channel, activations one for each tensor: symmetric after
    functions that are never negative, asymmetric elsewhere. Biases are corrected for what rounding
    shifts.

    Parameters
    ----------
    network : bytes
        What `deepsky.training.export.export_onnx` wrote.
    pictures : ndarray of uint8, shape (n, size, size, 3)
        Pictures that the network learned from, at the size of its input; `CALIBRATION` will do.

    Returns
    -------
    bytes
        The network (ONNX), with the same input and outputs.

    References
    ----------
    B. Jacob et al., "Quantization and Training of Neural Networks for Efficient
    Integer-Arithmetic-Only Inference", CVPR 2018.
    """
    model = onnx.load_from_string(_simplified(network))
    for number, node in enumerate(model.graph.node):
        node.name = node.name or f"node_{number}"
    head = [
        node.name
        for node in model.graph.node
        if any(HEAD in tensor for tensor in (*node.input, *node.output))
    ]
    [picture] = model.graph.input
    quantized = nncf.quantize(
        model,
        nncf.Dataset(pictures, lambda one: {picture.name: one[np.newaxis].astype(np.float32)}),
        preset=nncf.QuantizationPreset.MIXED,
        subset_size=len(pictures),
        ignored_scope=nncf.IgnoredScope(names=head),
    )
    onnx.checker.check_model(quantized)
    return bytes(quantized.SerializeToString())


def _simplified(network: bytes) -> bytes:
    """Fold constants, and normalisations into the convolutions before them."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.log_severity_level = 3
    with TemporaryDirectory() as folder:
        path = Path(folder) / "network.onnx"
        options.optimized_model_filepath = str(path)
        onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
        return path.read_bytes()
