"""Test synthetic skies, and images placed in a synthetic star field."""

import numpy as np
import pytest
from PIL import Image

from deepsky.dataset.synthetic_skies import SKY_KINDS, draw_empty_sky, place_among_stars


@pytest.mark.parametrize("kind", SKY_KINDS)
def test_same_seed_generates_the_same_sky(kind: str) -> None:
    once, again, other = (
        np.asarray(draw_empty_sky(96, np.random.default_rng(seed), kind)) for seed in (1, 1, 2)
    )
    assert once.shape == (96, 96, 3)
    assert np.array_equal(once, again)
    assert not np.array_equal(once, other)


@pytest.mark.parametrize("kind", SKY_KINDS)
def test_sky_is_dark_with_bright_stars(kind: str) -> None:
    skies = [
        np.asarray(draw_empty_sky(96, np.random.default_rng(seed), kind)) for seed in range(12)
    ]
    assert np.median([np.median(sky) for sky in skies]) < 80
    assert np.mean([sky.max() for sky in skies]) > 150


def test_all_kinds_are_generated_and_half_are_star_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    for kind in SKY_KINDS:

        def note(
            size: int, _rng: np.random.Generator, kind: str = kind
        ) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
            drawn.append(kind)
            return np.zeros((size, size, 3), dtype=np.float32)

        monkeypatch.setitem(SKY_KINDS, kind, note)
    for seed in range(400):
        draw_empty_sky(8, np.random.default_rng(seed))
    assert set(drawn) == set(SKY_KINDS)
    assert 0.4 < drawn.count("star field") / len(drawn) < 0.6


def test_object_among_stars_is_small_and_complete_without_an_edge() -> None:
    pixels = np.full((128, 128, 3), 30, dtype=np.uint8)
    pixels[52:76, 52:76] = (250, 30, 30)
    for seed in range(8):
        image = place_among_stars(Image.fromarray(pixels), np.random.default_rng(seed))
        small = np.asarray(image).astype(int)
        red = (small[..., 0] - small[..., 1] > 120) & (small[..., 0] - small[..., 2] > 120)
        assert 20 < red.sum() < 24 * 24  # the object is visible, but smaller
        assert small.min() >= 25  # there is no dark edge around the object
