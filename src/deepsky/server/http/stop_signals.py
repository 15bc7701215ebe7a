"""Signals that stop the server."""

import asyncio
import signal
from contextlib import suppress
from types import FrameType
from typing import Final

__all__ = ["stop_on_signal"]

NAMES: Final = ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK")
"""Signals of service managers, Ctrl+C, closed terminals, and Ctrl+Break on Windows."""


def stop_on_signal(stop: asyncio.Event) -> None:
    """Set an event when the process receives a signal to stop.

    Further signals do not cut off the requests in progress, except for a second Ctrl+C, which ends
    the process at once. Signals that the parent process has disabled, as ``nohup`` does for SIGHUP,
    stay disabled.

    Parameters
    ----------
    stop : asyncio.Event
    """
    loop = asyncio.get_running_loop()

    def receive(number: int, _frame: FrameType | None) -> None:
        with suppress(RuntimeError):  # the loop has been closed
            loop.call_soon_threadsafe(stop.set)
        if number == signal.SIGINT:
            signal.signal(number, signal.SIG_DFL)

    for name in NAMES:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, receive)
