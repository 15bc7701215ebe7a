"""Durability test: no acknowledged change may be lost or made twice when the server is killed.

Run ``python -m benchmarks.service_kills``, which takes about ten minutes (with ``--quick``, one
minute). Then repeat the test with ``--database postgresql``, which uses a temporary PostgreSQL
server. Two connections of one session upload images, give feedback and delete classifications,
while the server is killed with ``kill -9`` and restarted 100 times. Requests without a response are
repeated with the same idempotency key.
"""

import argparse
import hashlib
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from threading import Event, Lock
from typing import Any, Final

import numpy as np
from PIL import Image

from benchmarks.client import CLASSIFICATIONS, Client, NoResponseError, Response, list_all
from benchmarks.postgres import Postgres
from benchmarks.service import Expectations, Server, ServerError
from deepsky.taxonomy import LABELS

WRITERS: Final = 2
SOONEST, LATEST = 0.05, 1.5
"""Range of the random time for which the server runs before it is killed, in seconds."""
DATABASE_KILLED_EVERY: Final = 10
"""PostgreSQL is killed once per this number of kills of the server."""
OLD: Final = 2 * 3600
"""Age in seconds to which the files of interrupted uploads are set, so that they are removed."""

Record = dict[str, Any]
Send = Callable[[Client], Response]


@dataclass
class Ledger:
    """Changes that the server has acknowledged.

    Attributes
    ----------
    records : dict
        Maps the idempotency key of each upload to its classification.
    feedback : dict
        Maps the ID of a classification to the latest feedback on it.
    deleted : set of str
        IDs of deleted classifications.
    repeated : int
        Number of requests that were repeated because no response was received.
    wrong : list of str
        Description of each unexpected response.
    """

    records: dict[str, Record] = field(default_factory=dict)
    feedback: dict[str, Record] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    repeated: int = 0
    wrong: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    @property
    def expected(self) -> dict[str, Record]:
        """Classifications that the server must still have; the keys are their IDs."""
        return {r["id"]: r for r in self.records.values() if r["id"] not in self.deleted}


class Writer:
    """Client that uploads images, gives feedback and deletes classifications.

    Parameters
    ----------
    name : str
        Prefix of the writer's idempotency keys.
    server : Server
    ready : Event
        Event that is set while the server is ready.
    finish : Event
        Event that is set when writers must stop.
    ledger : Ledger
    cookies : dict
        Cookies of the session.
    """

    def __init__(
        self,
        name: str,
        server: Server,
        ready: Event,
        finish: Event,
        ledger: Ledger,
        cookies: dict[str, str],
    ) -> None:
        self._name, self._server = name, server
        self._ready, self._finish = ready, finish
        self._ledger, self._cookies = ledger, cookies
        self._chance = random.Random(name)
        self._own: list[Record] = []

    def run(self) -> None:
        """Send requests until `finish` is set; the last request is completed."""
        number = 0
        while not self._finish.is_set():
            kind = self._chance.random()
            if self._own and kind < 0.3:
                self._give_feedback(self._chance.choice(self._own))
            elif len(self._own) > 3 and kind < 0.4:
                self._delete(self._own.pop(self._chance.randrange(len(self._own))))
            else:
                self._post(f"{self._name}-{number}")
                number += 1

    def _post(self, key: str) -> None:
        content = image(key)
        response, _ = self._send_until_response(
            lambda client: client.classify(content, f"{key}.png", key=key)
        )
        if response.status != 201:
            self._report("POST", response)
            return
        record = response.json()
        if record["image_sha256"] != hashlib.sha256(content).hexdigest():
            self._report("POST, SHA-256 of another image", response)
        self._own.append(record)
        with self._ledger.lock:
            self._ledger.records[key] = record

    def _give_feedback(self, record: Record) -> None:
        if self._chance.random() < 0.5:
            feedback: Record = {"verdict": "correct"}
        else:
            label = self._chance.choice([name for name in LABELS if name != record["label"]])
            comment = f"comment {self._chance.randrange(10**9)}"
            feedback = {"verdict": "incorrect", "label": label, "comment": comment}
        path = f"{CLASSIFICATIONS}/{record['id']}/feedback"
        response, _ = self._send_until_response(lambda client: client.put(path, feedback))
        if response.status != 200:
            self._report("PUT", response)
            return
        with self._ledger.lock:
            self._ledger.feedback[record["id"]] = feedback

    def _delete(self, record: Record) -> None:
        path = f"{CLASSIFICATIONS}/{record['id']}"
        response, repeated = self._send_until_response(lambda client: client.delete(path))
        # If the response to a DELETE request is lost, the repeated request may return 404.
        if response.status != 204 and not (repeated and response.status == 404):
            self._report("DELETE", response)
            return
        with self._ledger.lock:
            self._ledger.deleted.add(record["id"])

    def _send_until_response(self, send: Send) -> tuple[Response, bool]:
        """Send a request, and repeat it until a response is received.

        Return the response and whether the request was repeated.
        """
        repeated = False
        while True:
            self._ready.wait()
            client = Client(self._server.address, self._cookies, seconds=30)
            try:
                while (response := send(client)).status == 503:
                    time.sleep(response.retry_after)
                return response, repeated
            except NoResponseError:
                if self._finish.is_set() and not self._server.is_running():
                    raise
                repeated = True
                with self._ledger.lock:
                    self._ledger.repeated += 1
                time.sleep(0.02)
            finally:
                client.close()

    def _report(self, what: str, response: Response) -> None:
        with self._ledger.lock:
            self._ledger.wrong.append(f"{what}: {response.status} {response.body[:300]!r}")


def image(key: str) -> bytes:
    """Return a small image. Different keys produce different images."""
    rng = np.random.default_rng(list(key.encode()))
    sky = rng.normal(30, 8, (48, 64, 3)).clip(0, 255).astype(np.uint8)
    stream = BytesIO()
    Image.fromarray(sky).save(stream, "PNG")
    return stream.getvalue()


def write_and_kill(
    server: Server, postgres: Postgres | None, arguments: argparse.Namespace
) -> tuple[Ledger, dict[str, str]]:
    """Run the writers while the server is killed and restarted; leave the server running."""
    chance = random.Random(arguments.seed)
    ready, finish, ledger = Event(), Event(), Ledger()
    server.start()
    cookies = _begin_session(server, ledger)
    writers = [
        Writer(f"{arguments.seed}-{number}", server, ready, finish, ledger, cookies)
        for number in range(WRITERS)
    ]
    with ThreadPoolExecutor(WRITERS) as pool:
        running = [pool.submit(writer.run) for writer in writers]
        try:
            for number in range(1, arguments.kills + 1):
                ready.set()
                time.sleep(chance.uniform(SOONEST, LATEST))
                ready.clear()
                if not server.is_running():
                    raise ServerError(server.errors())
                server.kill()
                if postgres and arguments.kill_database and number % DATABASE_KILLED_EVERY == 0:
                    postgres.kill()
                    postgres.start()
                server.start()
                if number % 10 == 0:
                    print(f"  {number} kills, {len(ledger.records)} classifications", flush=True)
        finally:
            finish.set()
            ready.set()
    for done in running:
        done.result()
    return ledger, cookies


def _begin_session(server: Server, ledger: Ledger) -> dict[str, str]:
    client = Client(server.address)
    response = client.classify_patiently(image("first"), "first.png", key="first")
    assert response.status == 201, response.body
    ledger.records["first"] = response.json()
    client.close()
    return client.cookies


def check_records(client: Client, ledger: Ledger, expectations: Expectations) -> None:
    """Check that the server's data match the changes that it has acknowledged."""
    expected = ledger.expected
    found = list(list_all(client))
    ids = Counter(record["id"] for record in found)
    images = Counter(record["image_sha256"] for record in found)
    lost, duplicates = expected.keys() - ids, [id for id, n in ids.items() if n > 1]  # noqa: A001
    duplicates += [sha256 for sha256, count in images.items() if count > 1]
    expectations.check("unexpected responses", ledger.wrong[:5], not ledger.wrong)
    expectations.check("acknowledged classifications lost", sorted(lost), not lost)
    expectations.check("classifications stored twice", duplicates, not duplicates)
    expectations.check("classifications listed", len(found), len(found) == len(expected))
    changed, lost_feedback = [], []
    for identity, record in expected.items():
        now = client.get(f"{CLASSIFICATIONS}/{identity}").json()
        feedback = now.pop("feedback", None)
        if now != {name: value for name, value in record.items() if name != "feedback"}:
            changed.append(identity)
        if not _matches(ledger.feedback.get(identity), feedback):
            lost_feedback.append(identity)
    expectations.check(
        "classifications that differ from the acknowledged ones", changed, not changed
    )
    expectations.check("acknowledged feedback lost", lost_feedback, not lost_feedback)
    still = [
        identity
        for identity in ledger.deleted
        if client.get(f"{CLASSIFICATIONS}/{identity}").status != 404
    ]
    expectations.check("acknowledged deletions undone", still, not still)


def check_keys(
    client: Client,
    ledger: Ledger,
    expectations: Expectations,
    make: Callable[[str], tuple[bytes, str]],
) -> None:
    """Check that uploads with known idempotency keys return the stored classifications.

    Parameters
    ----------
    client : Client
    ledger : Ledger
    expectations : Expectations
    make : callable
        Function that returns the content and the name of the file that was sent with a key.
    """
    again = []
    for key, record in list(ledger.records.items())[-50:]:
        if record["id"] in ledger.expected:
            repeated = client.classify_patiently(*make(key), key=key)
            if repeated.status != 201 or repeated.json()["id"] != record["id"]:
                again.append(key)
    expectations.check("idempotency keys whose request was carried out twice", again, not again)


def _matches(expected: Record | None, found: Record | None) -> bool:
    if expected is None or found is None:
        return expected is found
    return all(found[name] == value for name, value in expected.items())


def unused_files(folder: Path, records: Iterator[Record]) -> list[str]:
    """Return the files in the image folder that belong to no classification."""
    names = {name for record in records for name in (record["id"], record["image_sha256"])}
    names.add("database")  # the file "database" contains the database ID
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [str(path) for path in files if path.name.split(".")[0] not in names]


def check_folder(server: Server, ledger: Ledger, expectations: Expectations) -> None:
    """Check the stored data, and that a restart removes the files of interrupted uploads."""
    done = server.run("db", "check")
    expectations.check(
        "exit status of deepsky db check",
        f"{done.returncode} {done.stdout.strip()} {done.stderr.strip()}",
        done.returncode == 0,
    )
    folder = server.data / "images"
    left = unused_files(folder, iter(ledger.expected.values()))
    print(f"       files of uploads that kills interrupted: {len(left)}")
    past = time.time() - OLD
    for name in left:
        os.utime(name, (past, past))
    server.start()
    deadline = time.monotonic() + 30
    while unused_files(folder, iter(ledger.expected.values())) and time.monotonic() < deadline:
        time.sleep(0.2)
    server.stop()
    left = unused_files(folder, iter(ledger.expected.values()))
    expectations.check("unused files after a restart", left[:5], not left)


def main() -> int:
    """Run the test, and return its exit status: 1 if any check failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--quick", action="store_const", const=10, dest="kills")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--kill-database",
        action="store_true",
        help=f"also kill PostgreSQL at every {DATABASE_KILLED_EVERY}th kill of the server",
    )
    arguments = parser.parse_args()
    expectations = Expectations()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        postgres, settings = None, {}
        if arguments.database == "postgresql":
            postgres = stack.enter_context(Postgres())
            settings["database_url"] = postgres.url
        server = Server(folder, **settings)
        stack.callback(server.__exit__)
        # The server creates the database tables automatically only in SQLite, not in PostgreSQL.
        upgraded = server.run("db", "upgrade")
        assert upgraded.returncode == 0, upgraded.stderr
        ledger, cookies = write_and_kill(server, postgres, arguments)
        print(
            f"{arguments.kills} kills; acknowledged: {len(ledger.records)} classifications, "
            f"{len(ledger.feedback)} with feedback, {len(ledger.deleted)} deleted; "
            f"{ledger.repeated} attempts without a response"
        )
        client = Client(server.address, cookies)
        check_records(client, ledger, expectations)
        check_keys(client, ledger, expectations, lambda key: (image(key), f"{key}.png"))
        client.close()
        status = server.stop()
        expectations.check("exit status after SIGTERM", status, status == 0)
        check_folder(server, ledger, expectations)
        errors = server.errors()
    expectations.check_errors(errors)
    return expectations.exit_status


if __name__ == "__main__":
    sys.exit(main())
