"""Copy what a fresh clone of the repository contains."""

import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parent.parent
BUNDLES = "src/deepsky/models/bundles"
LARGE = tuple(f"{BUNDLES}/{name}/" for name in ("ensemble", "resnet50", "vgg16"))


def checkout_files(*, large: bool = False) -> list[str]:
    """Return the files that git tracks or would add, relative to the repository.

    Parameters
    ----------
    large : bool
        Whether to include the bundles of all models. The default model's is always included.
    """
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    output = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    names = [name for name in output.split("\0") if (ROOT / name).is_file()]
    return [name for name in names if large or not name.startswith(LARGE)]


def copy_files(names: Iterable[str], folder: Path) -> None:
    """Copy files of the repository into a folder, under the same relative paths."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)


def link_web_packages(folder: Path) -> None:
    """Link the installed npm packages into a copy, which spares `npm ci`."""
    (folder / "web" / "node_modules").symlink_to((ROOT / "web" / "node_modules").resolve())
