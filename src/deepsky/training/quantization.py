"""Turns an exported network into one that computes in whole numbers of 8 bits."""

import logging
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import nncf
import numpy as np
import onnx
import onnxruntime
from onnx import helper

from deepsky.dataset.manifest import Example
from deepsky.dataset.truth import truth
from deepsky.evaluation.evaluate import PRECISION
from deepsky.evaluation.metrics import confusion_matrix, macro_f1
from deepsky.models.card import OrientationCheck, Quantization
from deepsky.models.runtime import Runtime
from deepsky.training.datasets import plain_images
from deepsky.training.orientations import labels_in_orientations

__all__ = ["describe_quantization", "quantize"]

CALIBRATION: Final = 300
"""Images that the ranges of a network's numbers are measured on."""

HEAD: Final = "head"
"""In the names of what belongs to the head, which stays in floats: it is small, and decides."""


def quantize(network: bytes, size: int, train: Sequence[Example]) -> bytes:
    """Quantise the backbone of a network; its head computes in floats as before.

    Weights have a scale for each channel, other numbers one for each tensor, symmetric where none
    is negative. Biases are corrected for what rounding shifts. Weights take half of the range: on
    processors that add up products of bytes in 16 bits, larger sums would be cut off.

    Parameters
    ----------
    network : bytes
        What `deepsky.training.export.export_onnx` wrote.
    size : int
        Side of the network's input, in pixels.
    train : sequence of Example
        Images that the network learned from. `CALIBRATION` of them, drawn at random, say which
        numbers occur in it.

    Returns
    -------
    bytes
        The network (ONNX), with the same input and outputs.

    References
    ----------
    B. Jacob et al., "Quantization and Training of Neural Networks for Efficient
    Integer-Arithmetic-Only Inference", CVPR 2018.
    """
    nncf.set_log_level(logging.WARNING)  # it names every layer that is left alone
    model = onnx.load_from_string(_simplified(network))
    _subsample_first(model.graph)
    for number, node in enumerate(model.graph.node):
        node.name = node.name or f"node_{number}"
    head = [
        node.name
        for node in model.graph.node
        if any(HEAD in tensor for tensor in (*node.input, *node.output))
    ]
    [entrance] = model.graph.input
    drawn = np.random.default_rng(0).permutation(len(train))[:CALIBRATION]
    images = plain_images([train[number] for number in drawn], size)
    quantized = nncf.quantize(
        model,
        nncf.Dataset(images, lambda one: {entrance.name: one[np.newaxis].astype(np.float32)}),
        preset=nncf.QuantizationPreset.MIXED,
        subset_size=len(images),
        ignored_scope=nncf.IgnoredScope(names=head),
        advanced_parameters=nncf.AdvancedQuantizationParameters(
            overflow_fix=nncf.OverflowFix.ENABLE
        ),
    )
    onnx.checker.check_model(quantized)
    return bytes(quantized.SerializeToString())


def describe_quantization(
    exact: bytes, quantized: bytes, size: int, examples: Sequence[Example]
) -> Quantization:
    """Tell what quantising changed, for the model's card.

    Parameters
    ----------
    exact, quantized : bytes
        The network (ONNX), before and after.
    size : int
        Side of its input, in pixels.
    examples : sequence of Example
        Images to ask about, in all orientations: one look at each tells too little.
    """
    images = plain_images(examples, size)
    before, after = (
        labels_in_orientations(Runtime(network, size, PRECISION), images).ravel()
        for network in (exact, quantized)
    )
    right = np.tile(truth(examples), len(before) // len(examples))
    return Quantization(
        bits=8,
        size=size,
        calibration_images=CALIBRATION,
        validation_in_eight_orientations=OrientationCheck(
            macro_f1_before=float(macro_f1(confusion_matrix(right, before))),
            macro_f1_after=float(macro_f1(confusion_matrix(right, after))),
            same_label=float((before == after).mean()),
        ),
    )


def _subsample_first(graph: onnx.GraphProto) -> None:
    """Hand convolutions of one place that skip every second one only those that they use.

    OpenVINO does so by itself, but not with quantised networks: there they would run in floats.
    """
    for number, node in enumerate(list(graph.node)):
        attributes = {one.name: one for one in node.attribute}
        if node.op_type != "Conv" or list(attributes["kernel_shape"].ints) != [1, 1]:
            continue
        strides = list(attributes["strides"].ints)
        if strides == [1, 1]:
            continue
        used = f"{node.input[0]}_used_{number}"
        pool = helper.make_node(
            "MaxPool", [node.input[0]], [used], kernel_shape=[1, 1], strides=strides
        )
        graph.node.insert(list(graph.node).index(node), pool)
        node.input[0] = used
        attributes["strides"].ints[:] = [1, 1]


def _simplified(network: bytes) -> bytes:
    """Fold constants, and normalisations into the convolutions before them."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.log_severity_level = 3  # errors
    with TemporaryDirectory() as folder:
        path = Path(folder) / "network.onnx"
        options.optimized_model_filepath = str(path)
        onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
        return path.read_bytes()
