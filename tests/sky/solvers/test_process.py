import sys
import threading
from pathlib import Path

import pytest

from deepsky.sky.solvers.process import OUTPUT, run_program
from deepsky.sky.solvers.solver import Limits

if sys.platform == "win32":
    pytest.skip("fcntl is needed to see which processes live", allow_module_level=True)

import fcntl

# The grandchildren inherit a lock, so that it is free only when all of them have ended.
FAMILY = """
import fcntl, subprocess, sys, time
from pathlib import Path
lock = open("lock", "w")
fcntl.flock(lock, fcntl.LOCK_EX)
sleep = [sys.executable, "-S", "-c", "import time; time.sleep(600)"]
for _ in range(3):
    subprocess.Popen(sleep, pass_fds=[lock.fileno()])
Path("ready").touch()
time.sleep({seconds})
"""


def run_family(folder: Path, limits: Limits, seconds: float) -> str:
    program = [sys.executable, "-S", "-c", FAMILY.format(seconds=seconds)]
    return run_program(program, folder, limits)


def assert_none_survives(folder: Path) -> None:
    assert (folder / "ready").exists()
    with (folder / "lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # waits forever if a process lives


def test_grandchildren_are_killed_at_the_time_limit(tmp_path: Path) -> None:
    assert run_family(tmp_path, Limits(seconds=8), 600) == "time limit"
    assert_none_survives(tmp_path)


def test_grandchildren_are_killed_when_the_search_is_cancelled(tmp_path: Path) -> None:
    cancelled = threading.Event()

    def cancel_when_ready() -> None:
        while not (tmp_path / "ready").exists():
            threading.Event().wait(0.02)
        cancelled.set()

    thread = threading.Thread(target=cancel_when_ready)
    thread.start()
    assert run_family(tmp_path, Limits(seconds=200, cancelled=cancelled.is_set), 600) == "cancelled"
    thread.join()
    assert_none_survives(tmp_path)


def test_grandchildren_are_killed_when_the_program_ends(tmp_path: Path) -> None:
    assert run_family(tmp_path, Limits(seconds=200), 0) == "finished"
    assert_none_survives(tmp_path)


def test_failing_and_missing_programs_are_reported(tmp_path: Path) -> None:
    assert run_program([sys.executable, "-c", "1 / 0"], tmp_path, Limits()) == "engine failed"
    assert b"ZeroDivisionError" in (tmp_path / OUTPUT).read_bytes()
    assert run_program([str(tmp_path / "missing")], tmp_path, Limits()) == "engine failed"


def test_arguments_are_not_interpreted_by_a_shell(tmp_path: Path) -> None:
    hostile = "$(touch harmed); touch harmed `touch harmed`"
    program = [sys.executable, "-c", "import sys; print(sys.argv[1])", hostile]
    assert run_program(program, tmp_path, Limits()) == "finished"
    assert (tmp_path / OUTPUT).read_text("utf-8").strip() == hostile
    assert not (tmp_path / "harmed").exists()


def test_environment_has_no_proxies_and_a_temporary_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")
    print_environment = "import os; print(os.environ.get('HTTPS_PROXY'), os.environ['HOME'])"
    assert run_program([sys.executable, "-c", print_environment], tmp_path, Limits()) == "finished"
    assert (tmp_path / OUTPUT).read_text("utf-8").split() == ["None", str(tmp_path)]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits CPU time")
def test_program_has_a_limit_on_cpu_time(tmp_path: Path) -> None:
    program = """
import resource
while resource.getrlimit(resource.RLIMIT_CPU)[0] != 101: pass
"""
    assert run_program([sys.executable, "-c", program], tmp_path, Limits(seconds=100)) == "finished"
