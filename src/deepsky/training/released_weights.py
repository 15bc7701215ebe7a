"""Recover Keras weights from the exported network of a model.

Quantization rounds the weights to 8 bits, and BatchNorm layers are merged with the convolutions
before them. The recovered network therefore has BatchNorm layers of its own, which only scale.
"""

import re
from pathlib import Path
from typing import Final

import keras
import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

__all__ = ["RECOVERABLE", "load_released_weights"]

RECOVERABLE: Final = ("resnet50", "vgg16")
"""Names of the backbones whose weights can be recovered."""

LAYER: Final = re.compile(r"functional_\d+/(?P<name>\w+?)(_bn)?_\d+/")
"""Name of the Keras layer within the name of a tensor."""

DEQUANTIZE: Final = "DequantizeLinear"


def load_released_weights(path: Path, network: keras.Model) -> None:
    """Set the weights of a network to those of an exported network of the same architecture.

    Parameters
    ----------
    path : Path
        ONNX file of a network with one of the backbones in `RECOVERABLE`.
    network : keras.Model
        A network returned by `deepsky.training.network.attach_head`.

    Raises
    ------
    ValueError
        If the file does not have the weights of a layer.
    """
    graph = onnx.load(path).graph
    tensors = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    for node in graph.node:
        if node.op_type == DEQUANTIZE and node.input[0] in tensors:
            tensors[node.output[0]] = _dequantize(*(tensors[name] for name in node.input))
        elif node.op_type == "Cast" and node.input[0] in tensors:
            tensors[node.output[0]] = tensors[node.input[0]].astype(np.float32)
    kernels, biases = _convolutions(graph, tensors)
    for layer in network.layers:
        if isinstance(layer, keras.layers.Conv2D):
            if layer.name not in kernels:
                msg = f"{path} has no weights of the layer {layer.name}."
                raise ValueError(msg)
            _set_convolution(layer, kernels[layer.name], biases.get(layer.name))
    _set_head(network, graph, tensors)


def _dequantize(
    values: NDArray[np.integer], scale: NDArray[np.float32], zero: NDArray[np.integer]
) -> NDArray[np.float32]:
    """Return the numbers that quantized values stand for, with one scale per output channel."""
    shape = (-1,) + (1,) * (values.ndim - 1) if scale.ndim else ()
    differences = values.astype(np.float32) - zero.astype(np.float32).reshape(shape)
    return differences * scale.reshape(shape)


def _convolutions(
    graph: onnx.GraphProto, tensors: dict[str, NDArray[np.float32]]
) -> tuple[dict[str, NDArray[np.float32]], dict[str, NDArray[np.float32]]]:
    """Return the kernels and biases of all convolutions, by name of the Keras layer."""
    kernels, biases = {}, {}
    for node in graph.node:
        if node.op_type == "Conv":
            name = _layer_name(node.input[1])
            kernels[name] = tensors[node.input[1]].transpose(2, 3, 1, 0)
            if len(node.input) > 2:
                biases[name] = tensors[node.input[2]]
    return kernels, biases


def _layer_name(tensor: str) -> str:
    match = LAYER.search(tensor)
    return match["name"] if match else tensor


def _set_convolution(
    layer: keras.layers.Conv2D, kernel: NDArray[np.float32], bias: NDArray[np.float32] | None
) -> None:
    """Set the weights of a convolution and of the BatchNorm layer that follows it, if any.

    Each channel of the kernel is brought to the norm that initialization would give it (K. He
    et al., ICCV 2015), so that a step of the optimizer changes all layers by similar fractions.
    The BatchNorm layer multiplies by the original norm.
    """
    following = [node.operation for node in layer.output._keras_history.operation._outbound_nodes]
    norm = next((each for each in following if _is_batch_norm(each)), None)
    scale = np.ones(kernel.shape[-1], np.float32)
    if norm is not None:
        scale = np.sqrt((kernel**2).sum((0, 1, 2)) / 2).clip(1e-6)
        variance = np.full_like(scale, 1 - norm.epsilon)
        norm.set_weights([scale, np.zeros_like(scale), np.zeros_like(scale), variance])
    weights = [kernel / scale]
    if layer.use_bias:
        weights.append((np.zeros_like(scale) if bias is None else bias) / scale)
    layer.set_weights(weights)


def _is_batch_norm(layer: object) -> bool:
    return isinstance(layer, keras.layers.BatchNormalization)


def _set_head(
    network: keras.Model, graph: onnx.GraphProto, tensors: dict[str, NDArray[np.float32]]
) -> None:
    """Set the weights of the layer normalization and of the last layer."""
    gemm = next(node for node in graph.node if node.op_type == "Gemm")
    network.get_layer("head_logits").set_weights([tensors[name] for name in gemm.input[1:]])
    norm = network.get_layer("head_norm")
    nodes = {node.name.rpartition("head_norm_1/")[2]: node for node in graph.node}
    gamma, beta = (
        next(tensors[name] for name in nodes[key].input if name in tensors).ravel()
        for key in ("mul", "add_1")
    )
    norm.set_weights([gamma, beta])
