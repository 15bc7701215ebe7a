"""How many heaps the C library makes for threads."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

THREADS = 8

PROGRAM = """
import ctypes, sys
from threading import Barrier, Thread
from deepsky.server.heaps import share_heaps

share_heaps()
libc = ctypes.CDLL(None)
libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
together = Barrier(THREADS)

def take():
    together.wait()
    libc.malloc(ctypes.c_size_t(1000))
    together.wait()

threads = [Thread(target=take) for _ in range(THREADS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
told = ctypes.c_void_p(libc.fopen(sys.argv[1].encode(), b"w"))
libc.malloc_info(0, told)
libc.fclose(told)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="of glibc")
@pytest.mark.parametrize(("chosen", "heaps"), [(None, 2), ("5", 5)])
def test_threads_share_two_heaps_unless_others_are_chosen(
    tmp_path: Path, chosen: str | None, heaps: int
) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "MALLOC_ARENA_MAX"}
    environment |= {"MALLOC_ARENA_MAX": chosen} if chosen else {}
    told = tmp_path / "malloc.xml"

    subprocess.run(
        [sys.executable, "-c", PROGRAM.replace("THREADS", str(THREADS)), told],
        env=environment,
        check=True,
    )

    assert told.read_text("utf-8").count("<heap nr=") == heaps
