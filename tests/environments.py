"""Create virtual environments and start servers from them."""

import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


def create_environment(folder: Path, *, with_packages: bool = True) -> Path:
    """Create a virtual environment and return the path of its ``bin`` directory.

    Parameters
    ----------
    folder : Path
        Folder in which to create the environment.
    with_packages : bool
        Whether the new environment has access to all packages of the current one except deepsky,
        so that nothing needs to be downloaded.
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
    """Write an executable shell script."""
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def isolated(programs: Path, **variables: str) -> dict[str, str]:
    """Return environment variables for commands that use a virtual environment.

    Parameters
    ----------
    programs : Path
        ``bin`` directory of the environment. It becomes the first entry in ``PATH``.
    **variables : str
        Additional environment variables.
    """
    inherited = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return inherited | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"} | variables


@contextmanager
def running_server(command: list[str], environment: Mapping[str, str]) -> Iterator[str]:
    """Start a server, yield its URL, and stop the server when the context exits."""
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            found = (re.search(r"http://\S+", line) for line in server.stdout)
            url = next(filter(None, found), None)
            assert url, "The server exited before it printed its URL."
            yield url[0]
        finally:
            server.terminate()
