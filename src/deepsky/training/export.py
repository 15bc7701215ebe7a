"""Export trained networks to ONNX and to Keras weight files."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import h5py
import keras
import numpy as np
import onnx
import tensorflow as tf
import tf2onnx
from onnx import TensorProto, helper, numpy_helper
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from deepsky.dataset.manifest import Example
from deepsky.models.calibration import softmax
from deepsky.models.runtime import Runtime
from deepsky.training.datasets import load_inputs
from deepsky.training.network import with_evidence

__all__ = ["export_onnx", "largest_difference", "save_weights_as_float16"]

OPSET: Final = 18
OUTPUTS: Final = ("embedding", "evidence", "logits")
"""Sorted, because TensorFlow sorts the outputs of a function that returns a dictionary."""


def export_onnx(network: keras.Model) -> bytes:
    """Convert a network, with evidence maps and embedding as further outputs, to ONNX.

    Weights are stored as float16, which halves the file, and cast to float32 for computing.

    Parameters
    ----------
    network : keras.Model
        A network that `attach_head` returned.

    Returns
    -------
    bytes
        The ONNX model. Its input takes RGB images of any size, of shape (n, rows, columns, 3),
        0 to 255; its outputs are those of `with_evidence`.
    """
    outputs = with_evidence(network)
    spec = tf.TensorSpec((None, None, None, 3), tf.float32, name="image")

    @tf.function(input_signature=[spec])  # type: ignore[untyped-decorator]
    def infer(image: tf.Tensor) -> dict[str, tf.Tensor]:
        return outputs(image, training=False)  # type: ignore[no-any-return]

    frozen = convert_variables_to_constants_v2(infer.get_concrete_function())
    with _frequent_garbage_collection():
        model, _ = tf2onnx.convert.from_graph_def(
            frozen.graph.as_graph_def(),
            input_names=[tensor.name for tensor in frozen.inputs],
            output_names=[tensor.name for tensor in frozen.outputs],
            opset=OPSET,
        )
    _name_outputs(model.graph)
    _store_weights_as_float16(model.graph)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def largest_difference(
    network: keras.Model, exported: bytes, size: int, examples: Sequence[Example]
) -> float:
    """Return the largest difference of a probability between Keras and the float32 runtime.

    Parameters
    ----------
    network : keras.Model
        The trained network.
    exported : bytes
        The same network as ONNX, with weights rounded to float16.
    size : int
        Side of the network's input, in pixels.
    examples : sequence of Example
        Images to compare on.

    Returns
    -------
    float
        From 0 to 1.
    """
    images = load_inputs(examples, size)
    expected = softmax(network.predict_on_batch(images.astype(np.float32)))
    got = softmax(Runtime(exported, size, "f32").run(images).logits)
    return float(np.abs(got - expected).max())


def save_weights_as_float16(network: keras.Model, path: Path) -> None:
    """Write the weights of a network to a file for ``keras.Model.load_weights``.

    Kernels are stored as float16; scales and biases, which are small, as they are.

    Parameters
    ----------
    network : keras.Model
    path : Path
        A file whose name ends in ``.weights.h5``.
    """
    with TemporaryDirectory() as folder:
        full = Path(folder) / "full.weights.h5"
        # A new model of the same layers has no optimizer state, which would be saved too.
        keras.Model(network.input, network.output).save_weights(full)
        with h5py.File(full) as source, h5py.File(path, "w") as target:
            source.visititems(lambda name, item: _copy_as_float16(name, item, target))


def _copy_as_float16(name: str, item: h5py.Group | h5py.Dataset, target: h5py.File) -> None:
    if isinstance(item, h5py.Group):
        target.require_group(name).attrs.update(item.attrs)
        return
    values = item[()]
    if values.ndim > 1:
        values = values.astype(np.float16)
    target.create_dataset(name, data=values)


@contextmanager
def _frequent_garbage_collection() -> Iterator[None]:
    """Collect cyclic garbage often, looking only at objects made from now on.

    tf2onnx copies the graph, weights included, before each of its optimization passes, and the
    copies are cyclic. With Python's default thresholds about 100 of them (10 GB for ResNet50) pile
    up before they are collected.
    """
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.collect()  # sets the number of surviving objects, on which full collections depend, to zero
    gc.set_threshold(20, 1, 1)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


def _name_outputs(graph: onnx.GraphProto) -> None:
    """Restore the names of the outputs, which the conversion replaces."""
    for output, name in zip(graph.output, OUTPUTS, strict=True):
        graph.node.append(helper.make_node("Identity", [output.name], [name]))
        output.name = name


def _store_weights_as_float16(graph: onnx.GraphProto) -> None:
    """Store kernels as float16; vectors (scales, biases) are small and stay float32."""
    for weights in list(graph.initializer):
        if weights.data_type == TensorProto.FLOAT and len(weights.dims) > 1:
            name = weights.name
            halved = numpy_helper.to_array(weights).astype(np.float16)
            weights.CopyFrom(numpy_helper.from_array(halved, f"{name}_float16"))
            cast = helper.make_node("Cast", [weights.name], [name], to=TensorProto.FLOAT)
            graph.node.insert(0, cast)
