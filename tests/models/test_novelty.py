"""Novelty: range of values, distances, and saving and loading of the novelty reference."""

import io
from pathlib import Path

import numpy as np
import pytest

from deepsky.models.novelty import NoveltyReference


@pytest.fixture(scope="module")
def reference() -> NoveltyReference:
    """A novelty reference fitted to four clusters that are elongated in the same direction."""
    return NoveltyReference.fit(*clusters(seed=0), clusters(seed=1)[0])


def clusters(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 4, 2000)
    centres = np.eye(4, 6) * 20
    return centres[truth] + rng.normal(0, 1, (2000, 6)) * [1, 1, 1, 1, 1, 8], truth


def test_novelty_is_the_fraction_of_held_out_images_that_are_closer(
    reference: NoveltyReference,
) -> None:
    novelty = reference.novelty(clusters(seed=2)[0])
    assert np.quantile(novelty, [0.1, 0.5, 0.9]) == pytest.approx([0.1, 0.5, 0.9], abs=0.04)


def test_point_between_the_classes_is_novel(reference: NoveltyReference) -> None:
    assert reference.novelty(np.full((1, 6), 7.0)) == pytest.approx(1)


def test_distance_is_in_standard_deviations(reference: NoveltyReference) -> None:
    along, across = (
        np.eye(4, 6)[:1] * 20 + [[0, 0, 0, 0, 0, 8]],
        np.eye(4, 6)[:1] * 20 + 8 * np.eye(6)[4],
    )
    assert reference.novelty(along)[0] < 0.3
    assert reference.novelty(across)[0] == pytest.approx(1)


def test_saved_reference_gives_the_same_novelty(
    reference: NoveltyReference, tmp_path: Path
) -> None:
    reference.save(tmp_path / "novelty.npz")
    points = clusters(seed=3)[0]
    loaded = NoveltyReference.parse((tmp_path / "novelty.npz").read_bytes())
    assert loaded.novelty(points) == pytest.approx(reference.novelty(points), abs=0.02)


def test_damaged_content_is_an_error(reference: NoveltyReference, tmp_path: Path) -> None:
    reference.save(tmp_path / "novelty.npz")
    whole = (tmp_path / "novelty.npz").read_bytes()
    damaged = [whole[:length] for length in range(0, len(whole), 97)]
    for position in range(0, len(whole), 31):
        flipped = bytearray(whole)
        flipped[position] ^= 0xFF
        damaged.append(bytes(flipped))
    refused = 0
    for content in (b"nothing", *damaged):
        try:
            NoveltyReference.parse(content)
        except ValueError:
            refused += 1
    # A few bytes of an archive, such as the dates of its files, have no influence on the arrays.
    assert refused > 0.9 * len(damaged)


@pytest.mark.parametrize(
    "arrays",
    [
        {"means": np.zeros((3, 5))},
        {"whitening": np.zeros((6, 5))},
        {"distances": np.zeros(7)},
        {"means": np.full((3, 6), np.nan)},
        {"distances": np.linspace(1, 0, 201)},
        {"means": np.array([["text"] * 6] * 3)},
    ],
)
def test_invalid_arrays_are_an_error(
    reference: NoveltyReference, arrays: dict[str, np.ndarray]
) -> None:
    valid = {name: getattr(reference, name) for name in NoveltyReference.__slots__}
    content = io.BytesIO()
    np.savez(content, allow_pickle=False, **(valid | arrays))

    with pytest.raises(ValueError, match=r"shapes|infinite|increase|not an NPZ"):
        NoveltyReference.parse(content.getvalue())
