"""What the runtime does about OpenVINO's own faults."""

import subprocess
import sys

THREADS_THAT_ASK_FIRST = """
import os, sys, threading
import openvino as ov
import deepsky.models.runtime

sys.setswitchinterval(1e-6)
ready = threading.Barrier(6)

def ask():
    ready.wait()
    ov.Type.u8.to_dtype()

threads = [threading.Thread(target=ask, daemon=True) for _ in range(6)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join(10)
os._exit(any(thread.is_alive() for thread in threads))
"""


def test_first_images_of_several_threads_do_not_wait_for_each_other() -> None:
    for _ in range(3):  # without our care, three of four hang
        asking = [sys.executable, "-c", THREADS_THAT_ASK_FIRST]
        assert subprocess.run(asking, timeout=60).returncode == 0
