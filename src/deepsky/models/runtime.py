"""Run networks with OpenVINO."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from deepsky.errors import ModelCorruptError
from deepsky.models.telemetry import no_telemetry

with no_telemetry():
    import openvino as ov
    from openvino.preprocess import PrePostProcessor

__all__ = ["NetworkOutput", "Precision", "Runtime", "describe_processor"]

MAX_STREAMS: Final = 8
"""Maximum number of streams. It limits the memory used by the network's activations. If there are
more CPU cores than streams, several cores process one image together."""

REQUESTS_PER_STREAM: Final = 2
"""Number of inference requests per stream: one is running while the next one is queued."""

# OpenVINO initializes its table of types the first time it converts a type. If two threads do so at
# the same time, they deadlock. Therefore, this conversion runs when the module is imported.
ov.Type.u8.to_dtype()

OUTPUTS: Final = ("logits", "evidence", "embedding")

Precision = Literal["auto", "f32", "bf16"]
"""Numerical precision of float networks: ``auto`` selects bf16 on CPUs with bf16 instructions, and
f32 on other CPUs. Quantized networks use int8 and always run their remaining float layers in f32:
for these layers, bf16 is not faster, and OpenVINO does not support it on CPUs with AMX."""


@dataclass(frozen=True, slots=True)
class NetworkOutput:
    """Outputs of a network for n images.

    Attributes
    ----------
    logits : ndarray of float32, shape (n, k)
        Uncalibrated scores of the k classes, in the order of the labels in the card.
    evidence : ndarray of float32, shape (n, k, rows, columns)
        Evidence maps. Each map covers the whole image. The mean of a class's map plus the class's
        bias is the class's logit.
    embedding : ndarray of float32, shape (n, d)
        Features of the image: the input to the last layer of the head.
    """

    logits: NDArray[np.float32]
    evidence: NDArray[np.float32]
    embedding: NDArray[np.float32]


class Runtime:
    """A compiled network. Safe to use from several threads.

    Several images are processed in parallel on separate CPU cores, instead of one image at a time
    on all cores. On two cores, this doubles the throughput and makes it less sensitive to the
    load from other programs.

    Parameters
    ----------
    network : bytes
        The network in ONNX format.
    input_size : int
        Side length of the network's square input, in pixels.
    precision : {"auto", "f32", "bf16"}
        Numerical precision of float networks; ``auto`` selects the fastest one that the CPU
        supports.
    streams : int, optional
        Number of images to process in parallel. If this is set, the operating system selects the
        CPU cores. By default, there is one stream per core, up to eight streams, and each stream
        is pinned to its own cores.

    Raises
    ------
    ModelCorruptError
        If OpenVINO cannot load the network.
    ValueError
        If the precision is unknown.
    """

    def __init__(
        self,
        network: bytes,
        input_size: int,
        precision: Precision = "auto",
        streams: int | None = None,
    ) -> None:
        if precision not in get_args(Precision):
            msg = (
                f"The precision must be one of {', '.join(get_args(Precision))}, not {precision!r}."
            )
            raise ValueError(msg)
        core = ov.Core()
        self._streams = streams or min(os.cpu_count() or 1, MAX_STREAMS)
        config: dict[str, str | int | bool] = {
            "PERFORMANCE_HINT": "THROUGHPUT",
            "NUM_STREAMS": self._streams,
        }
        if streams:
            config |= {"INFERENCE_NUM_THREADS": streams, "ENABLE_CPU_PINNING": False}
        if precision != "auto":
            config["INFERENCE_PRECISION_HINT"] = precision
        try:
            model = core.read_model(network)
            if _is_quantized(model):
                config["INFERENCE_PRECISION_HINT"] = "f32"
            # The batch size is fixed because a dynamic one makes EfficientNet-B0 25 % slower.
            model.reshape([1, input_size, input_size, 3])
            self._network = core.compile_model(_with_uint8_input(model), "CPU", config)
        except RuntimeError as error:
            msg = f"The network cannot be loaded: {error}"
            raise ModelCorruptError(msg) from error
        self.input_size = input_size
        self._idle: SimpleQueue[ov.InferRequest] = SimpleQueue()

    @property
    def embedding_size(self) -> int | None:
        """Length of the embeddings, or None if it is only known after a run."""
        length = self._network.output("embedding").get_partial_shape()[1]
        return int(length.get_length()) if length.is_static else None

    def run(self, images: NDArray[np.uint8]) -> NetworkOutput:
        """Run the network on images.

        Parameters
        ----------
        images : ndarray of uint8, shape (n, input_size, input_size, 3)
            RGB images.

        Returns
        -------
        NetworkOutput
        """
        outputs: list[dict[str, NDArray[np.float32]]] = []
        concurrent = min(len(images), REQUESTS_PER_STREAM * self._streams)
        with ExitStack() as stack:
            requests = [stack.enter_context(self._request()) for _ in range(concurrent)]
            for number, image in enumerate(images):
                request = requests[number % concurrent]
                if number >= concurrent:
                    outputs.append(_finish(request))
                request.start_async({0: image[np.newaxis]}, share_inputs=True)
            rest = range(len(outputs), len(images))
            outputs.extend(_finish(requests[number % concurrent]) for number in rest)
        stacked = {name: np.concatenate([one[name] for one in outputs]) for name in OUTPUTS}
        return NetworkOutput(
            logits=stacked["logits"],
            evidence=np.ascontiguousarray(stacked["evidence"].transpose(0, 3, 1, 2)),
            embedding=stacked["embedding"],
        )

    @contextmanager
    def _request(self) -> Iterator[ov.InferRequest]:
        """Provide an inference request for the exclusive use of one thread."""
        try:
            request = self._idle.get_nowait()
        except Empty:
            request = self._network.create_infer_request()
        yield request
        # After an exception, a request is not reused, because it may still be running.
        self._idle.put(request)


def _is_quantized(model: ov.Model) -> bool:
    return any(node.get_type_name() == "FakeQuantize" for node in model.get_ops())


def _with_uint8_input(model: ov.Model) -> ov.Model:
    """Return a network that converts uint8 images to floats itself, which is faster."""
    wrapped = PrePostProcessor(model)
    wrapped.input().tensor().set_element_type(ov.Type.u8)
    return wrapped.build()


def _finish(request: ov.InferRequest) -> dict[str, NDArray[np.float32]]:
    """Wait for a request to complete, and copy its outputs because the next run overwrites them."""
    request.wait()
    return {name: request.get_tensor(name).data.copy() for name in OUTPUTS}


def describe_processor() -> str:
    """Return the name of the processor, and the kinds of computations that it accelerates.

    Returns
    -------
    str
        Such as ``"Intel(R) Core(TM) i5-8250U (FP32, INT8)"``.
    """
    core = ov.Core()
    name = core.get_property("CPU", "FULL_DEVICE_NAME").strip()
    kinds = set(core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"))
    return f"{name} ({', '.join(sorted(kinds & {'BF16', 'FP16', 'FP32', 'INT8'}))})"
