import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from deepsky.errors import ReadCancelledError
from deepsky.imaging.processes.fair_queue import FairQueue


def test_last_added_item_is_returned_first() -> None:
    queue = FairQueue[int]()
    for item in range(3):
        queue.put(item)

    assert [queue.get() for _ in range(3)] == [2, 1, 0]


def test_waiting_callers_are_served_in_order_of_arrival_even_if_they_can_be_cancelled() -> None:
    queue = FairQueue[int]()
    with ThreadPoolExecutor(6) as threads:
        results = []
        for caller in range(6):
            cancelled = None if caller % 2 else (lambda: False)
            results.append(threads.submit(queue.get, cancelled))
            while len(queue._waiting) <= caller:
                time.sleep(0.001)
        for item in range(6):
            queue.put(item)

        assert [result.result() for result in results] == list(range(6))


def test_cancelled_caller_loses_no_item() -> None:
    queue = FairQueue[int]()
    stop = Event()
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(queue.get, stop.is_set)
        stop.set()
        with pytest.raises(ReadCancelledError):
            waiting.result()
    queue.put(1)

    assert queue.get() == 1
