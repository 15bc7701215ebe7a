import runpy
from collections import Counter
from pathlib import Path

import pytest

from deepsky.errors import ImageError
from deepsky.imaging import read_image

ROOT = Path(__file__).parents[2]


def test_200_broken_files_are_rejected_without_output(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    benchmark = runpy.run_path(str(ROOT / "benchmarks" / "broken_files.py"))
    paths = benchmark["write_broken_files"](tmp_path)
    codes: Counter[str] = Counter()

    for path in paths:
        with pytest.raises(ImageError) as caught:
            pytest.fail(f"{path.name} was read: {read_image(path)}")
        codes[caught.value.code] += 1
        assert str(caught.value).endswith(".")

    assert len({path.read_bytes() for path in paths}) > 100
    assert codes.total() == 200
    assert set(codes) == {
        "corrupt_image",
        "empty_file",
        "file_too_large",
        "no_image_data",
        "too_many_frames",
        "too_many_pixels",
        "unsupported_format",
    }
    assert capfd.readouterr() == ("", "")
