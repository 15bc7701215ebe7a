"""Tests of the runtime, and of its workarounds for bugs in OpenVINO."""

import subprocess
import sys

import pytest

from deepsky.models.runtime import Runtime

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


def test_unknown_precision_is_rejected() -> None:
    with pytest.raises(ValueError, match="must be one of auto, f32, bf16, not 'half'"):
        Runtime(b"", 256, precision="half")  # type: ignore[arg-type]


def test_first_use_in_several_threads_does_not_deadlock() -> None:
    for _ in range(3):  # without the workaround, about three out of four runs deadlock
        command = [sys.executable, "-c", FIRST_USE_IN_SEVERAL_THREADS]
        assert subprocess.run(command, timeout=60).returncode == 0
