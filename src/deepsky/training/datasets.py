"""Feeds images and their targets to Keras."""

from collections.abc import Collection, Sequence

import keras
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from deepsky.dataset.manifest import Example
from deepsky.dataset.skies import empty_sky
from deepsky.dataset.truth import targets
from deepsky.models.preparation import fit_to_input
from deepsky.training.augmentation import augment

__all__ = ["AugmentedImages", "open_image", "plain_images"]

EMPTY_SKIES = 0.12
"""Share of the images without an object that a drawn empty sky replaces."""


def open_image(example: Example) -> Image.Image:
    """Open a training image as RGB."""
    with Image.open(example.path) as file:
        return file.convert("RGB")


def plain_images(examples: Sequence[Example], size: int) -> NDArray[np.uint8]:
    """Images as the classifier sees them, of shape (n, size, size, 3)."""
    return np.stack([fit_to_input(np.asarray(open_image(e)), size) for e in examples])


class AugmentedImages(keras.utils.PyDataset):  # type: ignore[misc]
    """Training images in random order, each varied anew in each epoch.

    What is drawn depends on the seed, the epoch and the image alone, not on how many threads
    load them, so that a resumed training goes on as an uninterrupted one would.

    Parameters
    ----------
    examples : sequence of Example
    size : int
        Side of the network's input, in pixels.
    batch_size : int
    seed : int
    without : collection of str
        Steps of the augmentation to leave out.
    first_epoch : int
        The epoch to begin with, when training goes on: Keras draws ahead of its first epoch.
    workers : int
        Threads that load images.
    """

    def __init__(
        self,
        examples: Sequence[Example],
        *,
        size: int,
        batch_size: int,
        seed: int,
        without: Collection[str] = (),
        first_epoch: int = 0,
        workers: int = 2,
    ) -> None:
        super().__init__(workers=workers, use_multiprocessing=False, max_queue_size=8)
        self._examples = examples
        self._targets = targets(examples)
        self._size = size
        self._batch_size = batch_size
        self._seed = seed
        self._without = without
        self.start_epoch(first_epoch)

    def __len__(self) -> int:
        return len(self._examples) // self._batch_size

    def __getitem__(self, batch: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        chosen = self._order[batch * self._batch_size : (batch + 1) * self._batch_size]
        images = np.stack([self._variant(index) for index in chosen])
        return images.astype(np.float32), self._targets[chosen]

    def start_epoch(self, epoch: int) -> None:
        """Draw the order and the variants of an epoch."""
        self._epoch = epoch
        self._order = np.random.default_rng([self._seed, epoch]).permutation(len(self._examples))

    def _variant(self, index: int) -> NDArray[np.uint8]:
        rng = np.random.default_rng([self._seed, self._epoch, index])
        example = self._examples[index]
        drawn = (
            "stars" not in self._without and example.label == "other" and rng.random() < EMPTY_SKIES
        )
        image = empty_sky(self._size, rng) if drawn else open_image(example)
        return augment(image, self._size, rng, self._without)
