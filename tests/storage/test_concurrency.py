"""Images can be stored and removed concurrently by several threads and processes."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy.exc import IntegrityError

from deepsky.storage import Storage
from deepsky.storage.classifications import delete_classification
from tests.storing import store

ROUNDS = 60
CONTENTS = [b"first", b"second"]

PROGRAM = f"""
import sys
from pathlib import Path
from tests.storage.test_concurrency import store_and_delete
from deepsky.storage import Storage
url, folder, client = sys.argv[1:]
storage = Storage(url, Path(folder))
print(flush=True)
input()
store_and_delete(storage, int(client), {ROUNDS // 2})
storage.close()
"""


def store_and_delete(storage: Storage, client: int, rounds: int) -> None:
    """Repeatedly store and delete two images, and check that each file exists after storing it."""
    for number in range(rounds):
        classification = store(storage, client, CONTENTS[number % 2])
        assert storage.images.contains(classification.image_sha256)
        with storage.database.write() as session:
            delete_classification(session, client, classification.id)
        storage.remove_if_unused(classification.image_sha256)


def test_threads_store_and_delete_the_same_images(
    storage: Storage, new_client: Callable[[], int]
) -> None:
    clients = [new_client() for _ in range(4)]
    with ThreadPoolExecutor(5) as threads:
        running = [threads.submit(store_and_delete, storage, each, ROUNDS) for each in clients]
        while not all(each.done() for each in running):
            storage.clean_up()
            assert storage.check().missing == []
        for each in running:
            each.result()

    storage.clean_up()
    assert storage.check().is_consistent
    assert list(storage.images.list_images()) == []


def test_processes_store_and_delete_the_same_images(
    storage: Storage, storage_url: str, tmp_path: Path, new_client: Callable[[], int]
) -> None:
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, storage_url, tmp_path / "images", str(new_client())],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for program in programs:
        assert program.stdout is not None
        program.stdout.readline()
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("\n")
        program.stdin.flush()
    assert [program.communicate()[1] for program in programs] == ["", ""]

    assert storage.check().is_consistent
    assert list(storage.images.list_images()) == []


def test_concurrent_repeated_requests_are_stored_once(storage: Storage, client: int) -> None:
    def send(_: int) -> bool:
        try:
            store(storage, client, request_key="a", request_part=0)
        except IntegrityError:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(send, range(4))) == 1
    assert storage.check().is_consistent
