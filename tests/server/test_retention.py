from collections.abc import Callable
from threading import Event

import pytest
from flask.testing import FlaskClient

from deepsky.server import retention
from deepsky.storage import Storage


def test_clean_up_continues_after_a_failure(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failures = [OverflowError("too long ago")]
    tidied = Event()

    def tidy(*_: object, stop: Callable[[], bool]) -> None:
        assert not stop()
        if failures:
            raise failures.pop()
        tidied.set()

    monkeypatch.setattr(Storage, "clean_up", tidy)
    monkeypatch.setattr(retention, "SECONDS_BETWEEN", 0)
    monkeypatch.setattr(retention, "ERASE_SECONDS", 0.01)
    keeper = retention.RetentionThread(client.application)
    keeper.start()

    assert tidied.wait(30)
    keeper.close()
    assert "too long ago" in caplog.text
