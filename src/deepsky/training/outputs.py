"""What an exported network says about the images of a manifest."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from deepsky.dataset.manifest import Example
from deepsky.dataset.progress import chunks
from deepsky.evaluation.answers import pixels_of
from deepsky.evaluation.evaluate import PRECISION
from deepsky.models.preparation import fit_to_input
from deepsky.models.runtime import Runtime

__all__ = ["Outputs"]


@dataclass(frozen=True, slots=True)
class Outputs:
    """Logits and embeddings of n images.

    Attributes
    ----------
    logits : ndarray of float32, shape (n, 4)
    embeddings : ndarray of float32, shape (n, d)
    """

    logits: NDArray[np.float32]
    embeddings: NDArray[np.float32]

    @classmethod
    def of(cls, network: bytes, size: int, examples: Sequence[Example]) -> Self:
        """Run a network (ONNX) on images, scaled to ``size`` pixels."""
        runtime = Runtime(network, size, PRECISION)
        outputs = [
            runtime.run(np.stack([fit_to_input(pixels, size) for pixels in pixels_of(chunk)]))
            for chunk in chunks(examples, f"Asking at {size} pixels")
        ]
        return cls(
            np.concatenate([output.logits for output in outputs]),
            np.concatenate([output.embedding for output in outputs]),
        )
