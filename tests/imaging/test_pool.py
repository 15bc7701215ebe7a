"""Reading in processes of their own: nothing that a file does there harms anything else."""

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
from threading import Thread
from types import ModuleType

import numpy as np
import pytest
from PIL import Image

from deepsky.errors import CorruptImageError, ImageError, ReadTimeoutError, TooManyPixelsError
from deepsky.imaging import Limits, ReaderPool, read_image

SECONDS = 1.0


def encode(colour: tuple[int, int, int], format: str = "PNG") -> bytes:  # noqa: A002
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(buffer, format)
    return buffer.getvalue()


IMAGE = encode((10, 20, 30))


@pytest.fixture(scope="module")
def work() -> Iterator[ModuleType]:
    """The functions of `pool_work`, where the processes find them too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(Path(__file__).parent)
        yield importlib.import_module("pool_work")


@pytest.fixture(scope="module")
def pool(work: ModuleType) -> Iterator[ReaderPool]:  # noqa: ARG001 (found by processes it starts)
    with ReaderPool(2, seconds=SECONDS, limits=Limits(max_pixels=10_000)) as pool:
        yield pool


@contextmanager
def nothing_left_over() -> Iterator[None]:
    """Compare the open files and the children, dead or alive, before and after."""
    before = _open_files(), _children()
    yield
    assert (_open_files(), _children()) == before


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def _children() -> int:
    return sum(len(path.read_text().split()) for path in Path("/proc/self/task").glob("*/children"))


def test_work_sees_the_image_and_only_its_result_comes_back(
    pool: ReaderPool, work: ModuleType, tmp_path: Path
) -> None:
    path = tmp_path / "image.jpg"
    path.write_bytes(encode((200, 100, 50), "JPEG"))
    expected = work.average(partial(read_image, path), times=2)

    assert pool.read(path, partial(work.average, times=2)) == expected
    assert pool.read(path.read_bytes(), partial(work.average, times=2)) == expected
    assert pool.read(IMAGE, work.process) != os.getpid()


def test_a_relative_path_is_one_of_the_caller(
    pool: ReaderPool, work: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool.read(IMAGE, work.process)  # a process runs, and stands elsewhere
    (tmp_path / "image.png").write_bytes(IMAGE)
    monkeypatch.chdir(tmp_path)

    assert pool.read("image.png", work.average) == (10, 20, 30)


@pytest.mark.parametrize("content", [b"", b"no image", IMAGE[:60]])
def test_a_file_that_cannot_be_used_gives_the_error_of_the_reader(
    pool: ReaderPool, work: ModuleType, content: bytes
) -> None:
    with pytest.raises(ImageError) as here:
        read_image(content)

    with pytest.raises(ImageError) as there:
        pool.read(content, work.average)

    assert type(there.value) is type(here.value)
    assert str(there.value) == str(here.value)


def test_a_missing_file_and_the_limits(pool: ReaderPool, work: ModuleType, tmp_path: Path) -> None:
    large = tmp_path / "large.png"
    Image.new("L", (200, 200)).save(large)

    with pytest.raises(TooManyPixelsError, match="10,000 allowed"):
        pool.read(large, work.average)
    with pytest.raises(ImageError, match="no such file"):
        pool.read(tmp_path / "missing.png", work.average)


def test_a_file_that_hangs_costs_one_process_and_the_time_it_was_given(
    pool: ReaderPool, work: ModuleType
) -> None:
    with ThreadPoolExecutor(2) as threads:
        hanging = threads.submit(pool.read, IMAGE, partial(work.sleep, seconds=60))
        sound = threads.submit(pool.read, IMAGE, work.average)

        assert sound.result() == (10, 20, 30)
        with pytest.raises(ReadTimeoutError, match=r"longer than 1 seconds.*save it smaller"):
            hanging.result(timeout=20)

    assert pool.read(IMAGE, work.average) == (10, 20, 30)


def test_a_crash_is_the_fault_of_its_file_alone(pool: ReaderPool, work: ModuleType) -> None:
    jobs = [work.average, work.crash] * 4

    with ThreadPoolExecutor(8) as threads:
        answers = [threads.submit(pool.read, IMAGE, job) for job in jobs]

    assert [answer.result() for answer in answers[::2]] == [(10, 20, 30)] * 4
    for answer in answers[1::2]:
        with pytest.raises(CorruptImageError, match=r"crashes the reader.*save it anew"):
            answer.result()


def test_a_process_that_was_ended_while_idle_is_replaced(work: ModuleType) -> None:
    with ReaderPool(1) as pool:
        first = pool.read(IMAGE, work.process)
        os.kill(first, signal.SIGKILL)
        os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)

        assert pool.read(IMAGE, work.process) != first


def test_a_fault_of_ours_is_told_with_its_place_and_harms_no_process(work: ModuleType) -> None:
    with ReaderPool(1) as pool:
        process = pool.read(IMAGE, work.process)

        with pytest.raises(RuntimeError, match="ZeroDivisionError") as fault:
            pool.read(IMAGE, work.fail)
        with pytest.raises(RuntimeError, match="pickle"):
            pool.read(IMAGE, work.give_what_cannot_cross)
        with pytest.raises(AttributeError, match="pickle"):
            pool.read(IMAGE, lambda image: image)

        assert "pool_work.py" in fault.value.__notes__[0]
        assert pool.read(IMAGE, work.process) == process


def test_threads_get_their_own_answers(pool: ReaderPool, work: ModuleType) -> None:
    colours = [tuple(map(int, c)) for c in np.random.default_rng(2).integers(0, 256, (60, 3))]

    def read(colour: tuple[int, ...]) -> tuple[float, ...]:
        answer: tuple[float, ...] = pool.read(encode(colour[:3]), work.average)  # type: ignore[arg-type]
        return answer

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(read, colours)) == colours


def test_large_files_and_large_results_cross(work: ModuleType) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (700, 900, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, "BMP")

    with ReaderPool(1) as pool:
        assert pool.read(buffer.getvalue(), work.average) == tuple(noise.mean(axis=(0, 1)))
        assert np.array_equal(pool.read(buffer.getvalue(), work.pixels), noise)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_pool_starts_what_it_needs_and_leaves_nothing(work: ModuleType) -> None:
    with ReaderPool(1) as pool:
        pool.read(IMAGE, work.process)  # multiprocessing's own helper runs from now on

    with nothing_left_over(), ReaderPool(8, seconds=0.3) as pool:
        assert len({pool.read(IMAGE, work.process) for _ in range(5)}) == 1
        for job in (work.crash, partial(work.sleep, seconds=60)) * 3:
            with pytest.raises(ImageError):
                pool.read(IMAGE, job)
        assert pool.read(IMAGE, work.average) == (10, 20, 30)


def test_closing_ends_those_who_read_and_those_who_wait(work: ModuleType) -> None:
    pool = ReaderPool(1)
    process = pool.read(IMAGE, work.process)
    with ThreadPoolExecutor(3) as threads:
        reads = [threads.submit(pool.read, IMAGE, partial(work.sleep, seconds=60))]
        reads += [threads.submit(pool.read, IMAGE, work.average) for _ in range(2)]
        time.sleep(0.2)
        pool.close()
        pool.close()
        for read in reads:
            with pytest.raises(RuntimeError, match="closed"):
                read.result(timeout=10)

    with pytest.raises(RuntimeError, match="closed"):
        pool.read(IMAGE, work.average)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


@pytest.mark.usefixtures("work")
@pytest.mark.parametrize("idle", [True, False])
def test_processes_end_with_the_one_that_started_them_and_not_by_ctrl_c(idle: bool) -> None:
    program = f"""
import os, signal, threading, time
from functools import partial
import pool_work
from deepsky.imaging import ReaderPool

pool = ReaderPool(1, seconds=1)
process = pool.read({IMAGE!r}, pool_work.process)
os.kill(process, signal.SIGINT)
assert pool.read({IMAGE!r}, pool_work.process) == process
if not {idle}:
    work = partial(pool_work.sleep, seconds=60)
    threading.Thread(target=pool.read, args=({IMAGE!r}, work), daemon=True).start()
    time.sleep(0.3)
print('ready', flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,  # it is open until the last process that writes to it has ended
        check=False,
        timeout=30,
    )

    assert done.returncode == -signal.SIGKILL
    assert done.stdout == b"ready\n"


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.usefixtures("work")
def test_ctrl_c_while_processes_start_is_not_for_them() -> None:
    program = f"""
import os, signal, threading
from contextlib import suppress
from pathlib import Path
import pool_work
from deepsky.imaging import ReaderPool

pool = ReaderPool(2)
starts = threading.Thread(target=pool.start)
starts.start()
while starts.is_alive():
    with suppress(FileNotFoundError, ProcessLookupError):  # the thread or a child has just ended
        children = Path(f'/proc/self/task/{{starts.native_id}}/children').read_text()
        for child in children.split():
            os.kill(int(child), signal.SIGINT)
print(pool.read({IMAGE!r}, pool_work.average))
pool.close()
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "(10.0, 20.0, 30.0)\n", "")


def test_a_pool_of_which_no_process_starts_can_be_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deepsky.imaging.pool.START_SECONDS", 0)
    pool = ReaderPool(2)

    with pytest.raises(RuntimeError, match="does not start"):
        pool.start()

    closing = Thread(target=pool.close, daemon=True)
    closing.start()
    closing.join(20)
    assert not closing.is_alive()
