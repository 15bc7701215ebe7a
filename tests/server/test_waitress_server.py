"""Tests for the limit on connections."""

import sys

import pytest

from deepsky.server import waitress_server


def test_connections_on_windows_do_not_exceed_the_limit_of_select(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")

    # Python on Windows supports 512 sockets in `select.select`. The server also uses a listening
    # socket and a socket that wakes it up.
    assert waitress_server._connection_limit() <= 510
