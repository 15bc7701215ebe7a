"""Export trained networks to ONNX and to Keras weights files."""

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
"""Names of the outputs. They are in alphabetical order, because TensorFlow sorts the values of a
dictionary by key."""


def export_onnx(network: keras.Model) -> bytes:
    """Convert a network to ONNX, with evidence maps and embeddings as additional outputs.

    Weights are stored as float16, which halves the file size, and are cast to float32 when the
    network is run.

    Parameters
    ----------
    network : keras.Model
        A network returned by `attach_head`.

    Returns
    -------
    bytes
        The ONNX model. The input is an array of RGB images of any size, of shape
        (n, rows, columns, 3), with values from 0 to 255. The outputs are those of
        `with_evidence`.
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
    """Return the largest difference between probabilities predicted by Keras and by the runtime.

    The runtime computes in float32.

    Parameters
    ----------
    network : keras.Model
        The trained network.
    exported : bytes
        The same network in ONNX format, with weights rounded to float16.
    size : int
        Side of the network's input, in pixels.
    examples : sequence of Example
        Images for which the probabilities are compared.

    Returns
    -------
    float
        Largest absolute difference, from 0 to 1.
    """
    images = load_inputs(examples, size)
    expected = softmax(network.predict_on_batch(images.astype(np.float32)))
    got = softmax(Runtime(exported, size, "f32").run(images).logits)
    return float(np.abs(got - expected).max())


def save_weights_as_float16(network: keras.Model, path: Path) -> None:
    """Write the weights of a network to a file that ``keras.Model.load_weights`` can read.

    Kernels are stored as float16. Scales and biases remain float32, because they take up little
    space.

    Parameters
    ----------
    network : keras.Model
    path : Path
        File to write. Its name must end with ``.weights.h5``.
    """
    with TemporaryDirectory() as folder:
        full = Path(folder) / "full.weights.h5"
        # Save a new model with the same layers, to omit the optimizer state.
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
    """Within the context, run the garbage collector frequently, on new objects only.

    Before each optimization pass, tf2onnx copies the graph including its weights, and the copies
    contain reference cycles. With Python's default thresholds, about 100 copies (10 GB for
    ResNet50) accumulate before they are collected.
    """
    thresholds = gc.get_threshold()
    gc.freeze()
    # Reset the count of long-lived objects, because a high count delays garbage collection.
    gc.collect()
    gc.set_threshold(20, 1, 1)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


def _name_outputs(graph: onnx.GraphProto) -> None:
    """Restore the names of the outputs, because the conversion to ONNX changes them."""
    for output, name in zip(graph.output, OUTPUTS, strict=True):
        graph.node.append(helper.make_node("Identity", [output.name], [name]))
        output.name = name


def _store_weights_as_float16(graph: onnx.GraphProto) -> None:
    """Convert kernels to float16. Scales and biases remain float32: they take up little space."""
    for weights in list(graph.initializer):
        if weights.data_type == TensorProto.FLOAT and len(weights.dims) > 1:
            name = weights.name
            halved = numpy_helper.to_array(weights).astype(np.float16)
            weights.CopyFrom(numpy_helper.from_array(halved, f"{name}_float16"))
            cast = helper.make_node("Cast", [weights.name], [name], to=TensorProto.FLOAT)
            graph.node.insert(0, cast)
