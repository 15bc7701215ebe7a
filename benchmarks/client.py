"""The client that the benchmarks of the service ask with."""

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


class UnansweredError(Exception):
    """The connection was refused, cut or silent: whether the request was carried out is open."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered, and how long that took from the request's first byte."""

    status: int
    headers: Message
    body: bytes
    seconds: float

    def json(self) -> Any:
        """Read the body as JSON."""
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The stable code of a problem, or an empty string where the answer is none."""
        if self.headers.get_content_type() != "application/problem+json":
            return ""
        return str(self.json().get("code", ""))

    @property
    def retry_after(self) -> float:
        """Seconds to wait before the request is sent again, at most two."""
        told = self.headers.get("Retry-After", "")
        return min(float(told), 2.0) if told.isdigit() else 0.2


class Client:
    """One keep-alive connection with the cookies of one session. For one thread.

    Parameters
    ----------
    address : (str, int)
        The server's.
    cookies : mapping, optional
        Those of another connection of the same session.
    seconds : float
        After so long without an answer a request counts as unanswered.
    """

    def __init__(
        self, address: Address, cookies: Mapping[str, str] | None = None, seconds: float = 60
    ) -> None:
        self.cookies = dict(cookies or {})
        self._connection = HTTPConnection(*address, timeout=seconds)

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        self._connection.close()

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a request and read its answer.

        Raises
        ------
        UnansweredError
            If no complete answer came.
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
            raise UnansweredError(repr(error)) from error
        seconds = time.perf_counter() - started
        for told in response.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(told).items():
                self.cookies[name] = morsel.value
        return Answer(response.status, response.headers, content, seconds)

    def get(self, path: str) -> Answer:
        """Send a GET request."""
        return self.request("GET", path)

    def delete(self, path: str) -> Answer:
        """Send a DELETE request."""
        return self.request("DELETE", path)

    def put(self, path: str, value: object) -> Answer:
        """Send a PUT request with a JSON body."""
        return self.request(
            "PUT", path, json.dumps(value).encode(), {"Content-Type": "application/json"}
        )

    def classify(
        self, content: bytes, name: str = "image.jpg", *, key: str | None = None
    ) -> Answer:
        """Post an image, with an idempotency key where one is given."""
        headers = {"Content-Type": FORM} | ({"Idempotency-Key": key} if key else {})
        return self.request("POST", CLASSIFICATIONS, form(content, name), headers)

    def classify_patiently(
        self, content: bytes, name: str = "image.jpg", *, key: str | None = None
    ) -> Answer:
        """Post an image, again and again while the server is overloaded."""
        while (answer := self.classify(content, name, key=key)).code == "overloaded":
            time.sleep(answer.retry_after)
        return answer


def form(content: bytes, name: str) -> bytes:
    """Give the body of an upload, whose media type is `FORM`."""
    head, tail = form_around(name)
    return head + content + tail


def form_around(name: str) -> tuple[bytes, bytes]:
    """Give what stands before and after the image in the body of an upload."""
    head = (
        f"--{BOUNDARY}\r\n"
        f'Content-Disposition: form-data; name="image"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    return head.encode(), f"\r\n--{BOUNDARY}--\r\n".encode()


def listed(client: Client) -> Iterator[dict[str, Any]]:
    """List all answers of a session, page after page."""
    following = ""
    while True:
        page = client.get(f"{CLASSIFICATIONS}?limit=100{following}").json()
        yield from page["items"]
        if page["next_cursor"] is None:
            return
        following = f"&cursor={quote(page['next_cursor'])}"
