"""Record the examples in the documentation of the API: real requests and their responses.

Run ``python -m scripts.api_examples`` after a change of the API or of the default model. It
classifies a FITS file that is made from a sample image, and writes the requests and responses to
``src/deepsky/server/examples.json``. Long lists are shortened.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
from astropy.io import fits
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.exceptions import InternalServerError

from deepsky.server import Settings, create_app
from deepsky.server.openapi import EXAMPLES
from deepsky.server.problems import http_problem
from scripts.reference.rest_api import document

__all__ = ["main"]

SAMPLES: Final = Path(__file__).parents[1] / "samples"
API: Final = "/api/v1"
IMAGES: Final = f"{API}/classifications"

CENTRE: Final = (55.506, -47.222)
"""Right ascension and declination of NGC 1433, in degrees."""

SCALE: Final = 1.8 / 3600
"""Size of a pixel in degrees."""

LONGEST: Final = 4
"""Maximum number of items of a list or mapping, and of lines of a text."""


def main() -> None:
    """Write the examples."""
    with _serve() as client:
        other = client.application.test_client()
        other.post(IMAGES, data=_upload("ngc-1433.fits", _placed_image()))  # loads the model
        recorder = _Recorder(client)
        id_ = _record_responses(recorder)
        problems = _collect_problems(client, id_)
    examples = {
        "requests": recorder.requests,
        "responses": recorder.responses,
        "problems": problems,
    }
    EXAMPLES.write_text(json.dumps(examples, indent=1, ensure_ascii=False) + "\n", "utf-8")


@contextmanager
def _serve(**settings: Any) -> Iterator[FlaskClient]:
    """Start a server in a temporary folder, and return a client."""
    with TemporaryDirectory() as folder:
        given = {"access": "open", "readers": 1, **settings}
        app = create_app(Settings(data=Path(folder), **given))
        try:
            yield app.test_client()
        finally:
            app.extensions["deepsky"].close()


class _Recorder:
    """Send requests, and keep the bodies of requests and responses by operation.

    Parameters
    ----------
    client : FlaskClient
    """

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self.requests: dict[str, Any] = {}
        self.responses: dict[str, Any] = {}

    def send(self, method: str, path: str, route: str = "", **options: Any) -> Any:
        """Send a request, and return the body of the response, or None if it is text or empty."""
        operation = document()["paths"][API + (route or path)][method]
        name = operation["operationId"]
        if "json" in options:
            self.requests[name] = options["json"]
        with getattr(self._client, method)(API + path, **options) as response:
            if not 200 <= response.status_code < 300:
                raise RuntimeError(response.text)
            described = operation["responses"][str(response.status_code)]
            if "content" not in described:
                return None
            content = described["content"][response.mimetype]
            if response.is_json:
                body = response.get_json()
                self.responses[name] = _shorten(body, content["schema"])
                return body
            lines = response.text.splitlines(keepends=True)
            self.responses[name] = "".join(lines[:LONGEST])
        return None


def _shorten(value: Any, schema: Any) -> Any:
    """Shorten the lists and mappings in a value that has the schema."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _shorten(value, document()["components"]["schemas"][name])
    for option in schema.get("anyOf", []):
        value = _shorten(value, option)
    if isinstance(value, list):
        return [_shorten(item, schema.get("items", {})) for item in value[:LONGEST]]
    if isinstance(value, dict) and "properties" in schema:
        fields = schema["properties"]
        return {key: _shorten(item, fields.get(key, {})) for key, item in value.items()}
    if isinstance(value, dict) and "additionalProperties" in schema:
        inner = schema["additionalProperties"]
        return {key: _shorten(item, inner) for key, item in list(value.items())[:LONGEST]}
    return value


def _record_responses(recorder: _Recorder) -> str:
    """Record a response of each operation, and return the identifier of a classification."""
    send = recorder.send
    upload = _upload("ngc-1433.fits", _placed_image())
    found = send("post", "/classifications", data=upload)
    path, route = f"/classifications/{found['id']}", "/classifications/{id}"
    feedback = {
        "verdict": "correct",
        "label": found["label"],
        "second_label": None,
        "blind": True,
        "comment": "Barred galaxy in Horologium",
    }
    send("put", f"{path}/feedback", f"{route}/feedback", json=feedback)
    share = send("post", f"{path}/share", f"{route}/share")
    send("get", f"/shared/{share['token']}", "/shared/{token}")
    for end in ("", "/sky", "/inspection", "/objects"):
        send("get", path + end, route + end)
    recorder.responses["solve"] = recorder.responses["getSky"]  # the same if the place is known
    stretched = send("post", f"{path}/stretch", f"{route}/stretch", json={"stretch": "asinh"})
    for end in ("", "/counts", "/ids", "/export"):
        send("get", f"/classifications{end}")
    send("post", "/classifications/export", json={"ids": [found["id"]], "format": "csv"})
    send("post", "/classifications/delete", json={"ids": [stretched["id"]]})
    send("get", f"/models/{found['model']}", "/models/{name}")
    for end in ("feedback/summary", "models", "speed", "health", "settings", "session", "metrics"):
        send("get", f"/{end}")
    send("put", "/session", json={"remembered": True})
    return str(found["id"])


def _placed_image() -> bytes:
    """Return a FITS file of a sample image, with its place on the sky in the header."""
    with Image.open(SAMPLES / "ngc-1433.jpg") as image:
        brightness = np.asarray(image.convert("L"), dtype=np.float64)[::-1] / 255
    header = fits.Header({"OBJECT": "NGC 1433"})
    header["CTYPE1"], header["CTYPE2"] = "RA---TAN", "DEC--TAN"
    header["CRVAL1"], header["CRVAL2"] = CENTRE
    header["CRPIX1"], header["CRPIX2"] = [(pixels + 1) / 2 for pixels in brightness.shape[::-1]]
    header["CD1_1"], header["CD2_2"] = -SCALE, SCALE
    content = BytesIO()
    counts = 500 + 12_000 * brightness**2.2
    fits.PrimaryHDU(counts.astype(np.uint16), header).writeto(content)
    return content.getvalue()


def _collect_problems(client: FlaskClient, id_: str) -> dict[str, Any]:
    """Return an error response for each HTTP status, given the identifier of a classification."""
    error = InternalServerError()
    responses = [
        client.post(f"{IMAGES}/delete", json={"ids": []}),
        client.get(f"{IMAGES}/{'0' * 32}"),
        client.post(IMAGES, data=_upload("notes.txt", b"M 31")),
        client.post(IMAGES, data=_upload("empty.fits", b"")),
        client.post(IMAGES, headers={"Origin": "https://example.org"}),
        client.get(f"{IMAGES}/{id_}/image", headers={"Range": "bytes=99999999-"}),
        client.post(f"{IMAGES}/{id_}/sky"),
        http_problem(error.code, error.name, error.description),
    ]
    with _serve(access="keys") as strict:
        responses.append(strict.get(IMAGES))
    with _serve(rate_limit="1/minute", max_bytes=100_000) as strict:
        responses += [strict.post(IMAGES, data=_upload("m-31.fits", bytes(200_000)))]
        responses += [strict.post(IMAGES)]
    with _serve(queue=1) as busy:
        admission = busy.application.extensions["deepsky"].admission
        with admission.slot("one client"), admission.slot("another client"):
            responses.append(busy.post(IMAGES))
    bodies = {str(response.status_code): response.get_json() for response in responses}
    return dict(sorted(bodies.items()))


def _upload(name: str, content: bytes) -> dict[str, Any]:
    return {"image": (BytesIO(content), name)}


if __name__ == "__main__":
    main()
