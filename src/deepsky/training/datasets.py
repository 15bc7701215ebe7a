"""Load training images and their targets for Keras."""

from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

import keras
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from deepsky.atomic_file import atomic_write
from deepsky.dataset.batches import batches
from deepsky.dataset.manifest import Example
from deepsky.dataset.synthetic_skies import draw_empty_sky
from deepsky.dataset.targets import soft_targets
from deepsky.errors import DatasetError
from deepsky.models.preparation import fit_to_input
from deepsky.taxonomy import LABELS, OTHER, Label
from deepsky.training.augmentation import augment

__all__ = ["AugmentedImages", "compute_features", "load_inputs", "open_image"]

MOST_PER_SOURCE: Final = 200
"""Maximum number of images with the same source and label that are used in one epoch. Otherwise,
large sources, whose images resemble each other, would dominate the training."""

RARE: Final = 40
"""A kind of object is rare, and a source is small, if it has fewer training images."""

RARE_USES: Final = 3
"""Number of times that an image of a rare kind is used per epoch, if rare images are repeated."""

SMALL_SOURCE_USES: Final = 2
"""Number of times that another image of a small source is used per epoch, if rare images are
repeated."""

EMPTY_SKIES: Final = 0.12
"""Fraction of the training images labelled ``other`` that are replaced by synthetic skies without a
deep-sky object."""


def open_image(example: Example) -> Image.Image:
    """Open the image file of an example, and convert the image to RGB.

    Parameters
    ----------
    example : Example

    Returns
    -------
    PIL.Image.Image

    Raises
    ------
    DatasetError
        If the image cannot be read.
    """
    try:
        with Image.open(example.path) as file:
            return file.convert("RGB")
    except OSError as error:
        msg = (
            f"The image {example.path} cannot be read: {error}. "
            "Replace it, or remove its row from the manifest."
        )
        raise DatasetError(msg) from error


def load_inputs(examples: Sequence[Example], size: int) -> NDArray[np.uint8]:
    """Load images, and scale them to the network's input size in the same way as the classifier.

    Parameters
    ----------
    examples : sequence of Example
        One or more images.
    size : int
        Side of the network's input, in pixels.

    Returns
    -------
    ndarray of uint8, shape (n, size, size, 3)
        The n RGB images.
    """
    return np.stack([fit_to_input(np.asarray(open_image(e)), size) for e in examples])


def compute_features(
    backbone: keras.Model, examples: Sequence[Example], size: int, cache: Path
) -> NDArray[np.float16]:
    """Compute the feature maps of a frozen backbone, or load them from the cache.

    Parameters
    ----------
    backbone : keras.Model
    examples : sequence of Example
    size : int
        Side of the network's input, in pixels.
    cache : Path
        The ``.npy`` file that caches the features. It is written if it does not exist.

    Returns
    -------
    ndarray of float16, shape (n, rows, columns, channels)
    """
    if not cache.exists():
        parts = [
            backbone.predict_on_batch(load_inputs(batch, size).astype(np.float32)).astype("f2")
            for batch in batches(examples, "Computing features")
        ]
        with atomic_write(cache) as file:
            np.save(file, np.concatenate(parts))
    return np.asarray(np.load(cache))


class AugmentedImages(keras.utils.PyDataset):  # type: ignore[misc]
    """Training images, chosen, shuffled and augmented differently in each epoch.

    All random numbers depend only on the seed, the epoch and the image, not on the number of
    threads. A resumed training run therefore uses the same augmented images as an uninterrupted
    run.

    Parameters
    ----------
    examples : sequence of Example
        The training images, at least ``batch_size`` of them.
    size : int
        Side of the network's input, in pixels.
    batch_size : int
        Number of images per batch. An incomplete last batch is dropped.
    seed : int
        Seed for the order of the images and for the augmentation.
    without : collection of str
        Names of augmentation steps to omit.
    repeat_rare : bool
        Whether images of kinds of objects with fewer than `RARE` training images are used
        `RARE_USES` times per epoch, and other images of sources with fewer than `RARE` training
        images `SMALL_SOURCE_USES` times. Each time, the image is augmented differently.
    first_epoch : int
        Number of the first epoch of this run, starting at 0. It must be specified here, because
        Keras loads the first images before it reports the start of the epoch.
    workers : int
        Number of threads that load images.
    labels : sequence of str
        Labels of the model. By default, those of the shipped models.
    """

    def __init__(
        self,
        examples: Sequence[Example],
        *,
        size: int,
        batch_size: int,
        seed: int,
        without: Collection[str] = (),
        repeat_rare: bool = False,
        first_epoch: int = 0,
        workers: int = 2,
        labels: Sequence[Label] = LABELS,
    ) -> None:
        super().__init__(workers=workers, use_multiprocessing=False, max_queue_size=8)
        self._examples = examples
        self._targets = soft_targets(examples, labels)
        self._size = size
        self._batch_size = batch_size
        self._seed = seed
        self._without = without
        self._uses = [
            (index, use)
            for index, count in enumerate(_uses(examples) if repeat_rare else [1] * len(examples))
            for use in range(count)
        ]
        self.start_epoch(first_epoch)

    def __len__(self) -> int:
        return len(self._order) // self._batch_size

    def __getitem__(self, batch: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        chosen = self._order[batch * self._batch_size : (batch + 1) * self._batch_size]
        images = np.stack([self._augmented(index, use) for index, use in chosen])
        return images.astype(np.float32), self._targets[chosen[:, 0]]

    def start_epoch(self, epoch: int) -> None:
        """Choose the images of an epoch, their random order and their augmentation.

        Parameters
        ----------
        epoch : int
            Number of the epoch, starting at 0.
        """
        self._epoch = epoch
        shuffled = np.random.default_rng([self._seed, epoch]).permutation(self._uses)
        used: Counter[tuple[str, str]] = Counter()
        order = []
        for index, use in shuffled:
            example = self._examples[index]
            kind = example.source or str(index), example.label
            used[kind] += 1
            if used[kind] <= MOST_PER_SOURCE:
                order.append((index, use))
        self._order = np.array(order)

    def _augmented(self, index: int, use: int) -> NDArray[np.uint8]:
        rng = np.random.default_rng([self._seed, self._epoch, index, use])
        example = self._examples[index]
        synthetic = (
            "stars" not in self._without and example.label == OTHER and rng.random() < EMPTY_SKIES
        )
        image = draw_empty_sky(self._size, rng) if synthetic else open_image(example)
        return augment(image, self._size, rng, self._without)


def _uses(examples: Sequence[Example]) -> list[int]:
    """Return how often each image is used per epoch if rare images are repeated."""
    kinds = Counter(example.kind for example in examples)
    sources = Counter(example.source for example in examples)
    return [
        RARE_USES
        if example.kind and kinds[example.kind] < RARE
        else SMALL_SOURCE_USES
        if example.source and sources[example.source] < RARE
        else 1
        for example in examples
    ]
