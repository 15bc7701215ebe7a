"""Whether each of ten people who use the server at once gets their own answers, and no other's.

Run ``python -m benchmarks.service_sessions`` (a minute; ``--quick``: seconds). Ten sessions post
images, one of them the same for all, and fetch everything about them; then each asks for what
is another's, by every route there is.
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

from benchmarks.client import CLASSIFICATIONS, Answer, Client, listed
from benchmarks.service import SAMPLES, Expectations, Server
from deepsky.taxonomy import LABELS

SESSIONS: Final = 10

Record = dict[str, Any]


class Person:
    """One session, with the images it sends.

    Parameters
    ----------
    number : int
    server : Server
    images : int
        How many of its own it sends, beside one that all send.
    """

    def __init__(self, number: int, server: Server, images: int) -> None:
        self.client = Client(server.address)
        self.records: list[Record] = []
        self.wrong: list[str] = []
        own = {f"{number}-{k}.png": image(number, k) for k in range(images)}
        self._files = {f"shared-{number}.jpg": SAMPLES[0].read_bytes(), **own}

    def post(self, together: Barrier) -> None:
        """Send all images, begun with the others, and fetch what belongs to each answer."""
        together.wait()
        for name, content in self._files.items():
            answer = self.client.classify_patiently(content, name)
            if answer.status != 201:
                self._complain(f"POST {name}", answer)
                continue
            record = answer.json()
            self.records.append(record)
            told = record["path"], record["image_sha256"]
            if told != (name, hashlib.sha256(content).hexdigest()):
                self._complain(f"POST {name}, about another image", answer)
            self._fetch(record, content)

    def list_all(self) -> None:
        """Compare the list with what was answered."""
        found = {record["id"]: record for record in listed(self.client)}
        own = {record["id"]: record for record in self.records}
        if found != own:
            self.wrong.append(f"the list has {len(found)} answers, not exactly the {len(own)} own")

    def intrude(self, other: "Person") -> int:
        """Ask for what is another's; give the number of requests."""
        count = 0
        for record in other.records:
            here = f"{CLASSIFICATIONS}/{record['id']}"
            answers = {
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
            for what, answer in answers.items():
                count += 1
                if answer.status != 404 or answer.code != "not_found":
                    self._complain(f"{what} of another's", answer)
        return count

    def _fetch(self, record: Record, content: bytes) -> None:
        here = f"{CLASSIFICATIONS}/{record['id']}"
        again = self.client.get(here)
        if again.status != 200 or again.json() != record:
            self._complain("GET", again)
        shown = self.client.get(f"{here}/image")
        if shown.status != 200 or not _looks_like(shown.body, content):
            self._complain("GET image", shown)
        layer = self.client.get(f"{here}/evidence/{record['label']}.png")
        if layer.status != 200 or not layer.body.startswith(b"\x89PNG"):
            self._complain("GET evidence", layer)

    def _complain(self, what: str, answer: Answer) -> None:
        self.wrong.append(f"{what}: {answer.status} {answer.body[:200]!r}")


def image(number: int, which: int) -> bytes:
    """Make an image of a colour that is no other's."""
    rng = np.random.default_rng([number, which])
    sky = rng.normal(rng.integers(40, 200, 3), 6, (60, 80, 3)).clip(0, 255).astype(np.uint8)
    stream = BytesIO()
    Image.fromarray(sky).save(stream, "PNG")
    return stream.getvalue()


def _looks_like(shown: bytes, sent: bytes) -> bool:
    """Tell whether two files show the same image, but for JPEG's losses."""
    images = []
    for content in (shown, sent):
        with Image.open(BytesIO(content)) as image:
            images.append(np.asarray(image.convert("RGB").resize((8, 8)), dtype=float))
    return bool(np.abs(images[0] - images[1]).mean() < 5)


def all_at_once(people: Sequence[Person], pool: ThreadPoolExecutor) -> None:
    """Have all people send and fetch at once, and look through their lists."""
    together = Barrier(len(people))
    for done in [pool.submit(person.post, together) for person in people]:
        done.result()
    for done in [pool.submit(person.list_all) for person in people]:
        done.result()


def all_intrude(people: Sequence[Person], stranger: Client, pool: ThreadPoolExecutor) -> int:
    """Have each ask for the next one's, and somebody without a session for the first one's."""
    neighbours = zip(people, [*people[1:], people[0]], strict=True)
    running = [pool.submit(person.intrude, other) for person, other in neighbours]
    count = sum(done.result() for done in running)
    for record in people[0].records:
        answer = stranger.get(f"{CLASSIFICATIONS}/{record['id']}")
        count += 1
        if answer.status != 404:
            people[0].wrong.append(f"GET without a session: {answer.status}")
    return count


def main() -> int:
    """Post, fetch, intrude, and tell by the exit status whether all stayed with its owner."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=30, help="that each session sends")
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
        answers = sum(len(person.records) for person in people)
        wanted = SESSIONS * (arguments.images + 1)
        expectations.check("images answered", answers, answers == wanted)
        wrong = [line for person in people for line in person.wrong]
        expectations.check("answers that were not the session's own", wrong[:5], not wrong)
        ids = {record["id"] for person in people for record in person.records}
        expectations.check("different ids", len(ids), len(ids) == answers)
        cookies = {tuple(person.client.cookies.items()) for person in people}
        expectations.check("different cookies", len(cookies), len(cookies) == SESSIONS)
        asked = all_intrude(people, Client(server.address), pool)
        wrong = [line for person in people for line in person.wrong]
        expectations.check(f"of {asked} requests for another's, not refused", wrong[:5], not wrong)
        for person in people:
            person.list_all()
        wrong = [line for person in people for line in person.wrong]
        expectations.check("harm done by them", wrong[:5], not wrong)
        errors = server.errors()
    expectations.check_errors(errors)
    return expectations.exit_status


if __name__ == "__main__":
    sys.exit(main())
