"""Clients that wait for a turn are served in rotation."""

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial

import pytest

from deepsky.server.turns import NoTurnError, Turns


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def waits(turns: Turns, number: int) -> bool:
    return turns.waiting == number


def test_waiting_clients_are_served_in_rotation() -> None:
    turns = Turns(1)
    order: list[str] = []
    threads = []

    def take(client: str) -> None:
        with turns.turn(client):
            order.append(client)

    with turns.turn("first"):
        for number, client in enumerate(["busy", "busy", "busy", "other", "third"]):
            threads.append(threading.Thread(target=take, args=[client]))
            threads[-1].start()
            wait_until(partial(waits, turns, number + 1))
    for thread in threads:
        thread.join()

    assert order == ["busy", "other", "third", "busy", "busy"]


def test_reserve_is_for_clients_without_a_turn() -> None:
    turns = Turns(2, reserve=1)
    with ExitStack() as stack, turns.turn("busy"), turns.turn("busy"):
        with pytest.raises(NoTurnError), turns.turn("busy", seconds=0):
            pass
        with turns.turn("other", seconds=0), pytest.raises(NoTurnError):
            stack.enter_context(turns.turn("third", seconds=0))


def test_client_alone_can_have_all_turns() -> None:
    turns = Turns(3)
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(turns.turn("busy", seconds=0))


def test_waiting_ends_when_it_is_cancelled() -> None:
    turns = Turns(1)
    with turns.turn("busy"), pytest.raises(NoTurnError), turns.turn("gone", cancelled=lambda: True):
        pass
    assert turns.waiting == 0
    with turns.turn("other", seconds=0):
        pass


def test_failed_work_ends_the_turn() -> None:
    turns = Turns(1)
    with pytest.raises(ZeroDivisionError), turns.turn("busy"):
        raise ZeroDivisionError
    with turns.turn("other", seconds=0):
        pass


def test_coroutines_wait_for_turns() -> None:
    turns = Turns(1)

    async def take(seconds: float) -> bool:
        try:
            async with turns.async_turn("other", seconds=seconds):
                return True
        except NoTurnError:
            return False

    async def run() -> list[bool]:
        with turns.turn("busy"):
            refused = await take(0.05)
            waiting = asyncio.create_task(take(30))
            cancelled = asyncio.create_task(take(30))
            await asyncio.sleep(0.05)
            cancelled.cancel()
        return [refused, await waiting, await take(30)]

    assert asyncio.run(run()) == [False, True, True]
