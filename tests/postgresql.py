"""Temporary PostgreSQL server for the tests."""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import psycopg

__all__ = ["PostgreSQL"]

NO_FLUSHING = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
TIME_ZONE = "timezone=Asia/Kathmandu"
"""Time zone of the server; not UTC, so that tests detect times that are not stored in UTC."""
DISCONNECT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
START_SECONDS = 60


class PostgreSQL:
    """Context manager that runs a PostgreSQL server on a Unix socket."""

    def __init__(self) -> None:
        # PostgreSQL cannot run as root, and other users cannot read pytest's temporary folder.
        self._folder = Path(tempfile.mkdtemp(prefix="deepsky-"))
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(self._folder, self._user)
        self._free: list[str] = []

    def __enter__(self) -> Self:
        data = str(self._folder / "data")
        made = self._start(
            *("initdb", "-D", data, "--username=deepsky", "--auth=trust", "--no-sync"),
            *("--encoding=UTF8", "--locale=C"),
        )
        if made.wait() == 0:
            settings = ("listen_addresses=", TIME_ZONE, *NO_FLUSHING)
            options = [part for setting in settings for part in ("-c", setting)]
            self._server = self._start("postgres", "-D", data, "-k", str(self._folder), *options)
            if self._is_ready():
                return self
        message = (self._folder / "log").read_text("utf-8")
        shutil.rmtree(self._folder)
        raise RuntimeError(message)

    def __exit__(self, *_: object) -> None:
        self._server.send_signal(
            signal.SIGQUIT
        )  # shut down immediately, because the data is temporary
        self._server.wait()
        shutil.rmtree(self._folder)

    @contextmanager
    def database(self) -> Iterator[str]:
        """Yield the URL of an empty database, in SQLAlchemy's format.

        Afterwards, the database is emptied and reused, because PostgreSQL creates hundreds of files
        for a new database.
        """
        name = self._free.pop() if self._free else self._new_database()
        yield f"postgresql+psycopg://deepsky@/{name}?host={self._folder}"
        with self._connect() as connection:
            connection.execute(DISCONNECT, [name])
        with self._connect(name) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        self._free.append(name)

    def _new_database(self) -> str:
        name = f"test_{secrets.token_hex(8)}"
        with self._connect() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        return name

    def _is_ready(self) -> bool:
        ends = time.monotonic() + START_SECONDS
        while self._server.poll() is None and time.monotonic() < ends:
            try:
                self._connect().close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return True
        self._server.kill()
        self._server.wait()
        return False

    def _connect(self, name: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(host=str(self._folder), user="deepsky", dbname=name, autocommit=True)

    def _start(self, program: str, *arguments: str) -> "subprocess.Popen[bytes]":
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(
                [_find(program), *arguments],
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=self._user,
                group=self._user,
                extra_groups=[] if self._user else None,
                start_new_session=True,  # the tests stop the server, not Ctrl+C
            )


def _find(program: str) -> str:
    """Return the path of a PostgreSQL program. On Debian, its directory is not in PATH."""
    found = shutil.which(program)
    if found is None and shutil.which("pg_config"):
        result = subprocess.run(
            ["pg_config", "--bindir"], capture_output=True, text=True, check=True
        )
        found = shutil.which(program, path=result.stdout.strip())
    if found is None:
        folders = Path("/usr/lib/postgresql").glob("*/bin")
        newest_first = sorted(folders, key=lambda folder: float(folder.parent.name), reverse=True)
        found = shutil.which(program, path=os.pathsep.join(map(str, newest_first)))
    if found is None:
        msg = "The tests require PostgreSQL. To install it, run: scripts/ensure-postgresql"
        raise RuntimeError(msg)
    return found
