"""Quantize exported networks to int8."""

import logging
from collections.abc import Iterator, Sequence
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import helper

from deepsky.dataset.manifest import Example
from deepsky.dataset.targets import label_indices
from deepsky.evaluation.evaluate import PRECISION
from deepsky.evaluation.metrics import confusion_matrix, macro_f1
from deepsky.models.card import OrientationCheck, Quantization
from deepsky.models.runtime import Runtime
from deepsky.models.telemetry import no_telemetry
from deepsky.taxonomy import LABELS, Label
from deepsky.training.datasets import load_inputs

with no_telemetry():
    import nncf

__all__ = ["describe_quantization", "predict_orientations", "quantize"]

COMPARED: Final = 200
"""Maximum number of images for which the quantized network is compared with the original one."""

CALIBRATION: Final = 300
"""Number of training images on which the ranges of activations are measured."""

HEAD: Final = "head"
"""Substring of the names of the head's tensors. The head remains in float32, because it
is small."""


def quantize(network: bytes, size: int, train: Sequence[Example]) -> bytes:
    """Quantize the backbone of a network to int8. The head remains in float32.

    Weights are quantized symmetrically with one scale per channel. Activations are quantized with
    one scale per tensor, asymmetrically if the tensor contains negative values. Biases are
    corrected for the shift caused by rounding. Weights use only half of the int8 range, because
    CPUs without VNNI instructions add products in 16-bit integers, which saturate if sums are
    large.

    Parameters
    ----------
    network : bytes
        A network (ONNX) returned by `deepsky.training.export.export_onnx`.
    size : int
        Side of the network's input, in pixels.
    train : sequence of Example
        Training images. The ranges of activations are measured on a random sample of
        `CALIBRATION` images.

    Returns
    -------
    bytes
        The quantized network (ONNX), with the same input and outputs.

    References
    ----------
    B. Jacob et al., "Quantization and Training of Neural Networks for Efficient
    Integer-Arithmetic-Only Inference", CVPR 2018.
    """
    nncf.set_log_level(logging.WARNING)  # at level INFO, NNCF lists all layers in float32
    model = onnx.load_from_string(_fold_constants(network))
    _subsample_before_strided_1x1(model.graph)
    for number, node in enumerate(model.graph.node):
        node.name = node.name or f"node_{number}"
    head = [
        node.name
        for node in model.graph.node
        if any(HEAD in tensor for tensor in (*node.input, *node.output))
    ]
    [graph_input] = model.graph.input
    sample = np.random.default_rng(0).permutation(len(train))[:CALIBRATION]
    images = load_inputs([train[number] for number in sample], size)
    quantized = nncf.quantize(
        model,
        nncf.Dataset(images, lambda image: {graph_input.name: image[None].astype(np.float32)}),
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
    exact: bytes,
    quantized: bytes,
    size: int,
    examples: Sequence[Example],
    labels: Sequence[Label] = LABELS,
) -> Quantization:
    """Compare a network before and after quantization, for the model card.

    Parameters
    ----------
    exact, quantized : bytes
        The network (ONNX) before and after quantization.
    size : int
        Side of the network's input, in pixels.
    examples : sequence of Example
        Validation images. At most `COMPARED` of them, evenly spaced, are used. The labels are
        predicted for eight orientations of each image, which makes the comparison more precise.
    labels : sequence of str
        Labels of the model. By default, those of the shipped models.

    Returns
    -------
    Quantization
        Settings of the quantization, macro-F1 before and after, and the proportion of images whose
        predicted label did not change.
    """
    examples = examples[:: ceil(len(examples) / COMPARED)]
    images = load_inputs(examples, size)
    before, after = (
        predict_orientations(Runtime(network, size, PRECISION), images).ravel()
        for network in (exact, quantized)
    )
    right = np.tile(label_indices(examples, labels), len(before) // len(examples))
    return Quantization(
        bits=8,
        size=size,
        calibration_images=CALIBRATION,
        validation_in_eight_orientations=OrientationCheck(
            macro_f1_before=float(macro_f1(confusion_matrix(right, before, len(labels)))),
            macro_f1_after=float(macro_f1(confusion_matrix(right, after, len(labels)))),
            same_label=float((before == after).mean()),
        ),
    )


def predict_orientations(runtime: Runtime, images: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Predict the labels of images in eight orientations (four rotations, mirrored or not).

    Images of the sky have no preferred orientation, so each orientation is an additional test
    image for the network.

    Parameters
    ----------
    runtime : Runtime
    images : ndarray of uint8, shape (n, size, size, 3)
        RGB images.

    Returns
    -------
    ndarray of int64, shape (8, n)
        Indices of the predicted labels. The first row contains the labels for the
        original orientation.
    """
    return np.stack([runtime.run(view).logits.argmax(axis=1) for view in _orientations(images)])


def _orientations(images: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    for reflected in (images, images[:, :, ::-1]):
        for quarters in range(4):
            yield np.ascontiguousarray(np.rot90(reflected, quarters, (1, 2)))


def _subsample_before_strided_1x1(graph: onnx.GraphProto) -> None:
    """Replace each strided 1x1 convolution by subsampling and a convolution with a stride of 1.

    OpenVINO applies this optimization only to float networks. Without it, these convolutions of
    a quantized network would run in float32.
    """
    for number, node in enumerate(list(graph.node)):
        attributes = {attribute.name: attribute for attribute in node.attribute}
        if node.op_type != "Conv" or list(attributes["kernel_shape"].ints) != [1, 1]:
            continue
        strides = list(attributes["strides"].ints)
        if strides == [1, 1]:
            continue
        subsampled = f"{node.input[0]}_subsampled_{number}"
        pool = helper.make_node(
            "MaxPool", [node.input[0]], [subsampled], kernel_shape=[1, 1], strides=strides
        )
        graph.node.insert(list(graph.node).index(node), pool)
        node.input[0] = subsampled
        attributes["strides"].ints[:] = [1, 1]


def _fold_constants(network: bytes) -> bytes:
    """Fold constants, and fold normalization layers into the preceding convolutions."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.log_severity_level = 3  # 3: log errors only
    with TemporaryDirectory() as folder:
        path = Path(folder) / "network.onnx"
        options.optimized_model_filepath = str(path)
        onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
        return path.read_bytes()
