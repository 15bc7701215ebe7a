"""Fresh virtual environments, and servers started from them."""

import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


def create_environment(folder: Path, *, with_packages: bool = True) -> Path:
    """Create a virtual environment and return its folder of programs.

    Parameters
    ----------
    folder : Path
        Where to create it.
    with_packages : bool
        Whether it sees the packages of the environment that runs the tests, except deepsky, so
        that nothing needs to be downloaded.
    """
    options = ["--without-pip"] if with_packages else []
    subprocess.run([sys.executable, "-m", "venv", *options, str(folder)], check=True)
    programs = folder / "bin"
    if with_packages:
        packages = folder / "packages"
        packages.mkdir()
        for installed in Path(sysconfig.get_path("purelib")).iterdir():
            if installed.suffix != ".pth" and "deepsky" not in installed.name:
                (packages / installed.name).symlink_to(installed)
        site = sysconfig.get_path("purelib", vars={"base": str(folder)})
        Path(site, "packages.pth").write_text(f"{packages}\n", encoding="utf-8")
        write_program(programs / "pip", 'exec "$(dirname "$0")/python" -m pip "$@"')
    return programs


def write_program(path: Path, script: str) -> None:
    """Write a shell script that can be executed."""
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def isolated(programs: Path, **variables: str) -> dict[str, str]:
    """Return environment variables under which only the programs of a folder and the system's run.

    Parameters
    ----------
    programs : Path
        The folder of programs, first in the search path.
    **variables : str
        Further environment variables.
    """
    inherited = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return inherited | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"} | variables


@contextmanager
def running_server(command: list[str], environment: Mapping[str, str]) -> Iterator[str]:
    """Start a server, yield its address, and stop it."""
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            found = (re.search(r"http://\S+", line) for line in server.stdout)
            address = next(filter(None, found), None)
            assert address, "The server ended before it printed its address."
            yield address[0]
        finally:
            server.terminate()
