"""Check a job before it is run."""

import os
import stat
from contextlib import suppress
from itertools import product
from pathlib import Path

from deepsky.batch.archives import is_archive
from deepsky.batch.discovery import LIST, STANDARD_INPUT, check_sources
from deepsky.batch.job import Job
from deepsky.batch.output_paths import common_folder
from deepsky.batch.remote import is_address
from deepsky.batch.writers import BINARY
from deepsky.errors import JobError, UnsupportedFormatError
from deepsky.imaging.display.stretch_choice import check_stretch
from deepsky.imaging.formats import HEAD_BYTES, detect_format
from deepsky.sky.solving import check_solver

__all__ = ["check_job", "check_ranges", "resolve_output"]


def check_job(job: Job) -> None:
    """Check that the options of a job are valid and that no output can overwrite an image.

    Parameters
    ----------
    job : Job

    Raises
    ------
    JobError
        If options are missing, out of range or contradictory, or if an output would overwrite an
        image or another output.
    SolverError
        If the plate solver is not installed.
    SourceError
        If a list of images cannot be read, or if the library required for a URL is not installed.
    """
    check_ranges(job)
    _check_paths(job)
    _check_options(job)
    _check_output(job)
    _check_folders(job)
    _check_summary(job)


def check_ranges(job: Job) -> None:
    """Check that the numbers in a job are in their valid ranges, its stretch and its solver.

    Parameters
    ----------
    job : Job

    Raises
    ------
    JobError
        If a number is out of range, or if there is no stretch or solver with the given name.
    SolverError
        If the plate solver is not installed.
    """
    if job.workers is not None and job.workers < 1:
        msg = f"The number of workers must be at least 1, not {job.workers}."
        raise JobError(msg)
    if not job.seconds > 0:
        msg = f"The time limit must be greater than 0 seconds, not {job.seconds:g}."
        raise JobError(msg)
    if not 0 <= job.min_confidence <= 1:
        msg = f"The minimum confidence must be between 0 and 1, not {job.min_confidence:g}."
        raise JobError(msg)
    if not job.solve_seconds > 0:
        msg = f"The time limit of --solve must be greater than 0, not {job.solve_seconds:g}."
        raise JobError(msg)
    try:
        check_stretch(job.stretch)
        check_solver(job.solve)
    except ValueError as error:
        raise JobError(str(error)) from error
    if job.solve != "never" and not job.ray:  # each machine of a cluster checks it itself
        from deepsky.sky.solvers import choose_solver  # astropy is slow to import

        choose_solver(job.solve)


def _check_paths(job: Job) -> None:
    if not job.paths:
        msg = "No images given. Specify files, folders or a list of images."
        raise JobError(msg)
    if STANDARD_INPUT in job.paths and not os.path.lexists(STANDARD_INPUT):
        msg = (
            "Images cannot be read from standard input. "
            "To read a list of paths from it, use --from - (or the path '@-')."
        )
        raise JobError(msg)
    check_sources(job.paths)


def _check_options(job: Job) -> None:
    if job.archive_encoding is not None and not _is_encoding(job.archive_encoding):
        msg = f"Unknown encoding: {job.archive_encoding}. Use a name such as cp932, gbk or cp1251."
        raise JobError(msg)
    if job.placing and not job.sort_into:
        msg = "--placing requires a folder to sort into (--sort-into)."
        raise JobError(msg)
    if job.tag_into and job.in_place:
        msg = "Write sidecars to a folder (--tag) or next to the images (--in-place), not both."
        raise JobError(msg)
    if job.restart and not job.output:
        msg = "Restarting a run requires an output file (--output)."
        raise JobError(msg)
    if job.ray and job.stream:  # Ray prints its own messages to standard output
        msg = "A run on a Ray cluster requires an output file (--output)."
        raise JobError(msg)
    if job.format in BINARY and job.stream and job.stream.isatty():
        msg = f"{job.format} output cannot be shown in a terminal. Specify a file (--output)."
        raise JobError(msg)


def _is_encoding(name: str) -> bool:
    try:
        return b"a".decode(name) == "a"
    except (LookupError, ValueError):
        return False


def _check_output(job: Job) -> None:
    """Raise an error if the output is an existing image or archive, or one of the input lists.

    For example, the shell expands ``--output *.jpg`` to the paths of all matching images, so the
    run would overwrite the first image.
    """
    if job.output and (_is_list(job.output, job) or _is_image(job.output)):
        msg = (
            f"{job.output} is an image, an archive or a list of images. Choose another output file."
        )
        raise JobError(msg)


def _is_list(output: Path, job: Job) -> bool:
    lists = (path[len(LIST) :] for path in job.paths if isinstance(path, str) and path[:1] == LIST)
    real = os.path.realpath(output)
    return any(os.path.realpath(path) == real for path in lists)


def _is_image(output: Path) -> bool:
    if not os.path.isfile(output):  # noqa: PTH113 (Path.is_file raises if a name is too long)
        return False
    with suppress(OSError, UnsupportedFormatError), output.open("rb") as file:
        detect_format(file.read(HEAD_BYTES))
        return True
    return is_archive(output.name)


def _check_folders(job: Job) -> None:
    if len({folder.resolve() for folder in job.folders}) < len(job.folders):
        msg = "Two outputs use the same folder. Choose a separate folder for each."
        raise JobError(msg)
    for folder, path in product(job.folders, job.paths):
        if not (isinstance(path, str) and is_address(path)):
            inputs = Path(*common_folder([path]))
            if os.path.exists(inputs) and inputs.resolve().is_relative_to(folder.resolve()):  # noqa: PTH110
                msg = f"{path} is inside the output folder {folder}. Choose another output folder."
                raise JobError(msg)


def _check_summary(job: Job) -> None:
    """Raise an error if the summary would replace files of the user."""
    if job.summary_into is None or not job.summary_into.is_dir():
        return
    from deepsky.batch.summary_page import find_other_files  # this module is slow to import

    if others := find_other_files(job.summary_into, job.bundle.card.labels):
        msg = (
            f"{others[0]} already exists and is not part of an earlier summary. Choose another "
            "folder for the summary."
        )
        raise JobError(msg)


def resolve_output(path: Path) -> Path:
    """Return the path of the output file, or its target if it is a symbolic link.

    Parameters
    ----------
    path : Path
        Path of the output file, as given by the user.

    Returns
    -------
    Path

    Raises
    ------
    JobError
        If the path exists and is write-protected or not a regular file, such as a folder or a
        device.
    """
    try:
        # Check this before resolving the link: the target of /dev/stdout can be a pipe without a
        # path.
        is_other = path.exists() and not path.is_file()
        path = path if is_other or not path.is_symlink() else path.resolve()
    except OSError as error:
        msg = f"Cannot write {path}: {error.strerror}. Choose another output file."
        raise JobError(msg) from error
    if is_other:
        msg = f"{path} is not a regular file; omit --output and redirect standard output instead."
        raise JobError(msg)
    if path.exists() and not (path.stat().st_mode & stat.S_IWUSR and os.access(path, os.W_OK)):
        msg = f"{path} is write-protected. Change its permissions, or choose another output file."
        raise JobError(msg)
    return path
