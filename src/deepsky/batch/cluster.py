"""Classify many images on a Ray cluster, with results in the order of the sources."""

import logging
import os
import pickle
import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from math import ceil
from pathlib import Path
from platform import node
from typing import Any, Final

from deepsky.batch.actions import Action, Result, finish
from deepsky.batch.job import Job
from deepsky.batch.journal import Journal
from deepsky.batch.outcome import Outcome
from deepsky.batch.pipeline import THREADS_PER_READER
from deepsky.batch.source_classifier import SourceClassifier
from deepsky.batch.sources import Source
from deepsky.classifier import Classifier
from deepsky.errors import ClusterError, SourceError
from deepsky.imaging import Limits
from deepsky.imaging.display.stretch_choice import StretchChoice
from deepsky.imaging.preview_kind import PreviewKind
from deepsky.models.member import Member
from deepsky.models.registry import find_bundle
from deepsky.sky.solving import SolverChoice

__all__ = ["Cluster"]

CORES: Final = 4
"""Default number of CPU cores per copy of the model, unless a machine has fewer cores."""

BLOCK: Final = 64
"""Number of images per Ray Data block. If a machine is lost, its blocks are classified again."""

WINDOW: Final = 50_000
"""Number of sources per group. Groups are passed to Ray one after the other."""


class Cluster:
    """Classifies a stream of images on a Ray cluster (Ray Data, one actor per copy of the model).

    Each machine loads the images that it classifies. All machines must therefore have deepsky
    installed, and the images must be given either by URL or by paths that are valid on all
    machines. Relative paths refer to the folder in which the run was started, which must exist on
    all machines. If a machine is lost, other machines classify its images again. Actions are
    called, and the journal is written, on the machine that starts the run.

    Parameters
    ----------
    job : Job
        The job to run; its attribute `ray` is the address of the cluster.
    actions : sequence of Action
        Called for each image after it is classified.
    journal : Journal, optional
        Journal of the run. Images that have a record in the journal are not classified again.

    Raises
    ------
    ClusterError
        If no cluster can be reached at the address, if the machines of the cluster have too few CPU
        cores, or if Ray is not installed.
    """

    def __init__(
        self, job: Job, actions: Sequence[Action] = (), journal: Journal | None = None
    ) -> None:
        self._actions = actions
        self._journal = journal
        _connect(job.ray or "local")
        machines = _count_cores()
        smallest = min(machines)
        cores = job.workers or min(CORES, smallest)
        if cores > smallest:
            msg = (
                f"A machine in the cluster has only {smallest} CPU cores; "
                f"set the number of workers to at most {smallest}."
            )
            raise ClusterError(msg)
        self._actors = sum(machine // cores for machine in machines)
        self._cores = cores
        self._task = _Task(
            model=job.bundle.directory.name,  # the folder's name; the name in the card can differ
            model_sha256=job.bundle.sha256,
            folder=Path.cwd(),
            cores=cores,
            seconds=job.seconds,
            limits=job.limits,
            preview=job.preview,
            stretch=job.stretch,
            solve=job.solve,
            solve_seconds=job.solve_seconds,
            contents=job.in_place or bool(job.folders),
        )

    def run(self, sources: Iterable[Source]) -> Generator[Result]:
        """Classify images. Call this method only once.

        Parameters
        ----------
        sources : iterable of Source

        Yields
        ------
        Result
            One per source, in the order of the sources.

        Raises
        ------
        ClusterError
            If the cluster fails.
        SourceError
            If an image, such as an archive member, can be loaded only on this machine.
        JournalError
            If the journal cannot be read or written.
        """
        import ray

        stream = iter(sources)
        try:
            while window := list(islice(stream, WINDOW)):
                known = [self._journal.find(s) if self._journal else None for s in window]
                fresh = [s for s, record in zip(window, known, strict=True) if record is None]
                outcomes = self._classify(fresh)
                for record in known:
                    if record is not None:
                        yield Result(record, is_resumed=True)
                    else:
                        yield finish(next(outcomes), self._actions, self._journal)
        finally:
            ray.shutdown()

    def _classify(self, sources: Sequence[Source]) -> Iterator[Outcome]:
        """Classify sources, and yield their outcomes in the order of the sources."""
        if not sources:
            return
        from ray.data import ActorPoolStrategy, from_items

        rows = [{"source": _portable(source)} for source in sources]
        with _ray_errors():
            outcomes = from_items(rows, override_num_blocks=ceil(len(rows) / BLOCK)).map_batches(
                _Actor,
                fn_constructor_args=(self._task,),
                batch_size=None,
                compute=ActorPoolStrategy(size=self._actors),
                num_cpus=self._cores,
            )
            for row in outcomes.iter_rows():
                yield pickle.loads(row["outcome"])  # noqa: S301 (pickled by our own actors)


@dataclass(frozen=True, slots=True)
class _Task:
    """Settings for a Ray actor."""

    model: str
    model_sha256: str
    folder: Path
    cores: int
    seconds: float
    limits: Limits
    preview: PreviewKind | None
    stretch: StretchChoice
    solve: SolverChoice
    solve_seconds: float
    contents: bool


class _Actor:
    """A copy of the model on one machine, with its own reader processes.

    Raises
    ------
    ClusterError
        If the folder in which the run was started does not exist on this machine, or if this
        machine has a different model.
    SolverError
        If the plate solver is not installed on this machine.
    """

    def __init__(self, task: _Task) -> None:
        try:
            os.chdir(task.folder)  # image paths may be relative to this folder
        except OSError as error:
            msg = (
                f"The folder {task.folder} does not exist on {node()}. "
                "Make it available on all machines of the cluster."
            )
            raise ClusterError(msg) from error
        bundle = find_bundle(task.model)
        if bundle.sha256 != task.model_sha256:
            msg = (
                f"The model {task.model} on {node()} differs from the model on the machine "
                "that started the run. Install the same model on all machines."
            )
            raise ClusterError(msg)
        self._classifier = SourceClassifier(
            partial(Classifier, bundle, load_member=partial(Member, streams=task.cores)),
            processes=task.cores,
            seconds=task.seconds,
            limits=task.limits,
            preview=task.preview,
            stretch=task.stretch,
            solve=task.solve,
            solve_seconds=task.solve_seconds,
        )
        self._threads = ThreadPoolExecutor(THREADS_PER_READER * task.cores, "deepsky-batch")
        self._contents = task.contents

    def __call__(self, block: dict[str, Any]) -> dict[str, Any]:
        """Classify a block of pickled sources and return pickled outcomes."""
        return {"outcome": list(self._threads.map(self._classify, block["source"]))}

    def _classify(self, pickled: bytes) -> bytes:
        source = pickle.loads(pickled)  # noqa: S301 (pickled by this module)
        outcome = self._classifier.classify(source)
        if not self._contents and isinstance(outcome.content, bytes):
            outcome = replace(outcome, content=None)
        return _pickle(outcome)


def _pickle(value: Source | Outcome) -> bytes:
    from ray import cloudpickle

    pickled: bytes = cloudpickle.dumps(value)  # type: ignore[no-untyped-call]
    return pickled


def _portable(source: Source) -> bytes:
    """Pickle a source to send it to another machine."""
    try:
        return _pickle(source)
    except TypeError as error:
        msg = (
            f"{source.name} is in an archive. Archives cannot be distributed over a cluster: "
            "extract the archive, or run without Ray."
        )
        raise SourceError(msg) from error


def _connect(address: str) -> None:
    """Connect to a Ray cluster, or start one on this machine; limit Ray's log to errors."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    try:
        import ray
        from ray.data import DataContext
    except ModuleNotFoundError as error:
        msg = "Running on a cluster requires Ray. Install it: pip install 'deepsky[cluster]'."
        raise ClusterError(msg) from error
    try:
        ray.init(address, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, RuntimeError, ValueError) as error:
        msg = f"Cannot connect to a Ray cluster at {address}: {error}"
        raise ClusterError(msg) from error
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)  # errors are raised
    context = DataContext.get_current()
    context.enable_progress_bars = False
    context.execution_options.preserve_order = True


def _count_cores() -> list[int]:
    """Return the number of CPU cores of each machine, omitting machines without CPU cores."""
    import ray

    nodes = ray.nodes()  # type: ignore[no-untyped-call]
    cores = [int(machine["Resources"].get("CPU", 0)) for machine in nodes if machine["Alive"]]
    if not any(cores):
        msg = "The cluster has no CPU cores. Add a machine with CPU cores (ray start --num-cpus)."
        raise ClusterError(msg)
    return [count for count in cores if count]


@contextmanager
def _ray_errors() -> Iterator[None]:
    """Convert Ray errors to `ClusterError`."""
    from ray.exceptions import RayError

    try:
        yield
    except RayError as error:
        cause = getattr(error, "cause", None)
        raise ClusterError(_message(str(cause or error))) from error


def _message(text: str) -> str:
    """Return the message of an error of deepsky that ends a traceback, or else the whole text."""
    return re.split(r"^deepsky\.errors\.\w+: ", text, flags=re.MULTILINE)[-1]
