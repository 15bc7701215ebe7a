"""The circuit breaker lets one thread at a time attempt to reach a server."""

from threading import Thread

import pytest

from deepsky.errors import StorageError
from deepsky.storage import circuit_breaker
from deepsky.storage.circuit_breaker import CircuitBreaker


def is_refused(breaker: CircuitBreaker) -> bool:
    """Return whether another thread is refused."""
    refused: list[bool] = []

    def check() -> None:
        try:
            breaker.check()
        except StorageError:
            refused.append(True)

    thread = Thread(target=check)
    thread.start()
    thread.join()
    return bool(refused)


def test_threads_are_refused_until_an_attempt_is_due() -> None:
    breaker = CircuitBreaker()
    breaker.check()
    breaker.open()
    with pytest.raises(StorageError, match="does not respond"):
        breaker.check()


def test_one_thread_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(circuit_breaker, "monotonic", lambda: now)
    breaker = CircuitBreaker()
    breaker.open()
    now += circuit_breaker.ATTEMPT_SECONDS

    breaker.check()
    breaker.check()  # for example, to connect
    assert is_refused(breaker)

    breaker.open()
    assert is_refused(breaker)
    breaker.close()
    assert not is_refused(breaker)
