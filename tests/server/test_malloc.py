"""All threads share two malloc arenas, and large blocks are allocated outside the arenas."""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

THREADS = 8
LARGE = 5

PROGRAM = f"""
import ctypes, json, re, sys
from pathlib import Path
from threading import Barrier, Thread
from deepsky.server.malloc import limit_malloc_arenas

limit_malloc_arenas()
libc = ctypes.CDLL(None)
libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
libc.malloc.argtypes = [ctypes.c_size_t]
libc.free.argtypes = libc.fclose.argtypes = [ctypes.c_void_p]
libc.malloc_info.argtypes = [ctypes.c_int, ctypes.c_void_p]
together = Barrier({THREADS})

def take():
    together.wait()
    libc.malloc(1000)
    together.wait()

def measure():
    file = libc.fopen(sys.argv[1].encode(), b"w")
    libc.malloc_info(0, file)
    libc.fclose(file)
    text = Path(sys.argv[1]).read_text()
    return text.count("<heap nr="), int(re.search('type="mmap" count="(.*?)"', text)[1])

threads = [Thread(target=take) for _ in range({THREADS})]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
libc.free(libc.malloc(20_000_000))  # by default, this raises the size from which mmap is used
arenas, before = measure()
for _ in range({LARGE}):
    libc.malloc(1_000_000)
print(json.dumps([arenas, measure()[1] - before]))
"""


def run(folder: Path, **chosen: str) -> Any:
    """Run PROGRAM; return the numbers of arenas and of large blocks outside the arenas."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, folder / "malloc.xml"],
        env=environment | chosen,
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="requires glibc")
def test_arenas_are_limited_unless_the_environment_sets_other_limits(
    tmp_path: Path,
) -> None:
    assert run(tmp_path) == [2, LARGE]
    assert run(tmp_path, MALLOC_ARENA_MAX="5") == [5, LARGE]
    assert run(tmp_path, MALLOC_MMAP_THRESHOLD_="10000000") == [2, 0]
