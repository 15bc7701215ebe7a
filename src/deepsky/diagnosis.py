"""Diagnosis: facts about this installation, and checks of its parts, for reports of problems."""

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import deepsky
from deepsky.errors import DeepskyError, SolverError

__all__ = ["Finding", "diagnose"]

PACKAGES: Final = (
    "numpy",
    "openvino",
    "astropy",
    "pillow",
    "imagecodecs",
    "rawpy",
    "pyongc",
    "flask",
    "sqlalchemy",
    "pydantic",
    "tensorflow",
    "ray",
)
"""Packages whose versions matter most for reports of problems."""

LEAST_FREE: Final = 1_000_000_000
"""Free bytes below which a disk is reported as almost full."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Fact about the installation, or the result of a check.

    Attributes
    ----------
    name : str
        What was examined, such as ``"Model efficientnet"``.
    value : str
        What was found.
    is_problem : bool
        Whether it keeps deepsky, or a part of it, from working.
    """

    name: str
    value: str
    is_problem: bool = False


def diagnose() -> Iterator[Finding]:
    """Examine this installation. Nothing is changed, and nothing is sent.

    Yields
    ------
    Finding
        Home folders in paths are replaced by ``~``, and passwords are omitted.

    Examples
    --------
    >>> from deepsky.diagnosis import diagnose
    >>> next(diagnose()).name
    'deepsky'
    """
    yield Finding("deepsky", f"{deepsky.__version__} in {_short(Path(deepsky.__file__).parent)}")
    yield Finding("Python", f"{platform.python_version()} ({_short(Path(sys.executable))})")
    yield Finding("System", platform.platform())
    yield Finding("Packages", ", ".join(_installed()))
    yield Finding("Settings", ", ".join(_variables()) or "no environment variables DEEPSKY_…")
    for name, check in _CHECKS.items():
        yield from _attempt(name, check)


def _attempt(name: str, check: Callable[[str], Iterator[Finding]]) -> Iterator[Finding]:
    """Run a check; report an exception as a problem, so that the other checks still run."""
    try:
        yield from check(name)
    except Exception as error:  # noqa: BLE001 (any part can be broken)
        kind = "" if isinstance(error, DeepskyError) else f"{type(error).__name__}: "
        yield Finding(name, f"{kind}{error}", is_problem=True)


def _installed() -> Iterator[str]:
    for package in PACKAGES:
        try:
            yield f"{package} {version(package)}"
        except PackageNotFoundError:
            continue


def _variables() -> list[str]:
    """Return the names of the environment variables that are set; the values may be secret."""
    return sorted(name for name in os.environ if name.startswith("DEEPSKY_"))


def _check_processor(name: str) -> Iterator[Finding]:
    from deepsky.models.runtime import describe_processor

    yield Finding(name, f"{describe_processor()}; {platform.machine()}, {os.cpu_count()} cores")


def _check_models(name: str) -> Iterator[Finding]:
    """Check the SHA-256 of the files of every model."""
    from deepsky.models.registry import SHIPPED, available_models, find_bundle, find_members

    for each in available_models():
        bundle = find_bundle(each)
        try:
            for member, _ in find_members(bundle):
                member.read_network()
                member.read_novelty_reference()
            where = "shipped" if bundle.directory.parent == SHIPPED else _short(bundle.directory)
            text = f"{bundle.version} ({where}), SHA-256 {bundle.sha256[:12]}… as in its card"
            yield Finding(f"{name} {each}", text)
        except DeepskyError as error:
            yield Finding(f"{name} {each}", str(error), is_problem=True)


def _check_reading(name: str) -> Iterator[Finding]:
    """Read and classify a small image, with a reader process."""
    import io

    from PIL import Image

    file = io.BytesIO()
    Image.linear_gradient("L").save(file, "PNG")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "gradient.png")
        path.write_bytes(file.getvalue())
        [record] = deepsky.classify_many(path, workers=1)
    error = record["error"]
    text = error["message"] if error else "a test image was read and classified"
    yield Finding(name, text, is_problem=error is not None)


def _check_catalogue(name: str) -> Iterator[Finding]:
    from deepsky.catalogue import load_catalogue

    yield Finding(name, f"{len(load_catalogue()):,} objects")


def _check_solver(name: str) -> Iterator[Finding]:
    from deepsky.sky.solvers import choose_solver

    try:
        solver = choose_solver()
    except SolverError:
        yield Finding(name, "none installed; optional, see docs/sky.md")
    else:
        yield Finding(name, solver.name if solver else "none")


def _check_page(name: str) -> Iterator[Finding]:
    from deepsky.server.page import BUILT

    if (BUILT / "index.html").is_file():
        yield Finding(name, "installed")
    else:
        yield Finding(name, "missing; run make, or install a wheel of deepsky", is_problem=True)


def _check_database(name: str) -> Iterator[Finding]:
    from deepsky.server import Settings
    from deepsky.storage.database import Database

    settings = Settings()
    database = Database(settings.resolved_database_url)
    try:
        revision, newest = database.current_revision(), database.newest_revision()
        address = str(database.address).replace(str(Path.home()), "~")
    finally:
        database.close()
    if revision is None:
        yield Finding(name, f"{address}: no tables yet; deepsky serve creates them")
    elif revision == newest:
        yield Finding(name, f"{address}: up to date (revision {revision})")
    else:
        text = f"{address}: revision {revision}, but {newest} is needed; run deepsky db upgrade"
        yield Finding(name, text, is_problem=True)


def _check_disks(name: str) -> Iterator[Finding]:
    from deepsky.server import Settings

    for what, folder in (("data", Settings().data), ("temporary", Path(tempfile.gettempdir()))):
        existing = next(each for each in (folder, *folder.absolute().parents) if each.exists())
        free = shutil.disk_usage(existing).free
        text = f"{free / 1e9:,.1f} GB free in {_short(folder)}"
        yield Finding(f"{name} ({what})", text, is_problem=free < LEAST_FREE)


_CHECKS: Final[dict[str, Callable[[str], Iterator[Finding]]]] = {
    "Processor": _check_processor,
    "Model": _check_models,
    "Classifying": _check_reading,
    "Catalogue": _check_catalogue,
    "Plate solver": _check_solver,
    "Web page": _check_page,
    "Database": _check_database,
    "Disk": _check_disks,
}


def _short(path: Path) -> str:
    return str(path).replace(str(Path.home()), "~")
