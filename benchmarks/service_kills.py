"""Whether anything that the server has acknowledged is lost or doubled when it is killed.

Run ``python -m benchmarks.service_kills`` (about ten minutes; ``--quick``: one), and again with
``--database postgresql``, which starts a PostgreSQL of its own. Two connections of one session
post images, correct answers and delete some, while the server is killed 100 times with
``kill -9`` and started again. What was not acknowledged is sent again with the same key.
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

from benchmarks.client import CLASSIFICATIONS, Answer, Client, UnansweredError, listed
from benchmarks.postgres import Postgres
from benchmarks.service import Expectations, Server, ServerError
from deepsky.taxonomy import LABELS

WRITERS: Final = 2
SOONEST, LATEST = 0.05, 1.5
"""Seconds after the server is ready in which it is killed."""
DATABASE_KILLED_EVERY: Final = 10
OLD: Final = 2 * 3600
"""Seconds to which unfinished uploads are aged, so that the next start takes them for forgotten."""

Record = dict[str, Any]
Send = Callable[[Client], Answer]


@dataclass
class Ledger:
    """What the server has acknowledged.

    Attributes
    ----------
    records : dict
        By idempotency key: the answer.
    feedback : dict
        By an answer's id: what was last said of it.
    deleted : set of str
        Ids of answers.
    repeated : int
        Requests that were sent again since no answer had come.
    wrong : list of str
        Answers that should not have been.
    """

    records: dict[str, Record] = field(default_factory=dict)
    feedback: dict[str, Record] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    repeated: int = 0
    wrong: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    @property
    def expected(self) -> dict[str, Record]:
        """The answers that are to be there, by id."""
        return {r["id"]: r for r in self.records.values() if r["id"] not in self.deleted}


class Writer:
    """Posts, corrects and deletes over one connection, whatever happens to the server.

    Parameters
    ----------
    name : str
        Begins its keys.
    server : Server
    ready : Event
        Set while the server is up.
    finish : Event
        Set when no more is to be written.
    ledger : Ledger
    cookies : dict
        Of the session.
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
        """Write until it is to finish, and see the last request through."""
        number = 0
        while not self._finish.is_set():
            kind = self._chance.random()
            if self._own and kind < 0.3:
                self._correct(self._chance.choice(self._own))
            elif len(self._own) > 3 and kind < 0.4:
                self._delete(self._own.pop(self._chance.randrange(len(self._own))))
            else:
                self._post(f"{self._name}-{number}")
                number += 1

    def _post(self, key: str) -> None:
        content = image(key)
        answer, _ = self._insist(lambda client: client.classify(content, f"{key}.png", key=key))
        if answer.status != 201:
            self._complain("POST", answer)
            return
        record = answer.json()
        if record["image_sha256"] != hashlib.sha256(content).hexdigest():
            self._complain("POST, about another image", answer)
        self._own.append(record)
        with self._ledger.lock:
            self._ledger.records[key] = record

    def _correct(self, record: Record) -> None:
        if self._chance.random() < 0.5:
            said: Record = {"verdict": "correct"}
        else:
            label = self._chance.choice([name for name in LABELS if name != record["label"]])
            comment = f"said with {self._chance.randrange(10**9)}"
            said = {"verdict": "incorrect", "label": label, "comment": comment}
        path = f"{CLASSIFICATIONS}/{record['id']}/feedback"
        answer, _ = self._insist(lambda client: client.put(path, said))
        if answer.status != 200:
            self._complain("PUT", answer)
            return
        with self._ledger.lock:
            self._ledger.feedback[record["id"]] = said

    def _delete(self, record: Record) -> None:
        path = f"{CLASSIFICATIONS}/{record['id']}"
        answer, repeated = self._insist(lambda client: client.delete(path))
        # The answer to a deletion may be lost, and its repetition finds nothing.
        if answer.status != 204 and not (repeated and answer.status == 404):
            self._complain("DELETE", answer)
            return
        with self._ledger.lock:
            self._ledger.deleted.add(record["id"])

    def _insist(self, send: Send) -> tuple[Answer, bool]:
        """Send a request until it is answered; tell whether it may have been carried out twice."""
        repeated = False
        while True:
            self._ready.wait()
            client = Client(self._server.address, self._cookies, seconds=30)
            try:
                while (answer := send(client)).code == "overloaded":
                    time.sleep(answer.retry_after)
                return answer, repeated
            except UnansweredError:
                if self._finish.is_set() and not self._server.is_running():
                    raise
                repeated = True
                with self._ledger.lock:
                    self._ledger.repeated += 1
                time.sleep(0.02)
            finally:
                client.close()

    def _complain(self, what: str, answer: Answer) -> None:
        with self._ledger.lock:
            self._ledger.wrong.append(f"{what}: {answer.status} {answer.body[:300]!r}")


def image(key: str) -> bytes:
    """Make a small image that is like no other key's."""
    rng = np.random.default_rng(list(key.encode()))
    sky = rng.normal(30, 8, (48, 64, 3)).clip(0, 255).astype(np.uint8)
    stream = BytesIO()
    Image.fromarray(sky).save(stream, "PNG")
    return stream.getvalue()


def write_and_kill(
    server: Server, postgres: Postgres | None, arguments: argparse.Namespace
) -> tuple[Ledger, dict[str, str]]:
    """Let the writers write and kill the server meanwhile; it runs when this returns."""
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
                    print(f"  {number} kills, {len(ledger.records)} answers", flush=True)
        finally:
            finish.set()
            ready.set()
    for done in running:
        done.result()
    return ledger, cookies


def _begin_session(server: Server, ledger: Ledger) -> dict[str, str]:
    client = Client(server.address)
    answer = client.classify_patiently(image("first"), "first.png", key="first")
    assert answer.status == 201, answer.body
    ledger.records["first"] = answer.json()
    client.close()
    return client.cookies


def check_answers(client: Client, ledger: Ledger, expectations: Expectations) -> None:
    """Compare what is there with what was acknowledged."""
    expected = ledger.expected
    found = list(listed(client))
    ids = Counter(record["id"] for record in found)
    images = Counter(record["image_sha256"] for record in found)
    lost, doubled = expected.keys() - ids, [id for id, n in ids.items() if n > 1]  # noqa: A001
    doubled += [sha256 for sha256, count in images.items() if count > 1]
    expectations.check("wrong answers", ledger.wrong[:5], not ledger.wrong)
    expectations.check("acknowledged answers lost", sorted(lost), not lost)
    expectations.check("answers there twice", doubled, not doubled)
    expectations.check("answers listed", len(found), len(found) == len(expected))
    changed, unheard = [], []
    for identity, record in expected.items():
        now = client.get(f"{CLASSIFICATIONS}/{identity}").json()
        said = now.pop("feedback", None)
        if now != {name: value for name, value in record.items() if name != "feedback"}:
            changed.append(identity)
        if not _is_said(ledger.feedback.get(identity), said):
            unheard.append(identity)
    expectations.check("answers that differ from the acknowledged ones", changed, not changed)
    expectations.check("acknowledged feedback lost", unheard, not unheard)
    still = [
        identity
        for identity in ledger.deleted
        if client.get(f"{CLASSIFICATIONS}/{identity}").status != 404
    ]
    expectations.check("acknowledged deletions undone", still, not still)
    again = []
    for key, record in list(ledger.records.items())[-50:]:
        if record["id"] in expected:
            repeated = client.classify_patiently(image(key), f"{key}.png", key=key)
            if repeated.status != 201 or repeated.json()["id"] != record["id"]:
                again.append(key)
    expectations.check("keys that were answered anew", again, not again)


def _is_said(expected: Record | None, found: Record | None) -> bool:
    if expected is None or found is None:
        return expected is found
    return all(found[name] == value for name, value in expected.items())


def files_of_nothing(folder: Path, records: Iterator[Record]) -> list[str]:
    """List files in the folder of images that belong to no answer."""
    names = {name for record in records for name in (record["id"], record["image_sha256"])}
    names.add("database")  # the note which database the images belong to
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [str(path) for path in files if path.name.split(".")[0] not in names]


def check_folder(server: Server, ledger: Ledger, expectations: Expectations) -> None:
    """Look for images that nothing refers to, after a start that finds unfinished uploads old."""
    done = server.run("db", "check")
    expectations.check(
        "exit status of deepsky db check",
        f"{done.returncode} {done.stdout.strip()} {done.stderr.strip()}",
        done.returncode == 0,
    )
    folder = server.data / "images"
    left = files_of_nothing(folder, iter(ledger.expected.values()))
    print(f"       unfinished uploads that the kills left: {len(left)}")
    past = time.time() - OLD
    for name in left:
        os.utime(name, (past, past))
    server.start()
    deadline = time.monotonic() + 30
    while files_of_nothing(folder, iter(ledger.expected.values())) and time.monotonic() < deadline:
        time.sleep(0.2)
    server.stop()
    left = files_of_nothing(folder, iter(ledger.expected.values()))
    expectations.check("files of nothing after a start and a stop", left[:5], not left)


def main() -> int:
    """Write, kill, compare, and tell by the exit status whether nothing is lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--quick", action="store_const", const=10, dest="kills")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--kill-database",
        action="store_true",
        help=f"kill PostgreSQL too, every {DATABASE_KILLED_EVERY}th time",
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
        # SQLite is brought up to date by the server itself; of another database people decide.
        upgraded = server.run("db", "upgrade")
        assert upgraded.returncode == 0, upgraded.stderr
        ledger, cookies = write_and_kill(server, postgres, arguments)
        print(
            f"{arguments.kills} kills; acknowledged: {len(ledger.records)} answers, "
            f"{len(ledger.feedback)} corrected, {len(ledger.deleted)} deleted; "
            f"{ledger.repeated} attempts went unanswered"
        )
        client = Client(server.address, cookies)
        check_answers(client, ledger, expectations)
        client.close()
        status = server.stop()
        expectations.check("exit status after SIGTERM", status, status == 0)
        check_folder(server, ledger, expectations)
        errors = server.errors()
    expectations.check_errors(errors)
    return expectations.exit_status


if __name__ == "__main__":
    sys.exit(main())
