"""What Schemathesis cannot know of the API; `benchmarks.service_schema` has it load this.

The API's description says of an uploaded file that it is binary, and cannot say that it is an
image. So most files are real images here, which the server has to take, and the rest random
bytes, which it has to refuse. Where schemathesis.toml allows a request that follows the
description to be refused, the checks here see to it that nothing else is.
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
"""Codes that say that a file is no image."""


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
    """Leave out lists that a form cannot tell from a single value, or from none."""
    model = body.get("model") if isinstance(body, dict) else None
    return not isinstance(model, list) or len(model) > 1


def images_are_told_from_other_files(_: CheckContext, response: Response, case: Case[Any]) -> None:
    """Fail where an image is refused as none, or something else is taken for an image."""
    files = _files(case.body)
    refused = response.status_code in {415, 422} and response.json()["code"] in REFUSED
    if files and IMAGES.issuperset(files) and refused:
        msg = f"A real image was refused: {response.text}"
        raise AssertionError(msg)
    if len(files) == 1 and not IMAGES.issuperset(files) and response.status_code == 201:
        msg = f"Random bytes were taken for an image: {response.text}"
        raise AssertionError(msg)


def _files(body: Any) -> list[bytes]:
    """Give the files of an upload; none for another body."""
    image = body.get("image") if isinstance(body, dict) else None
    parts: list[Any] = image if isinstance(image, list) else [image]
    return [part.data for part in parts if isinstance(getattr(part, "data", None), bytes)]


def only_what_the_past_forbids_is_refused(
    _: CheckContext, response: Response, case: Case[Any]
) -> None:
    """Fail where a list or feedback is refused though nothing in it depends on earlier answers."""
    right = case.meta is None or case.meta.generation.mode.is_positive
    if not right or response.status_code != 400:
        return
    listing = (case.method, case.path) == ("GET", "/api/v1/classifications")
    if listing and "cursor" not in (case.query or {}):
        msg = f"A list without a cursor was refused: {response.text}"
        raise AssertionError(msg)
    correcting = case.method == "PUT" and case.path.endswith("/feedback")
    if correcting and isinstance(case.body, dict) and case.body.get("label") is None:
        msg = f"Feedback without a label was refused: {response.text}"
        raise AssertionError(msg)


schemathesis.hook(filter_body)
schemathesis.check(images_are_told_from_other_files)
schemathesis.check(only_what_the_past_forbids_is_refused)
