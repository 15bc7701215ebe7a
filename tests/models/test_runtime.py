"""Workarounds for bugs in OpenVINO."""

import subprocess
import sys

FIRST_USE_IN_SEVERAL_THREADS = """
import os, sys, threading
import openvino as ov
import deepsky.models.runtime

sys.setswitchinterval(1e-6)
ready = threading.Barrier(6)

def convert():
    ready.wait()
    ov.Type.u8.to_dtype()

threads = [threading.Thread(target=convert, daemon=True) for _ in range(6)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join(10)
os._exit(any(thread.is_alive() for thread in threads))
"""


def test_first_use_in_several_threads_does_not_deadlock() -> None:
    for _ in range(3):  # without the workaround, about three out of four runs deadlock
        command = [sys.executable, "-c", FIRST_USE_IN_SEVERAL_THREADS]
        assert subprocess.run(command, timeout=60).returncode == 0
