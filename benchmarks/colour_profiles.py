"""Measure how closely images in other colour spaces are rendered, compared with sRGB.

Each sample image is converted from sRGB to the colour space of each profile, saved with that
profile, and read. Colours that the other colour space cannot represent are left out. Run
``python -m benchmarks.colour_profiles PROFILE...`` with the paths of ICC profiles, for example
those of the Debian packages ``colord-data`` and ``icc-profiles-free``.
"""

import argparse
import io
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image

from benchmarks.service import SAMPLES
from deepsky.imaging import read_image

SRGB = imagecodecs.cms_profile("srgb")
NO_OPTIMIZATION = 0x100
ICC_TAG = 34675


def transform(pixels: NDArray[Any], source: bytes, target: bytes) -> NDArray[Any]:
    """Convert 16-bit RGB pixels between the colour spaces of two profiles."""
    converted: NDArray[Any] = imagecodecs.cms_transform(
        pixels,
        source,
        target,
        colorspace="rgb",
        outcolorspace="rgb",
        outdtype="uint16",
        intent=1,
        flags=NO_OPTIMIZATION,
    )
    return converted


def save(pixels: NDArray[Any], profile: bytes, kind: str) -> bytes:
    """Encode 16-bit RGB pixels as JPEG or PNG with 8 bits, or as TIFF with 16 bits."""
    stream = io.BytesIO()
    if kind == "TIFF":
        tags = [(ICC_TAG, "B", len(profile), profile, True)] if profile else []
        tifffile.imwrite(stream, pixels, photometric="rgb", extratags=tags)
        return stream.getvalue()
    image = Image.fromarray(np.rint(pixels / 257).astype(np.uint8))
    options: dict[str, Any] = {"quality": 95, "subsampling": 0} if kind == "JPEG" else {}
    image.save(stream, kind, icc_profile=profile or None, **options)
    return stream.getvalue()


def measure(original: NDArray[np.uint8], profile: bytes, kind: str) -> tuple[float, float]:
    """Return the mean difference with and without applying the profile, in levels of 255."""
    deep = original.astype(np.uint16) * 257
    stored = transform(deep, SRGB, profile)
    inside = np.abs(transform(stored, profile, SRGB).astype(int) - deep).max(axis=-1) <= 257
    differences = []
    for applied in (profile, b""):
        found = read_image(save(stored, applied, kind)).pixels.astype(int)
        differences.append(float(np.abs(found - original)[inside].mean()))
    return differences[0], differences[1]


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("profiles", nargs="+", type=Path)
    images = [np.asarray(Image.open(path).convert("RGB")) for path in SAMPLES]
    print("| profile | JPEG | PNG | TIFF |\n|---|---|---|---|")
    for path in parser.parse_args().profiles:
        profile = path.read_bytes()
        cells = []
        for kind in ("JPEG", "PNG", "TIFF"):
            results = np.array([measure(image, profile, kind) for image in images])
            with_profile, without = results.mean(axis=0)
            cells.append(f"{with_profile:.1f} ({without:.1f})")
        print(f"| {path.stem} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
