"""Schemathesis hooks for the deepsky API, loaded by `benchmarks.service_schema`.

The OpenAPI document describes uploads only as binary data. Therefore, these hooks generate the
uploaded files: most are images, which the server must accept, and the others are random bytes,
which it must reject. The configuration ``schemathesis.toml`` allows the server to reject some valid
requests; the checks in this module verify that it rejects no other valid request.
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
    """Exclude lists with fewer than two models: forms cannot represent them as lists."""
    model = body.get("model") if isinstance(body, dict) else None
    return not isinstance(model, list) or len(model) > 1


def images_are_distinguished_from_other_files(
    _: CheckContext, response: Response, case: Case[Any]
) -> None:
    """Fail if the server rejects an image as unreadable or classifies random bytes."""
    files = _files(case.body)
    refused = response.status_code in {415, 422} and response.json()["code"] in REFUSED
    if files and IMAGES.issuperset(files) and refused:
        msg = f"An image was rejected: {response.text}"
        raise AssertionError(msg)
    if len(files) == 1 and not IMAGES.issuperset(files) and response.status_code == 201:
        msg = f"Random bytes were classified: {response.text}"
        raise AssertionError(msg)


def _files(body: Any) -> list[bytes]:
    """Return the contents of the files in a request body; an empty list if there are none."""
    image = body.get("image") if isinstance(body, dict) else None
    parts: list[Any] = image if isinstance(image, list) else [image]
    return [part.data for part in parts if isinstance(getattr(part, "data", None), bytes)]


def only_expected_requests_are_refused(
    _: CheckContext, response: Response, case: Case[Any]
) -> None:
    """Fail if a list request without a cursor or feedback without a label is wrongly rejected."""
    valid = case.meta is None or case.meta.generation.mode.is_positive
    if not valid or response.status_code != 400:
        return
    listing = (case.method, case.path) == ("GET", "/api/v1/classifications")
    if listing and "cursor" not in (case.query or {}):
        msg = f"A list request without a cursor was rejected: {response.text}"
        raise AssertionError(msg)
    feedback = case.method == "PUT" and case.path.endswith("/feedback")
    body = case.body if isinstance(case.body, dict) else {}
    if feedback and body.get("label") is None and body.get("second_label") is None:
        msg = f"Feedback without a label was rejected: {response.text}"
        raise AssertionError(msg)


schemathesis.hook(filter_body)
schemathesis.check(images_are_distinguished_from_other_files)
schemathesis.check(only_expected_requests_are_refused)
