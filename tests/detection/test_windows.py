import numpy as np
import pytest

from deepsky.detection.windows import MAX_WINDOWS, choose_windows


@pytest.mark.parametrize("size", [(1000, 1000), (1501, 1000), (640, 1136), (3, 2), (1, 1)])
def test_windows_of_each_scale_cover_the_image_twice_except_at_its_edges(
    size: tuple[int, int],
) -> None:
    width, height = size
    for boxes in choose_windows(width, height)[1:]:
        side = boxes[0].width
        for x, y in np.random.default_rng(0).uniform((0, 0), size, (50, 2)):
            within = [b for b in boxes if b.left <= x <= b.right and b.top <= y <= b.bottom]
            inner = side / 2 < x < width - side / 2 and side / 2 < y < height - side / 2
            assert len(within) >= (4 if inner else 1)
        assert all(box.clipped(width + 1e-6, height + 1e-6) == box for box in boxes)


def test_number_of_windows_is_limited() -> None:
    scales = choose_windows(100_000, 100)

    assert sum(map(len, scales)) <= MAX_WINDOWS
    assert len(scales[0]) == 1
