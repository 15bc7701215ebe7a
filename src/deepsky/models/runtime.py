"""Runs a network, with OpenVINO."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Final, Literal

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino.preprocess import PrePostProcessor

from deepsky.errors import ModelCorruptError

__all__ = ["NetworkOutput", "Precision", "Runtime"]

MOST_STREAMS: Final = 8
"""Each stream holds the network's intermediate results: with more, cores share an image."""

WAITING: Final = 2
"""Images handed to each stream: one is worked on, and the next is there when it is done."""

# OpenVINO makes its table of types when it is first asked for one. Two threads that ask at once for
# the first time wait for each other forever, so it is asked here, where only one can be.
ov.Type.u8.to_dtype()

OUTPUTS: Final = ("logits", "evidence", "embedding")

Precision = Literal["auto", "f32", "bf16"]
"""Arithmetic of a network of floats: ``auto`` is bf16 on processors with instructions for it, else
f32. A quantised network computes in whole numbers of 8 bits, and the little else in f32: bf16 is no
quicker there, and OpenVINO cannot do it on processors with AMX."""


@dataclass(frozen=True, slots=True)
class NetworkOutput:
    """What a network says about n images.

    Attributes
    ----------
    logits : ndarray of float32, shape (n, 4)
        Uncalibrated scores, in the order of ``LABELS``.
    evidence : ndarray of float32, shape (n, 4, rows, columns)
        Where in the image each score comes from: the mean of a map, plus the class's bias,
        is the logit. The maps cover the whole image.
    embedding : ndarray of float32, shape (n, d)
        The image's features before the last layer.
    """

    logits: NDArray[np.float32]
    evidence: NDArray[np.float32]
    embedding: NDArray[np.float32]


class Runtime:
    """A compiled network. Safe to use from several threads.

    It works on as many images at once as the processor has cores (up to ``MOST_STREAMS``), each
    on cores of its own. Next to letting all cores work on one image this doubles what two cores
    do, and suffers less from what else runs: cores that share an image wait for each other.

    Parameters
    ----------
    network : bytes
        The network (ONNX).
    input_size : int
        Side of the square images that it is to see, in pixels.
    precision : {"auto", "f32", "bf16"}
    streams : int, optional
        Images to work on at once, where the other cores are for others; the system then
        chooses the cores.

    Raises
    ------
    ModelCorruptError
        If the network is no such network.
    """

    def __init__(
        self,
        network: bytes,
        input_size: int,
        precision: Precision = "auto",
        streams: int | None = None,
    ) -> None:
        core = ov.Core()
        self._streams = streams or min(os.cpu_count() or 1, MOST_STREAMS)
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
            # One image at a time: a number that may vary costs EfficientNet-B0 a quarter more.
            model.reshape([1, input_size, input_size, 3])
            self._network = core.compile_model(_taking_bytes(model), "CPU", config)
        except RuntimeError as error:
            msg = f"The network cannot be loaded: {error}"
            raise ModelCorruptError(msg) from error
        self.input_size = input_size
        self._idle: SimpleQueue[ov.InferRequest] = SimpleQueue()

    def run(self, images: NDArray[np.uint8]) -> NetworkOutput:
        """Run the network.

        Parameters
        ----------
        images : ndarray of uint8, shape (n, input_size, input_size, 3)
            RGB.
        """
        outputs: list[dict[str, NDArray[np.float32]]] = []
        at_once = min(len(images), WAITING * self._streams)
        with ExitStack() as lent:
            requests = [lent.enter_context(self._request()) for _ in range(at_once)]
            for number, image in enumerate(images):
                request = requests[number % at_once]
                if number >= at_once:
                    outputs.append(_finish(request))
                request.start_async({0: image[np.newaxis]}, share_inputs=True)
            rest = range(len(outputs), len(images))
            outputs.extend(_finish(requests[number % at_once]) for number in rest)
        joined = {name: np.concatenate([one[name] for one in outputs]) for name in OUTPUTS}
        return NetworkOutput(
            logits=joined["logits"],
            evidence=np.ascontiguousarray(joined["evidence"].transpose(0, 3, 1, 2)),
            embedding=joined["embedding"],
        )

    @contextmanager
    def _request(self) -> Iterator[ov.InferRequest]:
        """Lend an inference request, which serves one thread at a time."""
        try:
            request = self._idle.get_nowait()
        except Empty:
            request = self._network.create_infer_request()
        yield request
        self._idle.put(request)  # not after an error: it may still be at work


def _is_quantized(model: ov.Model) -> bool:
    return any(step.get_type_name() == "FakeQuantize" for step in model.get_ops())


def _taking_bytes(model: ov.Model) -> ov.Model:
    """Let a network take images as they are, and turn them to floats itself, which is quicker."""
    wrapped = PrePostProcessor(model)
    wrapped.input().tensor().set_element_type(ov.Type.u8)
    return wrapped.build()


def _finish(request: ov.InferRequest) -> dict[str, NDArray[np.float32]]:
    """Wait for a request's answer, and copy what the next one overwrites."""
    request.wait()
    return {name: request.get_tensor(name).data.copy() for name in OUTPUTS}
