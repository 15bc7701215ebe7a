"""Importing deepsky and reading images do not change global state of the calling process."""

import gzip
import io
import subprocess
import sys
from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

PROGRAM = """
import logging, signal, sys, types, warnings
from pathlib import Path

import astropy.io.fits, imagecodecs, numpy, PIL
from PIL import (
    BmpImagePlugin, GifImagePlugin, Image, ImageFile, JpegImagePlugin, PngImagePlugin,
    TiffImagePlugin, WebPImagePlugin,
)

def constants(module):
    plain = (bool, int, float, str, bytes, tuple, frozenset, type(None))
    return {name: value for name, value in vars(module).items() if isinstance(value, plain)}

def state():
    Image.init()
    pillow = [module for name, module in sys.modules.items() if name.startswith("PIL.")]
    loggers = [logging.getLogger()] + [
        logger for logger in map(logging.getLogger, sorted(logging.root.manager.loggerDict))
    ]
    return {
        "warnings.filters": list(warnings.filters),
        "warnings.showwarning": warnings.showwarning,
        "Pillow": {module.__name__: constants(module) for module in pillow},
        "Pillow's formats": (sorted(Image.OPEN), sorted(Image.SAVE)),
        "loggers": {log.name: (log.level, log.disabled, len(log.handlers)) for log in loggers},
        "blocked modules": {name for name, module in sys.modules.items() if module is None},
        "NumPy's errors": numpy.geterr(),
        "Ctrl+C": signal.getsignal(signal.SIGINT),
        "excepthook": sys.excepthook,
    }

Image.MAX_IMAGE_PIXELS = 80_000_000
warnings.simplefilter("always")
before = state()
import deepsky, deepsky.imaging

for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        deepsky.read_image(path)
    except deepsky.DeepskyError as error:
        print(error.code)
after = state()
for name, value in before.items():
    if after[name] != value:
        print(name, value, after[name], sep="\\n")
"""


def write_images(folder: Path, pixels: NDArray[np.uint8]) -> None:
    """Write image files in several formats, a PNG with a large text chunk, and a damaged PNG."""
    image = Image.fromarray(pixels)
    for suffix in ("jpg", "png", "gif", "bmp", "webp", "tif"):
        image.save(folder / f"image.{suffix}")
    text = PngImagePlugin.PngInfo()
    text.add_text("History", "step " * 600_000, zip=True)
    image.save(folder / "history.png", pnginfo=text)
    buffer = io.BytesIO()
    fits.PrimaryHDU(pixels[..., 0]).writeto(buffer)
    (folder / "image.fits").write_bytes(buffer.getvalue())
    (folder / "image.fits.gz").write_bytes(gzip.compress(buffer.getvalue()))
    (folder / "damaged.png").write_bytes((folder / "image.png").read_bytes()[:60])


def test_import_and_reading_leave_the_process_unchanged(
    tmp_path: Path, pattern: NDArray[np.uint8]
) -> None:
    write_images(tmp_path, pattern)

    command = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("corrupt_image\n", "")
