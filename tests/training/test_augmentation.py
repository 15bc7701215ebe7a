"""Test the augmentation of training images."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from deepsky.dataset.manifest import Example
from deepsky.dataset.targets import soft_targets
from deepsky.models.preparation import fit_to_input
from deepsky.training.augmentation import STEPS, augment
from deepsky.training.datasets import AugmentedImages


def test_same_seed_returns_the_same_variant() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (90, 130, 3), dtype=np.uint8)
    image = Image.fromarray(pixels)
    variants = [augment(image, 64, np.random.default_rng(s)) for s in (1, 1, 2)]
    assert all(v.shape == (64, 64, 3) and v.dtype == np.uint8 for v in variants)
    assert np.array_equal(variants[0], variants[1])
    assert not np.array_equal(variants[0], variants[2])


def test_without_all_steps_the_image_is_only_scaled() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (90, 130, 3), dtype=np.uint8)
    variant = augment(Image.fromarray(pixels), 64, np.random.default_rng(0), STEPS)
    assert np.array_equal(variant, fit_to_input(pixels, 64))


def test_each_step_changes_the_image() -> None:
    pixels = np.asarray(Image.radial_gradient("L").convert("RGB")).copy()
    pixels[:128, :100] //= 3  # makes the image asymmetric
    image = Image.fromarray(pixels)
    plain = fit_to_input(pixels, 64)
    for step in STEPS:
        others = [other for other in STEPS if other != step]
        variants = [augment(image, 64, np.random.default_rng(s), others) for s in range(30)]
        assert any(not np.array_equal(variant, plain) for variant in variants), step


def test_orientation_is_random() -> None:
    pixels = np.zeros((80, 80, 3), dtype=np.uint8)
    pixels[:12, :12] = 255  # a bright corner
    image = Image.fromarray(pixels)
    brightest = set()
    for seed in range(60):
        grey = augment(image, 64, np.random.default_rng(seed)).mean(axis=2)
        quarters = [grey[:32, :32], grey[:32, 32:], grey[32:, :32], grey[32:, 32:]]
        means = [q.mean() for q in quarters]
        if max(means) > 2 * np.median(means) + 5:  # the crop contains the bright corner
            brightest.add(int(np.argmax(means)))
    assert brightest == {0, 1, 2, 3}


def test_order_of_channels_is_preserved() -> None:
    image = Image.new("RGB", (80, 80), (200, 90, 20))
    means = np.mean(
        [augment(image, 32, np.random.default_rng(s)).mean(axis=(0, 1)) for s in range(80)],
        axis=0,
    )
    assert means[0] > means[1] + 20 > means[2] + 40


def test_tiny_and_long_images_are_augmented() -> None:
    for size in ((1, 1), (3, 200), (500, 2)):
        for seed in range(12):
            variant = augment(Image.new("RGB", size), 32, np.random.default_rng(seed))
            assert variant.shape == (32, 32, 3)


def test_resumed_epoch_has_the_same_images(examples: list[Example]) -> None:
    straight, resumed = (AugmentedImages(examples, size=32, batch_size=8, seed=3) for _ in range(2))
    first = straight[0][0]
    straight.start_epoch(2)
    resumed.start_epoch(2)
    assert np.array_equal(straight[1][0], resumed[1][0])
    assert np.array_equal(straight[1][1], resumed[1][1])
    assert not np.array_equal(first, straight[0][0])


def test_images_of_rare_kinds_and_small_sources_are_used_several_times(
    examples: list[Example], tmp_path: Path
) -> None:
    def example(name: str, kind: str, source: str) -> Example:
        return replace(examples[0], path=tmp_path / name, kind=kind, source=source)

    for brightness, name in enumerate(["frequent", "small", "rare"]):
        Image.new("RGB", (32, 32), (50 * brightness,) * 3).save(tmp_path / name, "png")
    used = [example("frequent", "", "large")] * 40
    used += [example("small", "", "small"), example("rare", "comet", "large")]

    def brightnesses(**options: Any) -> Counter[int]:
        images = AugmentedImages(used, size=32, batch_size=1, seed=3, without=STEPS, **options)
        return Counter(int(pixels.mean()) for pixels, _ in images)

    assert brightnesses() == {0: 40, 50: 1, 100: 1}
    assert brightnesses(repeat_rare=True) == {0: 40, 50: 2, 100: 3}


def test_repeated_images_are_augmented_differently(examples: list[Example]) -> None:
    one = [replace(examples[0], kind="comet")]
    images = AugmentedImages(one, size=32, batch_size=3, seed=3, repeat_rare=True)
    first, second, third = images[0][0]
    assert not np.array_equal(first, second)
    assert not np.array_equal(second, third)


def test_target_probability_is_divided_between_two_labels(examples: list[Example]) -> None:
    rows = soft_targets(examples)
    assert np.allclose(rows.sum(axis=1), 1)
    mixed = next(i for i, e in enumerate(examples) if e.second_label)
    assert np.allclose(rows[mixed], [0, 0.65, 0.35, 0])
