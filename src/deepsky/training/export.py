"""Turns a trained network into the file that the runtime reads (ONNX, half-precision weights)."""

import keras
import numpy as np
import onnx
import tensorflow as tf
import tf2onnx
from onnx import TensorProto, helper, numpy_helper
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from deepsky.training.network import with_evidence

__all__ = ["export_onnx"]

OPSET = 18
OUTPUTS = ("embedding", "evidence", "logits")
"""Sorted, as TensorFlow orders what a function returns as a dictionary."""


def export_onnx(network: keras.Model) -> bytes:
    """Give a network with its evidence maps and embedding as ONNX.

    The weights are stored as float16, which halves the file, and computed with as float32.

    Parameters
    ----------
    network : keras.Model
        From `attach_head`.

    Returns
    -------
    bytes
        Its input takes RGB images of any size, of shape (n, rows, columns, 3), 0 to 255; its
        outputs are those of `with_evidence`.
    """
    outputs = with_evidence(network)
    spec = tf.TensorSpec((None, None, None, 3), tf.float32, name="image")

    @tf.function(input_signature=[spec])  # type: ignore[untyped-decorator]
    def infer(image: tf.Tensor) -> dict[str, tf.Tensor]:
        return outputs(image, training=False)  # type: ignore[no-any-return]

    frozen = convert_variables_to_constants_v2(infer.get_concrete_function())
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


def _name_outputs(graph: onnx.GraphProto) -> None:
    """Give the outputs their names, which the conversion replaces by its own."""
    for output, name in zip(graph.output, OUTPUTS, strict=True):
        graph.node.append(helper.make_node("Identity", [output.name], [name]))
        output.name = name


def _store_weights_as_float16(graph: onnx.GraphProto) -> None:
    """Store kernels as float16. Vectors (scales, biases) are small and stay as they are."""
    for weights in list(graph.initializer):
        if weights.data_type == TensorProto.FLOAT and len(weights.dims) > 1:
            name = weights.name
            halved = numpy_helper.to_array(weights).astype(np.float16)
            weights.CopyFrom(numpy_helper.from_array(halved, f"{name}_float16"))
            cast = helper.make_node("Cast", [weights.name], [name], to=TensorProto.FLOAT)
            graph.node.insert(0, cast)
