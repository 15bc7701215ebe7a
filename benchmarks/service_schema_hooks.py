"""Hooks of Schemathesis for this API, loaded by `benchmarks.service_schema`.

The OpenAPI document describes uploads as binary, which does not imply that they are images. Most
files generated here are images, which the server must accept, and the rest are random bytes, which
it must refuse. Where schemathesis.toml allows valid requests to be refused, the checks here verify
that only the expected ones are.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

import numpy as np
import schemathesis
from hypothesis import strategies as st
from PIL import Image
from schemathesis import Case, CheckContext, HookContext, Response

REFUSED: Final = {"unsupported_format", "corrupt_image", "empty_file", "no_image_data"}
"""Error codes for files that are not images."""


def _images() -> Iterator[bytes]:
    rng = np.random.default_rng(1)
    for number in range(40):
        shape = rng.integers(1, 60, 2)
        grey = rng.normal(60, 20, shape).clip(0, 255).astype(np.uint8)
        stream = BytesIO()
        Image.fromarray(grey).convert(("L", "RGB", "RGBA", "P")[number % 4]).save(stream, "PNG")
        yield stream.getvalue()


IMAGES: Final = frozenset(_images())

schemathesis.openapi.format(
    "binary",
    st.one_of(*[st.sampled_from(sorted(IMAGES))] * 3, st.binary(max_size=300)),
)


def filter_body(_: HookContext, body: Any) -> bool:
    """Exclude lists that a form cannot distinguish from a single value or from none."""
    model = body.get("model") if isinstance(body, dict) else None
    return not isinstance(model, list) or len(model) > 1


def images_are_distinguished_from_other_files(
    _: CheckContext, response: Response, case: Case[Any]
) -> None:
    """Fail if an image is refused as another file, or other bytes are classified."""
    files = _files(case.body)
    refused = response.status_code in {415, 422} and response.json()["code"] in REFUSED
    if files and IMAGES.issuperset(files) and refused:
        msg = f"A real image was refused: {response.text}"
        raise AssertionError(msg)
    if len(files) == 1 and not IMAGES.issuperset(files) and response.status_code == 201:
        msg = f"Random bytes were classified: {response.text}"
        raise AssertionError(msg)


def _files(body: Any) -> list[bytes]:
    """Return the files of an upload; none for another body."""
    image = body.get("image") if isinstance(body, dict) else None
    parts: list[Any] = image if isinstance(image, list) else [image]
    return [part.data for part in parts if isinstance(getattr(part, "data", None), bytes)]


def only_expected_requests_are_refused(
    _: CheckContext, response: Response, case: Case[Any]
) -> None:
    """Fail if a list or feedback is refused that does not depend on earlier responses."""
    valid = case.meta is None or case.meta.generation.mode.is_positive
    if not valid or response.status_code != 400:
        return
    listing = (case.method, case.path) == ("GET", "/api/v1/classifications")
    if listing and "cursor" not in (case.query or {}):
        msg = f"A list without a cursor was refused: {response.text}"
        raise AssertionError(msg)
    feedback = case.method == "PUT" and case.path.endswith("/feedback")
    if feedback and isinstance(case.body, dict) and case.body.get("label") is None:
        msg = f"Feedback without a label was refused: {response.text}"
        raise AssertionError(msg)


schemathesis.hook(filter_body)
schemathesis.check(images_are_distinguished_from_other_files)
schemathesis.check(only_expected_requests_are_refused)
