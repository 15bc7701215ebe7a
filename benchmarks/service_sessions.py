"""Isolation test: each of ten concurrent sessions must have access only to its own data.

Run ``python -m benchmarks.service_sessions``, which takes one minute (with ``--quick``, a few
seconds). Each session uploads its own images and one image that all sessions share, and fetches all
data about these images. Then each session requests the data of another session through every route.
"""

import argparse
import hashlib
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from threading import Barrier
from typing import Any, Final

import numpy as np
from PIL import Image

from benchmarks.client import CLASSIFICATIONS, Client, Response, list_all
from benchmarks.service import SAMPLES, Expectations, Server
from deepsky.taxonomy import LABELS

SESSIONS: Final = 10

Record = dict[str, Any]


class Person:
    """Client with its own session and its own images to upload.

    Parameters
    ----------
    number : int
    server : Server
    images : int
        Number of images that only this session uploads. The shared image is not counted.
    """

    def __init__(self, number: int, server: Server, images: int) -> None:
        self.client = Client(server.address)
        self.records: list[Record] = []
        self.wrong: list[str] = []
        own = {f"{number}-{k}.png": image(number, k) for k in range(images)}
        self._files = {f"shared-{number}.jpg": SAMPLES[0].read_bytes(), **own}

    def post(self, together: Barrier) -> None:
        """Wait until all clients are ready, then upload all images and fetch their data."""
        together.wait()
        for name, content in self._files.items():
            response = self.client.classify_patiently(content, name)
            if response.status != 201:
                self._report(f"POST {name}", response)
                continue
            record = response.json()
            self.records.append(record)
            returned = record["path"], record["image_sha256"]
            if returned != (name, hashlib.sha256(content).hexdigest()):
                self._report(f"POST {name}, SHA-256 of another image", response)
            self._fetch(record, content)

    def list_all(self) -> None:
        """Check that the session can list all of its own classifications and no others."""
        found = {record["id"]: record for record in list_all(self.client)}
        own = {record["id"]: record for record in self.records}
        if found != own:
            self.wrong.append(f"list of {len(found)} items differs from the {len(own)} uploads")

    def intrude(self, other: "Person") -> int:
        """Request the data of another client's session, and return the number of requests."""
        count = 0
        for record in other.records:
            here = f"{CLASSIFICATIONS}/{record['id']}"
            responses = {
                "GET": self.client.get(here),
                "GET image": self.client.get(f"{here}/image"),
                **{
                    f"GET evidence {label}": self.client.get(f"{here}/evidence/{label}.png")
                    for label in LABELS
                },
                "PUT feedback": self.client.put(f"{here}/feedback", {"verdict": "correct"}),
                "DELETE feedback": self.client.delete(f"{here}/feedback"),
                "DELETE": self.client.delete(here),
            }
            for what, response in responses.items():
                count += 1
                if response.status != 404 or response.code != "not_found":
                    self._report(f"{what} of another session", response)
        return count

    def _fetch(self, record: Record, content: bytes) -> None:
        here = f"{CLASSIFICATIONS}/{record['id']}"
        again = self.client.get(here)
        if again.status != 200 or again.json() != record:
            self._report("GET", again)
        shown = self.client.get(f"{here}/image")
        if shown.status != 200 or not _looks_like(shown.body, content):
            self._report("GET image", shown)
        layer = self.client.get(f"{here}/evidence/{record['label']}.png")
        if layer.status != 200 or not layer.body.startswith(b"\x89PNG"):
            self._report("GET evidence", layer)

    def _report(self, what: str, response: Response) -> None:
        self.wrong.append(f"{what}: {response.status} {response.body[:200]!r}")


def image(number: int, which: int) -> bytes:
    """Return a noisy PNG image. Its colour depends on both numbers."""
    rng = np.random.default_rng([number, which])
    sky = rng.normal(rng.integers(40, 200, 3), 6, (60, 80, 3)).clip(0, 255).astype(np.uint8)
    stream = BytesIO()
    Image.fromarray(sky).save(stream, "PNG")
    return stream.getvalue()


def _looks_like(shown: bytes, sent: bytes) -> bool:
    """Return whether two image files show the same image, apart from JPEG artefacts."""
    images = []
    for content in (shown, sent):
        with Image.open(BytesIO(content)) as image:
            images.append(np.asarray(image.convert("RGB").resize((8, 8)), dtype=float))
    return bool(np.abs(images[0] - images[1]).mean() < 5)


def all_at_once(people: Sequence[Person], pool: ThreadPoolExecutor) -> None:
    """Run all sessions concurrently, then check the list of classifications of each session."""
    together = Barrier(len(people))
    for done in [pool.submit(person.post, together) for person in people]:
        done.result()
    for done in [pool.submit(person.list_all) for person in people]:
        done.result()


def all_intrude(people: Sequence[Person], stranger: Client, pool: ThreadPoolExecutor) -> int:
    """Request each session's data from a different session, and return the number of requests.

    The data of the first session are also requested without a session.
    """
    neighbours = zip(people, [*people[1:], people[0]], strict=True)
    running = [pool.submit(person.intrude, other) for person, other in neighbours]
    count = sum(done.result() for done in running)
    for record in people[0].records:
        response = stranger.get(f"{CLASSIFICATIONS}/{record['id']}")
        count += 1
        if response.status != 404:
            people[0].wrong.append(f"GET without a session: {response.status}")
    return count


def main() -> int:
    """Run the test, and return its exit status: 1 if any check failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=30, help="number of images per session")
    parser.add_argument("--quick", action="store_const", const=4, dest="images")
    arguments = parser.parse_args()
    expectations = Expectations()
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Path(folder)) as server,
        ThreadPoolExecutor(SESSIONS) as pool,
    ):
        people = [Person(number, server, arguments.images) for number in range(SESSIONS)]
        all_at_once(people, pool)
        classified = sum(len(person.records) for person in people)
        expected = SESSIONS * (arguments.images + 1)
        expectations.check("images classified", classified, classified == expected)
        wrong = [line for person in people for line in person.wrong]
        expectations.check("incorrect responses", wrong[:5], not wrong)
        ids = {record["id"] for person in people for record in person.records}
        expectations.check("distinct ids", len(ids), len(ids) == classified)
        cookies = {tuple(person.client.cookies.items()) for person in people}
        expectations.check("distinct cookies", len(cookies), len(cookies) == SESSIONS)
        requests = all_intrude(people, Client(server.address), pool)
        wrong = [line for person in people for line in person.wrong]
        expectations.check(
            f"requests for another session's data that were not rejected, of {requests}",
            wrong[:5],
            not wrong,
        )
        for person in people:
            person.list_all()
        wrong = [line for person in people for line in person.wrong]
        expectations.check("changes caused by these requests", wrong[:5], not wrong)
        errors = server.errors()
    expectations.check_errors(errors)
    return expectations.exit_status


if __name__ == "__main__":
    sys.exit(main())
