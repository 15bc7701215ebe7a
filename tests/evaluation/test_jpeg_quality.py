"""Test the estimation of JPEG quality."""

from pathlib import Path

import pytest
from PIL import Image

from deepsky.evaluation.jpeg_quality import estimate_jpeg_quality


@pytest.mark.parametrize("quality", [10, 30, 76, 95])
def test_quality_is_estimated_exactly(tmp_path: Path, quality: int) -> None:
    Image.radial_gradient("L").convert("RGB").save(tmp_path / "a.jpg", quality=quality)
    assert estimate_jpeg_quality(tmp_path / "a.jpg") == quality


def test_other_formats_have_no_quality(tmp_path: Path) -> None:
    Image.radial_gradient("L").save(tmp_path / "a.png")
    assert estimate_jpeg_quality(tmp_path / "a.png") is None
