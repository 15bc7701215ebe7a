"""Copy the files that a fresh clone of the repository would contain."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from hatchling.builders.sdist import SdistBuilder

ROOT = Path(__file__).parent.parent
PAGE = "src/deepsky/server/static/"
BUNDLES = "src/deepsky/models/bundles"
LARGE = tuple(f"{BUNDLES}/{name}/" for name in ("ensemble", "resnet50", "vgg16"))


def checkout_files(*, large: bool = False) -> list[str]:
    """Return the relative paths of all files in the repository that .gitignore does not exclude.

    The files are listed by Hatchling, which evaluates .gitignore without git.

    Parameters
    ----------
    large : bool
        Whether to include the bundles of all models. The default model's bundle is always included.
    """
    files = SdistBuilder(str(ROOT)).recurse_included_files()
    ignored = (PAGE, *(() if large else LARGE))
    return [file.relative_path for file in files if not file.relative_path.startswith(ignored)]


def copy_files(names: Iterable[str], folder: Path) -> None:
    """Copy files from the repository into a folder. Their relative paths stay the same."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)


def link_web_packages(folder: Path) -> None:
    """Link the installed npm packages into a copy of the repository instead of running `npm ci`."""
    (folder / "web" / "node_modules").symlink_to((ROOT / "web" / "node_modules").resolve())
