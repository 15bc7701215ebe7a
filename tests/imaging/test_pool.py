"""Reader pools: a file that hangs or crashes a reader process does not affect any other file."""

import gc
import importlib
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Event, Thread
from threading import enumerate as enumerate_threads
from types import ModuleType

import numpy as np
import pytest
from PIL import Image

from deepsky.errors import (
    CorruptImageError,
    ImageError,
    ReadCancelledError,
    ReaderFailedError,
    ReadTimeoutError,
    TooManyPixelsError,
    TooMuchMemoryError,
)
from deepsky.imaging import Limits, ReaderPool, read_image
from tests.plain_image import plain_image

SECONDS = 1.0


def encode(colour: tuple[int, int, int], format: str = "PNG") -> bytes:  # noqa: A002
    buffer = io.BytesIO()
    plain_image("RGB", (40, 30), colour).save(buffer, format)
    return buffer.getvalue()


IMAGE = encode((10, 20, 30))


@pytest.fixture(scope="module")
def work() -> Iterator[ModuleType]:
    """Return the module `work_functions`, and make it importable in reader processes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(Path(__file__).parent)
        yield importlib.import_module("work_functions")


@pytest.fixture(scope="module")
def pool(work: ModuleType) -> Iterator[ReaderPool]:  # noqa: ARG001 (its reader processes import it)
    with ReaderPool(2, seconds=SECONDS, limits=Limits(max_pixels=10_000)) as pool:
        yield pool


@contextmanager
def nothing_leaks() -> Iterator[None]:
    """Assert that no additional open files or child processes (running or zombie) remain."""
    before = _open_files(), _children()
    yield
    assert (_open_files(), _children()) == before


def run_python(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a Python program that can import the module `work_functions`."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def _is_taken(pool: ReaderPool) -> bool:
    return not pool._idle._items


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def _children() -> int:
    return sum(len(path.read_text().split()) for path in Path("/proc/self/task").glob("*/children"))


def test_result_of_work_function_is_returned(
    pool: ReaderPool, work: ModuleType, tmp_path: Path
) -> None:
    path = tmp_path / "image.jpg"
    path.write_bytes(encode((200, 100, 50), "JPEG"))
    expected = work.median_colour(partial(read_image, path), times=2)

    assert pool.read(path, partial(work.median_colour, times=2)) == expected
    assert pool.read(path.read_bytes(), partial(work.median_colour, times=2)) == expected
    assert pool.read(IMAGE, work.process_id) != os.getpid()


def test_relative_path_is_resolved_in_the_calling_process(
    pool: ReaderPool, work: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool.read(IMAGE, work.process_id)  # this call starts a process in the original working folder
    (tmp_path / "image.png").write_bytes(IMAGE)
    monkeypatch.chdir(tmp_path)

    assert pool.read("image.png", work.median_colour) == (10, 20, 30)


@pytest.mark.parametrize("content", [b"", b"no image", IMAGE[:60]])
def test_unreadable_file_raises_the_same_error_as_read_image(
    pool: ReaderPool, work: ModuleType, content: bytes
) -> None:
    with pytest.raises(ImageError) as here:
        read_image(content)

    with pytest.raises(ImageError) as there:
        pool.read(content, work.median_colour)

    assert type(there.value) is type(here.value)
    assert str(there.value) == str(here.value)


def test_missing_file_and_exceeded_limits_raise_image_errors(
    pool: ReaderPool, work: ModuleType, tmp_path: Path
) -> None:
    large = tmp_path / "large.png"
    plain_image("L", (200, 200)).save(large)

    with pytest.raises(TooManyPixelsError, match="10,000 allowed"):
        pool.read(large, work.median_colour)
    with pytest.raises(ImageError, match="no such file"):
        pool.read(tmp_path / "missing.png", work.median_colour)


def test_hanging_file_times_out_while_others_are_read(pool: ReaderPool, work: ModuleType) -> None:
    with ThreadPoolExecutor(2) as threads:
        hanging = threads.submit(pool.read, IMAGE, partial(work.sleep, seconds=60))
        intact = threads.submit(pool.read, IMAGE, work.median_colour)

        assert intact.result() == (10, 20, 30)
        with pytest.raises(ReadTimeoutError, match=r"longer than 1 seconds.*reduce the size"):
            hanging.result(timeout=20)

    assert pool.read(IMAGE, work.median_colour) == (10, 20, 30)


def test_crash_fails_only_its_own_file(pool: ReaderPool, work: ModuleType) -> None:
    jobs = [work.median_colour, work.crash] * 4

    with ThreadPoolExecutor(8) as threads:
        results = [threads.submit(pool.read, IMAGE, job) for job in jobs]

    assert [result.result() for result in results[::2]] == [(10, 20, 30)] * 4
    for result in results[1::2]:
        with pytest.raises(CorruptImageError, match=r"crashed the reader process twice"):
            result.result()


@pytest.mark.parametrize("end", ["crash", "kill"])
def test_image_is_read_again_if_the_first_process_ends(
    pool: ReaderPool, work: ModuleType, tmp_path: Path, end: str
) -> None:
    job = partial(work.fail_once, marker=tmp_path / "marker", end=getattr(work, end))

    assert pool.read(IMAGE, job) == 40


def test_twice_killed_process_is_not_reported_as_corrupt_image(
    pool: ReaderPool, work: ModuleType
) -> None:
    with pytest.raises(ReaderFailedError, match=r"killed twice.*try again later"):
        pool.read(IMAGE, work.kill)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux enforces the limit")
def test_exceeded_memory_is_reported_with_the_limit(work: ModuleType, tmp_path: Path) -> None:
    with ReaderPool(1, limits=Limits(max_memory=400_000_000, interface="command")) as pool:
        assert pool.read(IMAGE, partial(work.allocate, size=200_000_000)) == 1
        with pytest.raises(TooMuchMemoryError, match=r"400 MB.*--max-memory"):
            pool.read(IMAGE, partial(work.allocate, size=400_000_000))
        retry = partial(
            work.fail_once, marker=tmp_path / "m", end=partial(work.allocate, size=400_000_000)
        )
        assert pool.read(IMAGE, retry) == 40


def test_cancelled_read_frees_its_place(work: ModuleType) -> None:
    cancelled = Event()
    with ReaderPool(1) as pool, ThreadPoolExecutor(2) as threads:
        process = pool.read(IMAGE, work.process_id)
        running = threads.submit(
            pool.read, IMAGE, partial(work.sleep, seconds=600), cancelled=cancelled.is_set
        )
        waiting = threads.submit(pool.read, IMAGE, work.process_id)
        cancelled.set()

        with pytest.raises(ReadCancelledError, match="cancelled"):
            running.result(timeout=30)
        assert waiting.result(timeout=30) != process
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_waiting_read_can_be_cancelled(work: ModuleType) -> None:
    free = Event()
    with ReaderPool(1) as pool, ThreadPoolExecutor(1) as threads:
        running = threads.submit(
            pool.read, IMAGE, partial(work.sleep, seconds=600), cancelled=free.is_set
        )
        while not _is_taken(pool):
            time.sleep(0.01)
        with pytest.raises(ReadCancelledError):
            pool.read(IMAGE, work.median_colour, cancelled=lambda: True)
        free.set()
        with pytest.raises(ReadCancelledError):
            running.result(timeout=30)
        assert pool.read(IMAGE, work.median_colour) == (10, 20, 30)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on open files")
def test_lack_of_file_descriptors_is_a_temporary_error(work: ModuleType) -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    with ReaderPool(1) as pool:
        resource.setrlimit(resource.RLIMIT_NOFILE, (_open_files(), before[1]))
        try:
            with pytest.raises(ReaderFailedError, match="no resources"):
                pool.read(IMAGE, work.median_colour)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, before)
        assert pool.read(IMAGE, work.median_colour) == (10, 20, 30)


def test_killed_idle_process_is_replaced(work: ModuleType) -> None:
    with ReaderPool(1) as pool:
        first = pool.read(IMAGE, work.process_id)
        os.kill(first, signal.SIGKILL)
        os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)

        assert pool.read(IMAGE, work.process_id) != first


def test_failing_work_function_raises_work_error_and_keeps_the_process(work: ModuleType) -> None:
    with ReaderPool(1) as pool:
        process = pool.read(IMAGE, work.process_id)

        with pytest.raises(RuntimeError, match="ZeroDivisionError") as fault:
            pool.read(IMAGE, work.fail)
        with pytest.raises(RuntimeError, match="pickle"):
            pool.read(IMAGE, work.return_lambda)
        with pytest.raises(AttributeError, match="pickle"):
            pool.read(IMAGE, lambda image: image)

        assert "work_functions.py" in fault.value.__notes__[0]
        assert pool.read(IMAGE, work.process_id) == process


def test_each_thread_gets_its_own_results(pool: ReaderPool, work: ModuleType) -> None:
    colours = [tuple(map(int, c)) for c in np.random.default_rng(2).integers(0, 256, (60, 3))]

    def read(colour: tuple[int, ...]) -> tuple[float, ...]:
        content = encode(colour)  # type: ignore[arg-type]
        median: tuple[float, ...] = pool.read(content, work.median_colour)
        return median

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(read, colours)) == colours


def test_large_files_and_large_results_are_transferred(work: ModuleType) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (700, 900, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, "BMP")

    with ReaderPool(1) as pool:
        assert pool.read(buffer.getvalue(), work.median_colour) == tuple(
            np.median(noise, axis=(0, 1))
        )
        assert np.array_equal(pool.read(buffer.getvalue(), work.pixels), noise)


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_pool_starts_only_needed_processes_and_leaks_none(work: ModuleType) -> None:
    with nothing_leaks(), ReaderPool(8, seconds=0.3) as pool:
        assert len({pool.read(IMAGE, work.process_id) for _ in range(5)}) == 1
        for job in (work.crash, partial(work.sleep, seconds=60)) * 3:
            with pytest.raises(ImageError):
                pool.read(IMAGE, job)
        assert pool.read(IMAGE, work.median_colour) == (10, 20, 30)


def test_close_fails_running_and_waiting_reads(work: ModuleType) -> None:
    pool = ReaderPool(1)
    process = pool.read(IMAGE, work.process_id)
    with ThreadPoolExecutor(3) as threads:
        reads = [threads.submit(pool.read, IMAGE, partial(work.sleep, seconds=60))]
        reads += [threads.submit(pool.read, IMAGE, work.median_colour) for _ in range(2)]
        time.sleep(0.2)
        pool.close()
        pool.close()
        for read in reads:
            with pytest.raises(RuntimeError, match="closed"):
                read.result(timeout=10)

    with pytest.raises(RuntimeError, match="closed"):
        pool.read(IMAGE, work.median_colour)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_pool_that_was_never_closed_leaves_no_process(work: ModuleType) -> None:
    pool = ReaderPool(1)
    process = pool.read(IMAGE, work.process_id)

    del pool
    gc.collect()

    with pytest.raises(ProcessLookupError):  # a process that nobody waited for would be a zombie
        os.kill(process, 0)


@pytest.mark.usefixtures("work")
@pytest.mark.parametrize("idle", [True, False])
def test_reader_process_ignores_ctrl_c_and_ends_with_its_parent(idle: bool) -> None:
    program = f"""
import os, signal, threading, time
from functools import partial
import work_functions
from deepsky.imaging import ReaderPool

pool = ReaderPool(1, seconds=1)
process = pool.read({IMAGE!r}, work_functions.process_id)
os.kill(process, signal.SIGINT)
assert pool.read({IMAGE!r}, work_functions.process_id) == process
if not {idle}:
    work = partial(work_functions.sleep, seconds=60)
    threading.Thread(target=pool.read, args=({IMAGE!r}, work), daemon=True).start()
    time.sleep(0.3)
print('ready', flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,  # this pipe stays open until all processes that inherited it end
        check=False,
        timeout=30,
    )

    assert done.returncode == -signal.SIGKILL
    assert done.stdout == b"ready\n"


@pytest.mark.usefixtures("work")
def test_busy_reader_process_ends_when_the_program_exits() -> None:
    program = f"""
import threading, time
from functools import partial
import work_functions
from deepsky.imaging import ReaderPool

pool = ReaderPool(1, seconds=600)
pool.start()
threading.Thread(target=pool.read, args=({IMAGE!r}, work_functions.hang), daemon=True).start()
time.sleep(0.3)
print('ready')
"""

    done = run_python(
        "-c", program
    )  # returns when all processes that inherited standard output have ended

    # The thread does not print an error, which would abort the program if it is just exiting.
    assert (done.returncode, done.stdout, done.stderr) == (0, "ready\n", "")


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
@pytest.mark.usefixtures("work")
def test_starting_reader_process_ignores_ctrl_c() -> None:
    program = f"""
import os, signal, threading
from contextlib import suppress
from pathlib import Path
import work_functions
from deepsky.imaging import ReaderPool

pool = ReaderPool(2)
starts = threading.Thread(target=pool.start)
starts.start()
while starts.is_alive():
    with suppress(FileNotFoundError, ProcessLookupError):  # the thread or child has just ended
        children = Path(f'/proc/self/task/{{starts.native_id}}/children').read_text()
        for child in children.split():
            os.kill(int(child), signal.SIGINT)
print(pool.read({IMAGE!r}, work_functions.median_colour))
pool.close()
"""
    done = run_python("-c", program)

    assert (done.returncode, done.stdout, done.stderr) == (0, "(10.0, 20.0, 30.0)\n", "")


def test_pool_whose_processes_do_not_start_can_be_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deepsky.imaging.processes.reader_process.START_SECONDS", 0)
    pool = ReaderPool(2)

    with pytest.raises(RuntimeError, match="could not be started"):
        pool.start()

    closing = Thread(target=pool.close, daemon=True)
    closing.start()
    closing.join(20)
    assert not closing.is_alive()


@pytest.mark.usefixtures("work")
def test_threads_can_pickle_objects_of_main_while_processes_start() -> None:
    program = """
import pickle, threading
from deepsky.imaging import ReaderPool

def function():
    pass

with ReaderPool(4) as pool:
    starts = threading.Thread(target=pool.start)
    starts.start()
    while starts.is_alive():
        pickle.dumps(function)
    starts.join()
"""

    done = run_python("-c", program)

    assert (done.returncode, done.stderr) == (0, "")


def test_process_that_cannot_be_killed_does_not_stall_other_pools(
    work: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deepsky.imaging.processes.reader_process.END_SECONDS", 60)
    with ReaderPool(1) as other, ReaderPool(1, seconds=SECONDS) as pool:
        other.start()
        stuck = pool.read(IMAGE, work.process_id)
        kill, kill_attempted = os.kill, Event()

        def kill_others(process: int, number: int) -> None:
            if process == stuck:  # simulates a process that is blocked in a system call
                kill_attempted.set()
            else:
                kill(process, number)

        monkeypatch.setattr(os, "kill", kill_others)
        with ThreadPoolExecutor(1) as threads:
            hanging = threads.submit(pool.read, IMAGE, work.hang)
            kill_attempted.wait()

            colours = [other.read(IMAGE, work.median_colour) for _ in range(5)]
            stalled = hanging.done()
            kill(stuck, signal.SIGKILL)

            assert colours == [(10, 20, 30)] * 5
            assert not stalled
            with pytest.raises(ReadTimeoutError):
                hanging.result()


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_killed_process_is_reaped_even_if_it_ends_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deepsky.imaging.processes.reader_process.END_SECONDS", 0)
    with nothing_leaks():
        with ReaderPool(3) as pool:
            pool.start()
        while any(thread.name == "deepsky-reaper" for thread in enumerate_threads()):
            time.sleep(0.01)


def test_reader_processes_print_no_warnings(
    work: ModuleType, capfd: pytest.CaptureFixture[str]
) -> None:
    buffer = io.BytesIO()
    damaged_exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x05\x01\x12"
    plain_image("RGB", (40, 30), (254, 0, 0)).save(buffer, "JPEG", exif=damaged_exif)
    with pytest.warns(UserWarning, match="Corrupt EXIF"):
        read_image(buffer.getvalue())

    with ReaderPool(1) as pool:
        assert pool.read(buffer.getvalue(), work.median_colour) == (254, 0, 0)

    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("work")
def test_modules_in_the_working_folder_are_not_imported(tmp_path: Path) -> None:
    (tmp_path / "gzip.py").write_text("raise SystemExit('imported from the working folder')")
    script = tmp_path / "scripts" / "script.py"
    script.parent.mkdir()
    script.write_text(f"""
import work_functions
from deepsky.imaging import ReaderPool

with ReaderPool(1) as pool:
    print(pool.read({IMAGE!r}, work_functions.median_colour))
""")

    done = run_python(script, cwd=tmp_path)

    assert (done.stdout, done.stderr) == ("(10.0, 20.0, 30.0)\n", "")


def test_frozen_program_without_interpreter_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)

    with pytest.raises(RuntimeError, match="set_executable"), ReaderPool(1) as pool:
        pool.start()


def test_reader_process_imports_only_what_it_needs() -> None:
    program = """
import sys
import deepsky.imaging.processes.reader_main, deepsky.preprocessing
print({'astropy', 'flask', 'openvino', 'tensorflow'} & set(sys.modules))
"""

    assert run_python("-c", program).stdout == "set()\n"
