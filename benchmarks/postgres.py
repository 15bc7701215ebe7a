"""Temporary PostgreSQL server for the benchmarks; this module is not a script."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.processes import tree

__all__ = ["Postgres"]


class Postgres:
    """Context manager that runs a PostgreSQL server with a temporary data folder."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="deepsky-postgres-"))
        # PostgreSQL refuses to run as root.
        self._user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self._user:
            shutil.chown(self._folder, "postgres")
        self._data = self._folder / "data"
        self._port = _free_port()
        self._run("initdb", "--auth=trust", "--username=deepsky", "--encoding=UTF8")

    def __enter__(self) -> "Postgres":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._run("pg_ctl", "stop", "-m", "immediate", check=False)
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def url(self) -> str:
        """Database URL in the form that deepsky expects."""
        return f"postgresql+psycopg://deepsky@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Start the server, and wait until it accepts connections."""
        log, options = self._folder / "log", f"-p {self._port} -k {self._folder} -h 127.0.0.1"
        # The data folder stays locked until all child processes of the killed server have ended.
        for _ in range(20):
            if self._run("pg_ctl", "start", "-w", "-l", str(log), "-o", options, check=False) == 0:
                return
            time.sleep(0.5)
        raise subprocess.SubprocessError(log.read_text())

    def kill(self) -> None:
        """Kill the server's main process. The child processes then end by themselves."""
        first = (self._data / "postmaster.pid").read_text().split()[0]
        os.kill(int(first), signal.SIGKILL)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to all processes of the server."""
        first = int((self._data / "postmaster.pid").read_text().split()[0])
        for pid in tree(first):
            os.kill(pid, number)

    def _run(self, program: str, *arguments: str, check: bool = True) -> int:
        found = (
            shutil.which(program)
            or sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))[-1]
        )
        return subprocess.run(
            [*self._user, str(found), "-D", str(self._data), *arguments],
            check=check,
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=None if check else subprocess.DEVNULL,
        ).returncode


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port
