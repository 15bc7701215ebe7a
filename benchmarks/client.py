"""HTTP client for the server benchmarks."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from typing import Any, Final
from urllib.parse import quote

API: Final = "/api/v1"
CLASSIFICATIONS: Final = f"{API}/classifications"
BOUNDARY: Final = "deepsky-benchmark-boundary"
FORM: Final = f"multipart/form-data; boundary={BOUNDARY}"

Address = tuple[str, int]


class NoResponseError(Exception):
    """No complete response was received; the server may still have processed the request."""


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP response and its duration, measured from the start of the request."""

    status: int
    headers: Message
    body: bytes
    seconds: float

    def json(self) -> Any:
        """Return the response body, parsed as JSON."""
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """Error code of an error response; an empty string for other responses."""
        if self.headers.get_content_type() != "application/problem+json":
            return ""
        return str(self.json().get("code", ""))

    @property
    def retry_after(self) -> float:
        """Time to wait before repeating the request, in seconds; at most 2."""
        value = self.headers.get("Retry-After", "")
        return min(float(value), 2.0) if value.isdigit() else 0.2


class Client:
    """HTTP client with a keep-alive connection and the cookies of one session; not thread-safe.

    Parameters
    ----------
    address : (str, int)
        Host and port of the server.
    cookies : mapping, optional
        Cookies of another client. They allow this client to use the same session.
    seconds : float
        Timeout in seconds, for connecting and for each read.
    """

    def __init__(
        self, address: Address, cookies: Mapping[str, str] | None = None, seconds: float = 60
    ) -> None:
        self.cookies = dict(cookies or {})
        self._connection = HTTPConnection(*address, timeout=seconds)

    def close(self) -> None:
        """Close the connection; the next request opens a new one."""
        self._connection.close()

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send a request and read the response.

        Raises
        ------
        NoResponseError
            If no complete response is received.
        """
        sent = dict(headers or {})
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        started = time.perf_counter()
        try:
            self._connection.request(method, path, body, sent)
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, HTTPException) as error:
            self.close()
            raise NoResponseError(repr(error)) from error
        seconds = time.perf_counter() - started
        for header in response.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
        return Response(response.status, response.headers, content, seconds)

    def get(self, path: str) -> Response:
        """Send a GET request."""
        return self.request("GET", path)

    def delete(self, path: str) -> Response:
        """Send a DELETE request."""
        return self.request("DELETE", path)

    def put(self, path: str, value: object) -> Response:
        """Send a PUT request with a JSON body."""
        return self.request(
            "PUT", path, json.dumps(value).encode(), {"Content-Type": "application/json"}
        )

    def classify(
        self, content: bytes, name: str = "image.jpg", *, key: str | None = None
    ) -> Response:
        """Upload an image, optionally with an idempotency key."""
        headers = {"Content-Type": FORM} | ({"Idempotency-Key": key} if key else {})
        return self.request("POST", CLASSIFICATIONS, form(content, name), headers)

    def classify_patiently(
        self, content: bytes, name: str = "image.jpg", *, key: str | None = None
    ) -> Response:
        """Upload an image; repeat the request as long as the server is overloaded."""
        while (response := self.classify(content, name, key=key)).code == "overloaded":
            time.sleep(response.retry_after)
        return response


def form(content: bytes, name: str) -> bytes:
    """Return a request body for uploading an image, with the media type `FORM`."""
    head, tail = form_around(name)
    return head + content + tail


def form_around(name: str) -> tuple[bytes, bytes]:
    """Return the two parts of an upload request's body that precede and follow the image."""
    head = (
        f"--{BOUNDARY}\r\n"
        f'Content-Disposition: form-data; name="image"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    return head.encode(), f"\r\n--{BOUNDARY}--\r\n".encode()


def list_all(client: Client) -> Iterator[dict[str, Any]]:
    """Yield all classifications of a session, requesting 100 at a time."""
    cursor = ""
    while True:
        page = client.get(f"{CLASSIFICATIONS}?limit=100{cursor}").json()
        yield from page["items"]
        if page["next_cursor"] is None:
            return
        cursor = f"&cursor={quote(page['next_cursor'])}"
