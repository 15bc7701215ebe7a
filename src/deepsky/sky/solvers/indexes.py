"""Find the star indexes of astrometry.net."""

import os
from pathlib import Path
from typing import Final

__all__ = ["describe_files", "index_files", "user_folders"]

_SYSTEM_FOLDERS: Final = (
    "/usr/share/astrometry",
    "/usr/local/share/astrometry",
    "/usr/local/astrometry/data",
    "/opt/homebrew/opt/astrometry-net/data",
    "/usr/local/opt/astrometry-net/data",
    "~/.local/share/astrometry",
)


def user_folders() -> list[Path]:
    """Return the folders in the environment variable ``DEEPSKY_SOLVER_INDEXES``.

    Returns
    -------
    list of Path
        Absolute paths. As in ``PATH``, the folders are separated by ``:``, on Windows by ``;``.
    """
    folders = os.environ.get("DEEPSKY_SOLVER_INDEXES", "").split(os.pathsep)
    return [Path(folder).expanduser().absolute() for folder in folders if folder]


def index_files() -> list[Path]:
    """Return the index files of astrometry.net in the user's and the system's folders.

    Returns
    -------
    list of Path
        Without files whose paths contain control characters.
    """
    folders = user_folders() + [Path(folder).expanduser() for folder in _SYSTEM_FOLDERS]
    files = {file for folder in folders for file in folder.glob("index-*.fits")}
    return sorted(file for file in files if str(file).isprintable())


def describe_files(files: list[Path]) -> str:
    """Describe files so that a change of them changes the description.

    Parameters
    ----------
    files : list of Path

    Returns
    -------
    str
        Paths and sizes.
    """
    return "\n".join(f"{file} {file.stat().st_size}" for file in files)
