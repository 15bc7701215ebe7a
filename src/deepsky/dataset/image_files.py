"""Brings a manifest's images together again from where they were published."""

import re
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import imagehash
from PIL import Image

from deepsky.dataset.manifest import Row
from deepsky.errors import DatasetError, DeepskyError
from deepsky.imaging import read_image

__all__ = ["ImageProblem", "check_images", "fetch_images"]

LONGEST_SIDE: Final = 512
QUALITY: Final = 76
"""What the images were scaled to and stored with when the manifest was made."""

COMMIT: Final = re.compile("[0-9a-f]{7,40}")

PATHS: Final = ("path", "source_path")

GITHUB: Final = "https://github.com/{}.git"

ALIKE_BITS: Final = 8
"""Perceptual hashes of one image, scaled and compressed again, differ in no more bits."""


@dataclass(frozen=True, slots=True)
class ImageProblem:
    """An image that is not as the manifest says."""

    path: str
    message: str


def fetch_images(
    rows: Sequence[Row],
    images: Path,
    packages: Path | None = None,
    github: str = GITHUB,
) -> Iterator[ImageProblem]:
    """Fetch the images that are not there yet, scale and store them.

    Parameters
    ----------
    rows : sequence of dict
        Rows of a manifest, with ``path``, ``source`` and ``source_path``.
    images : Path
        Folder to store them in.
    packages : Path, optional
        Folder with the unpacked packages that some sources are.
    github : str
        Address of a repository, with ``{}`` for its owner and name.

    Yields
    ------
    ImageProblem
        An image that could not be had, and why. The others are stored all the same.
    """
    missing: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if any(".." in Path(row[k]).parts or Path(row[k]).is_absolute() for k in PATHS):
            yield ImageProblem(row["path"], "Its path or source_path leads out of its folder.")
        elif not (images / row["path"]).exists():
            missing[row["source"]].append(row)
    for source, wanted in missing.items():
        if source.startswith("github:"):
            repository, _, commit = source.removeprefix("github:").partition("@")
            if not COMMIT.fullmatch(commit):
                message = f"Its source {source} does not end in @COMMIT."
                yield from (ImageProblem(row["path"], message) for row in wanted)
                continue
            with tempfile.TemporaryDirectory() as folder:
                try:
                    _check_out(github.format(repository), commit, wanted, Path(folder))
                except DatasetError as error:
                    yield from (ImageProblem(row["path"], str(error)) for row in wanted)
                    continue
                files = {row["source_path"]: Path(folder) / row["source_path"] for row in wanted}
                yield from _store_all(wanted, files, images)
        elif packages is None:
            message = f"It comes from {source}: unpack that and name the folder with --packages."
            yield from (ImageProblem(row["path"], message) for row in wanted)
        else:
            yield from _store_all(wanted, _find(packages, wanted), images)


def _check_out(address: str, commit: str, wanted: Iterable[Row], folder: Path) -> None:
    """Get those files of a repository that are wanted, as of a commit."""
    _git("clone", "--quiet", "--filter=blob:none", "--no-checkout", "--", address, str(folder))
    there = _git("-C", str(folder), "ls-tree", "-rz", "--name-only", commit, "--").split("\0")
    paths = {row["source_path"] for row in wanted} & set(there)
    if paths:
        checkout = ("checkout", "--quiet", "--pathspec-from-file=-", "--pathspec-file-nul", commit)
        _git("--literal-pathspecs", "-C", str(folder), *checkout, given="\0".join(sorted(paths)))


def _git(*arguments: str, given: str = "") -> str:
    command = ["git", *arguments]
    try:
        done = subprocess.run(command, input=given, text=True, check=True, capture_output=True)  # noqa: S603
    except FileNotFoundError as error:
        msg = "Git is needed to fetch images. Install it."
        raise DatasetError(msg) from error
    except subprocess.CalledProcessError as error:
        msg = f"Git cannot fetch it: {error.stderr.strip()}"
        raise DatasetError(msg) from error
    return done.stdout


def _find(packages: Path, wanted: Iterable[Row]) -> dict[str, Path]:
    """Find files whose path ends as asked, at whatever depth the package was unpacked."""
    names = {Path(row["source_path"]).name for row in wanted}
    there = [path for path in packages.rglob("*") if path.name in names]
    return {
        row["source_path"]: path
        for row in wanted
        for path in there
        if path.as_posix().endswith("/" + row["source_path"])
    }


def _store_all(
    wanted: Iterable[Row], files: Mapping[str, Path], images: Path
) -> Iterator[ImageProblem]:
    for row in wanted:
        file = files.get(row["source_path"])
        if file is None or not file.is_file():
            yield ImageProblem(row["path"], f"{row['source']} has no file {row['source_path']}.")
            continue
        try:
            _store(file, images / row["path"])
        except (DeepskyError, OSError) as error:
            yield ImageProblem(row["path"], str(error))


def _store(file: Path, path: Path) -> None:
    image = Image.fromarray(read_image(file).pixels)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, "JPEG", quality=QUALITY)


def check_images(rows: Iterable[Row], images: Path) -> Iterator[ImageProblem]:
    """Compare images with a manifest.

    Parameters
    ----------
    rows : iterable of dict
        Rows of a manifest, with ``path`` and ``phash``.
    images : Path

    Yields
    ------
    ImageProblem
        An image that is missing, cannot be read, or is another one by its perceptual hash.
    """
    for row in rows:
        path = images / row["path"]
        if not path.is_file():
            yield ImageProblem(row["path"], "It is missing: deepsky dataset build fetches it.")
            continue
        try:
            found = imagehash.phash(Image.fromarray(read_image(path).pixels))
        except DeepskyError as error:
            yield ImageProblem(row["path"], str(error))
            continue
        apart = (int(str(found), 16) ^ int(row["phash"], 16)).bit_count()
        if apart > ALIKE_BITS:
            yield ImageProblem(
                row["path"], f"It is another image: its hash differs by {apart} bits."
            )
