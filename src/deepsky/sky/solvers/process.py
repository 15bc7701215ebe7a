"""Run programs with limits, and kill them with all their children."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal

from deepsky.sky.solvers.solver import Limits

if sys.platform == "linux":
    import resource

__all__ = ["OUTPUT", "run_program"]

OUTPUT: Final = "output.txt"
"""Name of the file that receives the output of a program."""

_POLL_SECONDS: Final = 0.05
_KEPT: Final = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "PYTHONPATH")
"""Environment variables that programs inherit. Proxies, for example, are not passed on."""


def run_program(
    arguments: Sequence[str], folder: Path, limits: Limits
) -> Literal["finished", "time limit", "cancelled", "engine failed"]:
    """Run a program in a folder until it ends or a limit is reached.

    When this function returns or raises, the program and all of its children have been killed.

    Parameters
    ----------
    arguments : sequence of str
        Program and arguments; no shell is involved.
    folder : Path
        Working folder, home folder and folder for temporary files. Standard output and errors are
        written to the file `OUTPUT` in it.
    limits : Limits

    Returns
    -------
    {"finished", "time limit", "cancelled", "engine failed"}
        ``"engine failed"`` means that the program cannot be started or returned an error.
    """
    home = str(folder)
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment |= dict.fromkeys(("HOME", "TMPDIR", "TMP", "TEMP"), home) | {"LC_ALL": "C"}
    end = time.monotonic() + limits.seconds
    with (folder / OUTPUT).open("wb") as output:
        try:
            process = subprocess.Popen(  # noqa: S603
                arguments,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError:
            return "engine failed"
        try:
            _limit_cpu(process, limits.seconds)
            while process.poll() is None:
                if limits.cancelled():
                    return "cancelled"
                if time.monotonic() >= end:
                    return "time limit"
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_POLL_SECONDS)
        finally:
            _kill_tree(process)
    if process.returncode == 0:
        return "finished"
    return "time limit" if _was_out_of_cpu(process.returncode) else "engine failed"


if sys.platform == "win32":

    def _kill_tree(process: subprocess.Popen[bytes]) -> None:
        system = Path(os.environ["SYSTEMROOT"]) / "System32"
        command = [str(system / "taskkill.exe"), "/T", "/F", "/PID", str(process.pid)]
        subprocess.run(command, capture_output=True, check=False)  # noqa: S603
        process.wait()

    def _was_out_of_cpu(_returncode: int) -> bool:
        return False

else:

    def _kill_tree(process: subprocess.Popen[bytes]) -> None:
        # macOS reports a group of processes that have all ended as PermissionError.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def _was_out_of_cpu(returncode: int) -> bool:
        return returncode == -signal.SIGXCPU


if sys.platform == "linux":

    def _limit_cpu(process: subprocess.Popen[bytes], seconds: float) -> None:
        """Limit the CPU time, in case this process is killed and cannot kill the program."""
        limit = int(seconds) + 1
        with suppress(ProcessLookupError, ValueError, PermissionError):
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (limit, limit + 1))

else:

    def _limit_cpu(_process: subprocess.Popen[bytes], _seconds: float) -> None:
        """Do nothing: only Linux limits the CPU time of other processes."""
