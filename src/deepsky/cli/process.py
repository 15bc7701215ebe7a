"""Prepare the process of a command: the encoding of file names, and the standard streams."""

import os
import sys
from typing import NoReturn

__all__ = ["prepare_process"]


def prepare_process() -> None:
    """Use UTF-8 for file names, and open standard streams that are closed.

    On Linux, file names are bytes, and almost always UTF-8. If the locale has another encoding,
    Python would decode them differently, and the paths in the output would not exist for other
    programs. If a standard stream is closed, the next file that is opened would get its number,
    and messages of libraries and child processes would be written into that file.
    """
    is_utf8 = sys.getfilesystemencoding() == "utf-8" or bool(sys.flags.utf8_mode)
    if not is_utf8 and not getattr(sys, "frozen", False):  # frozen programs have no options
        _restart_in_utf8_mode()
    _open_closed_streams()


def _restart_in_utf8_mode() -> NoReturn:
    """Replace this process by the same command in Python's UTF-8 mode (PEP 540)."""
    os.environ["PYTHONUTF8"] = "1"  # for child processes
    command = [sys.executable, "-X", "utf8", *sys.orig_argv[1:]]
    os.execv(sys.executable, command)  # noqa: S606 (the command is the current one)


def _open_closed_streams() -> None:
    for handle in range(3):
        try:
            os.fstat(handle)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)  # gets the lowest free number
            os.set_inheritable(opened, True)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
