import hashlib
import io
import os
import subprocess
import sys
import threading
import warnings
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from deepsky.errors import (
    CorruptImageError,
    EmptyImageError,
    ImageError,
    ImageNotFoundError,
    ImageUnreadableError,
    NoImageDataError,
    UnsupportedFormatError,
)
from deepsky.imaging import read_image


def png(pixels: NDArray[np.uint8]) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def test_path_string_and_bytes_are_read_alike(tmp_path: Path, pattern: NDArray[np.uint8]) -> None:
    content = png(pattern)
    path = tmp_path / "M 31 Andromède 仙女座.png"
    path.write_bytes(content)

    images = [read_image(source) for source in (path, str(path), content)]

    for image in images:
        np.testing.assert_array_equal(image.pixels, pattern)
        assert image.sha256 == hashlib.sha256(content).hexdigest()
        assert (image.format, image.stretch) == ("PNG", None)


@pytest.mark.parametrize("name", ["image.jpg", "image.fits", "image.txt", "image"])
def test_format_is_detected_by_content(
    tmp_path: Path, pattern: NDArray[np.uint8], name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(png(pattern))

    assert read_image(path).format == "PNG"


@pytest.mark.parametrize(
    ("content", "described"),
    [
        (b"Notes on Messier 51", "text file"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"PK\x03\x04" + bytes(40), "ZIP"),
        (b"%PDF-1.7", "PDF"),
        (b"\xff", "unknown format"),
    ],
)
def test_error_names_the_unsupported_format(tmp_path: Path, content: bytes, described: str) -> None:
    path = tmp_path / "image.jpg"
    path.write_bytes(content)

    with pytest.raises(UnsupportedFormatError, match=described):
        read_image(path)


def test_unreadable_files_raise_image_errors(tmp_path: Path) -> None:
    empty, pipe = tmp_path / "empty.fits", tmp_path / "pipe"
    empty.touch()
    os.mkfifo(pipe)

    with pytest.raises(EmptyImageError):
        read_image(empty)
    with pytest.raises(EmptyImageError):
        read_image(b"")
    with pytest.raises(ImageNotFoundError):
        read_image(tmp_path / "missing.png")
    for source in (tmp_path, pipe, "x" * 5000, "nul\0.png"):
        with pytest.raises(ImageUnreadableError):
            read_image(source)


@pytest.mark.skipif(os.name == "nt", reason="Windows reports a different reason")
def test_error_contains_the_reason_without_errno_and_path() -> None:
    with pytest.raises(ImageUnreadableError, match=r"opened \(File name too long\); check"):
        read_image("m51" * 100)


def test_files_are_closed(tmp_path: Path, pattern: NDArray[np.uint8]) -> None:
    good, bad = tmp_path / "good.png", tmp_path / "bad.png"
    good.write_bytes(png(pattern))
    bad.write_bytes(png(pattern)[:100])
    descriptors = Path("/proc/self/fd")
    if not descriptors.exists():
        pytest.skip("needs /proc")
    before = len(list(descriptors.iterdir()))

    for _ in range(20):
        read_image(good)
        with pytest.raises(CorruptImageError):
            read_image(bad)

    assert len(list(descriptors.iterdir())) == before


def test_images_are_read_in_several_threads(pattern: NDArray[np.uint8]) -> None:
    contents = [png(np.roll(pattern, shift, 1)) for shift in range(8)]
    expected = [read_image(content).pixels for content in contents]
    filters = list(warnings.filters)
    wrong: list[int] = []

    def work(number: int) -> None:
        for _ in range(20):
            if not np.array_equal(read_image(contents[number]).pixels, expected[number]):
                wrong.append(number)
            with pytest.raises(ImageError):
                read_image(contents[number][:90])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not wrong
    assert warnings.filters == filters


def test_astropy_is_imported_only_for_fits(tmp_path: Path, pattern: NDArray[np.uint8]) -> None:
    (tmp_path / "a.png").write_bytes(png(pattern))
    code = "import sys, deepsky; deepsky.read_image('a.png'); print('astropy' in sys.modules)"
    run = [sys.executable, "-c", code]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP"])
@pytest.mark.parametrize("shade", [0, 128, 255])
def test_image_of_one_shade_of_grey_raises_no_image_data(image_format: str, shade: int) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (300, 200), (shade, shade, shade)).save(stream, image_format)

    with pytest.raises(NoImageDataError, match="shows nothing"):
        read_image(stream.getvalue())


def test_image_with_a_single_star_is_read() -> None:
    stream = io.BytesIO()
    image = Image.new("L", (1000, 800))
    image.putpixel((501, 333), 255)
    image.save(stream, "PNG")

    assert read_image(stream.getvalue()).width == 1000
