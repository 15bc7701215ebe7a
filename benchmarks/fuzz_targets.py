"""Targets for fuzzing: functions that pass arbitrary bytes to one parser and check the result.

A target returns if the parser accepts the bytes or rejects them with the documented error, and
raises an exception otherwise. `benchmarks.fuzz` runs the targets with coverage-guided fuzzing, and
``tests/test_fuzz.py`` runs them with a small corpus. This module is not a script.
"""

import io
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from benchmarks.mutations import ImageFile, save_images
from deepsky.batch.archives import find_members
from deepsky.batch.control_characters import escape_control_characters
from deepsky.batch.output_paths import common_folder, output_path
from deepsky.batch.xmp import merge
from deepsky.catalogue.designations import normalise
from deepsky.errors import ImageError, OutputError
from deepsky.identification.file_names import object_names
from deepsky.identification.names import find_names
from deepsky.imaging import read_image
from deepsky.imaging.limits import Limits
from deepsky.server import create_app
from deepsky.server.settings import Settings

__all__ = ["TARGETS", "Target"]

LIMITS: Final = Limits(max_bytes=4_000_000, max_pixels=250_000, max_frames=50)
SAMPLES: Final = sorted((Path(__file__).resolve().parents[1] / "samples").glob("*.jpg"))
LARGEST_SEED: Final = 20_000
"""Maximum size of a seed file in bytes; small seeds are mutated faster."""

BOUNDARY: Final = b"deepsky"


@dataclass(frozen=True, slots=True)
class Target:
    """A parser to fuzz.

    Attributes
    ----------
    run : callable
        Function that passes bytes to the parser, and raises an exception if the parser behaves
        incorrectly.
    seeds : callable
        Function that returns valid inputs, from which a fuzzer starts.
    """

    run: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]


def _read(content: bytes) -> None:
    """Read an image; the pixels must match the stated size, and the error must be an ImageError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            image = read_image(content, limits=LIMITS)
        except ImageError as error:
            _check_message(str(error))
            return
    assert image.pixels.shape == (image.height, image.width, 3)
    assert image.pixels.dtype == np.uint8
    assert image.width * image.height <= LIMITS.max_pixels


def _check_message(message: str) -> None:
    assert message.endswith("."), message
    assert len(message) < 500, message
    assert message.isprintable(), message


def _merge_xmp(document: bytes) -> None:
    """Add keywords to an XMP document; a second merge must not add them again."""
    keywords, properties = ["galaxy"], {"label": "galaxy"}
    try:
        updated = merge(document, keywords, properties)
    except OutputError:
        return
    assert b"deepsky:galaxy" in updated
    again = merge(updated, keywords, properties)
    assert again.count(b"deepsky:galaxy") == updated.count(b"deepsky:galaxy")


def _use_names(content: bytes) -> None:
    """Derive output paths from names; they must stay in the output folder and be distinct."""
    names = content.decode("utf-8", "surrogateescape").replace("\0", "").splitlines()[:8]
    names = [name for name in names if name.strip()]
    for base in (common_folder(names), ()):
        paths = {name: output_path(name, base) for name in names}
        for name, path in paths.items():
            assert not path.is_absolute(), (name, path)
            assert ".." not in path.parts, (name, path)
            assert all(len(part.encode(errors="replace")) <= 255 for part in path.parts), path
    for name in names:
        escaped = escape_control_characters(name)
        assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in escaped), escaped


def _find_objects(content: bytes) -> None:
    """Find names of objects in a text; they must be designations in their canonical spelling."""
    text = content.decode("utf-8", "surrogateescape")
    for name in [*find_names(text), *object_names(text)]:
        assert normalise(name) == name, (text, name)


def _unzip(content: bytes) -> None:
    """Load all members of a ZIP archive; each must be loaded or rejected with an ImageError."""
    for number, source in enumerate(find_members("a.zip", lambda: io.BytesIO(content), LIMITS, 0)):
        assert number < 100_000
        try:
            loaded = source.load()
        except ImageError as error:
            _check_message(str(error))
            continue
        assert not isinstance(loaded, bytes) or len(loaded) <= LIMITS.max_bytes


def _post_form(body: bytes) -> None:
    """Upload a form; the server must not answer with a server error."""
    content_type = f"multipart/form-data; boundary={BOUNDARY.decode()}"
    response = _client().post("/api/v1/classifications", data=body, content_type=content_type)
    assert response.status_code < 500, response.get_data(as_text=True)


@cache
def _client():  # type: ignore[no-untyped-def]
    folder = tempfile.mkdtemp(prefix="deepsky-fuzz-")
    return create_app(Settings(data=Path(folder), rate_limit="")).test_client()


@cache
def _images() -> tuple[ImageFile, ...]:
    return tuple(file for file in save_images(SAMPLES[:1]) if len(file.content) <= LARGEST_SEED)


def _seeds(*suffixes: str) -> Callable[[], list[bytes]]:
    return lambda: [file.content for file in _images() if file.suffix.endswith(suffixes)]


def _xmp_seeds() -> list[bytes]:
    empty = merge(None, ["nebula"], {"label": "nebula"})
    other = empty.replace(b"deepsky:nebula", b"Orion &amp; friends")
    return [empty, other]


def _name_seeds() -> list[bytes]:
    return [
        b"/sky/2024/m31.fits\n/sky/2025/m51.fits",
        b"night.zip/../m31.fits\nnight.zip/m31.fits",
        b"s3://bucket/m51.fits\nhttps://host/a.fits",
        "C:\\sky\\m31.fits\n仙女座.fits\n../m31.fits".encode(),
    ]


def _object_seeds() -> list[bytes]:
    return [
        b"M 81/82, NGC 4038/39 & IC 1396A",
        b"night/Stacked_90_C 33_10.0s_LP.fit",
        "Sh2-155 Höhlennebel, Abell 39 cluster, M 1-92".encode(),
        "Galaxie d\u2019Andromède, PK 164+31.1, ESO 137-001".encode(),
    ]


def _zip_seeds() -> list[bytes]:
    return list(_archives())


def _archives() -> Iterator[bytes]:
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", method) as archive:
            archive.writestr("m31.jpg", b"pixels" * 20)
            archive.writestr("nächte/m42.jpg", b"pixels" * 20)
        yield stream.getvalue()


def _form_seeds() -> list[bytes]:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8)).save(stream, "PNG")
    head = b'--deepsky\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n'
    field = b'--deepsky\r\nContent-Disposition: form-data; name="model"\r\n\r\nefficientnet\r\n'
    end = b"\r\n--deepsky--\r\n"
    return [head + stream.getvalue() + end, field + head + b"not an image" + end]


TARGETS: Final = {
    "fits": Target(_read, _seeds("fits", "fits.gz", "fits.fz", "fz")),
    "form": Target(_post_form, _form_seeds),
    "names": Target(_use_names, _name_seeds),
    "objects": Target(_find_objects, _object_seeds),
    "png": Target(_read, _seeds("png")),
    "tiff": Target(_read, _seeds("tif", "tiff")),
    "xisf": Target(_read, _seeds("xisf")),
    "xmp": Target(_merge_xmp, _xmp_seeds),
    "zip": Target(_unzip, _zip_seeds),
}
"""Targets by name."""
