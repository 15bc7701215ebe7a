"""Classifies images on a Ray cluster, as `deepsky.batch.pipeline` does on one machine."""

import logging
import os
import pickle
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

from deepsky.batch.completion import Completion, Tell
from deepsky.batch.job import Job
from deepsky.batch.journal import Journal
from deepsky.batch.outcome import FollowUp, Outcome
from deepsky.batch.pipeline import AT_ONCE
from deepsky.batch.sources import Source
from deepsky.batch.worker import Worker
from deepsky.classifier import Classifier
from deepsky.errors import ClusterError, SourceError
from deepsky.imaging import Limits
from deepsky.models.member import Member
from deepsky.models.registry import find_bundle
from deepsky.record import Record

__all__ = ["Cluster"]

CORES: Final = 4
"""Processor cores for each copy of the model, where the machines have as many."""

BLOCK: Final = 64
"""Images that are handed out, and done again where a machine is lost, at once."""

WINDOW: Final = 50_000
"""Images that are asked for before their records are written."""


class Cluster:
    """Classifies a stream of images on a Ray cluster (Ray Data, one actor a copy of the model).

    Images are loaded where they are classified, so that all machines must reach them, by the
    same path from the same folder, or by address; and deepsky must be installed there. Blocks that
    a machine takes with it when it is lost are done by another. Follow-ups and the journal stay
    on this machine.

    Parameters
    ----------
    address : str
        Of the cluster, as `ray.init` takes it; ``local`` starts one on this machine.
    job : Job
    follow_ups : sequence of callable
        What happens to each image once it is classified.
    previews : bool
        Whether a follow-up needs previews.
    journal : Journal, optional
    tell : callable, optional
        As for `deepsky.batch.pipeline.Pipeline`.

    Raises
    ------
    ClusterError
        If there is no cluster at the address, or Ray is not installed.
    """

    def __init__(
        self,
        address: str,
        job: Job,
        *,
        follow_ups: Sequence[FollowUp] = (),
        previews: bool = False,
        journal: Journal | None = None,
        tell: Tell | None = None,
    ) -> None:
        self._completion = Completion(follow_ups, journal, tell)
        _connect(address)
        machines = _processors()
        smallest = min(machines)
        cores = job.workers or min(CORES, smallest)
        if cores > smallest:
            msg = (
                f"The smallest machine of the cluster has {smallest} processor cores: "
                "give no more --workers."
            )
            raise ClusterError(msg)
        self._actors = sum(machine // cores for machine in machines)
        self._cores = cores
        self._task = _Task(
            model=job.model.name,
            model_sha256=job.model.sha256,
            folder=Path.cwd(),
            cores=cores,
            seconds=job.seconds,
            limits=job.limits,
            previews=previews,
            contents=job.in_place or bool(job.folders),
        )

    def run(self, sources: Iterable[Source]) -> Generator[Record]:
        """Classify images, once.

        Parameters
        ----------
        sources : iterable of Source

        Yields
        ------
        Record
            One a source, in the order of the sources.

        Raises
        ------
        ClusterError
            If the cluster fails.
        SourceError
            If an image can be loaded on this machine only.
        JournalError
            As the journal raises it.
        """
        import ray

        stream = iter(sources)
        try:
            while window := list(islice(stream, WINDOW)):
                known = [self._completion.find(source) for source in window]
                fresh = [s for s, record in zip(window, known, strict=True) if record is None]
                outcomes = self._classify(fresh)
                for record in known:
                    yield record or self._completion.complete(next(outcomes))
        finally:
            ray.shutdown()

    def _classify(self, sources: Sequence[Source]) -> Iterator[Outcome]:
        """Give the outcomes of sources, in order."""
        if not sources:
            return
        from ray.data import ActorPoolStrategy, from_items

        rows = [{"source": _portable(source)} for source in sources]
        with _told():
            answered = from_items(rows, override_num_blocks=ceil(len(rows) / BLOCK)).map_batches(
                _Actor,
                fn_constructor_args=(self._task,),
                batch_size=None,
                compute=ActorPoolStrategy(size=self._actors),
                num_cpus=self._cores,
            )
            for row in answered.iter_rows():
                yield pickle.loads(row["outcome"])  # noqa: S301 (made by our own actors)


@dataclass(frozen=True, slots=True)
class _Task:
    """What an actor needs to know."""

    model: str
    model_sha256: str
    folder: Path
    cores: int
    seconds: float
    limits: Limits
    previews: bool
    contents: bool


class _Actor:
    """A copy of the model on some machine, with its own processes that read.

    Raises
    ------
    ClusterError
        If the machine is not set up as the one that the run was started on.
    """

    def __init__(self, task: _Task) -> None:
        try:
            os.chdir(task.folder)  # paths are as they were given
        except OSError as error:
            msg = f"{task.folder} is not on {node()}, a machine of the cluster: share the folder."
            raise ClusterError(msg) from error
        bundle = find_bundle(task.model)
        if bundle.sha256 != task.model_sha256:
            msg = f"{node()}, a machine of the cluster, has another {task.model}: install the same."
            raise ClusterError(msg)
        classifier = Classifier(bundle, load_member=partial(Member, streams=task.cores))
        self._worker = Worker(
            classifier,
            processes=task.cores,
            seconds=task.seconds,
            limits=task.limits,
            previews=task.previews,
        )
        self._threads = ThreadPoolExecutor(AT_ONCE * task.cores, "deepsky-batch")
        self._contents = task.contents

    def __call__(self, block: dict[str, Any]) -> dict[str, Any]:
        """Classify a block of packed sources into packed outcomes."""
        return {"outcome": list(self._threads.map(self._classify, block["source"]))}

    def _classify(self, packed: bytes) -> bytes:
        outcome = self._worker.classify(pickle.loads(packed))  # noqa: S301 (packed by this module)
        if not self._contents and isinstance(outcome.content, bytes):
            outcome = replace(outcome, content=None)
        return _packed(outcome)


def _packed(what: Source | Outcome) -> bytes:
    from ray import cloudpickle

    packed: bytes = cloudpickle.dumps(what)  # type: ignore[no-untyped-call]
    return packed


def _portable(source: Source) -> bytes:
    """Pack a source for another machine."""
    try:
        return _packed(source)
    except TypeError as error:
        msg = (
            f"{source.name} is in an archive, which cannot be shared out over a cluster. "
            "Unpack the archive, or run without --ray."
        )
        raise SourceError(msg) from error


def _connect(address: str) -> None:
    """Reach a cluster, or start one on this machine; Ray tells of warnings and errors only."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    try:
        import ray
        from ray.data import DataContext
    except ModuleNotFoundError as error:
        msg = "A cluster needs Ray. Install it: pip install 'deepsky[cluster]'."
        raise ClusterError(msg) from error
    try:
        ray.init(address, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, RuntimeError, ValueError) as error:
        msg = f"There is no Ray cluster at {address}: {error}"
        raise ClusterError(msg) from error
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    context = DataContext.get_current()
    context.enable_progress_bars = False
    context.execution_options.preserve_order = True


def _processors() -> list[int]:
    """Count the processor cores of each machine that has some for this run."""
    import ray

    nodes = ray.nodes()  # type: ignore[no-untyped-call]
    cores = [int(one["Resources"].get("CPU", 0)) for one in nodes if one["Alive"]]
    if not any(cores):
        msg = "No machine of the cluster has processor cores to give: add some (--num-cpus)."
        raise ClusterError(msg)
    return [some for some in cores if some]


@contextmanager
def _told() -> Iterator[None]:
    """Tell in words for people why a cluster fails."""
    from ray.exceptions import RayError

    try:
        yield
    except RayError as error:
        cause = getattr(error, "cause", None)
        raise ClusterError(str(cause or error)) from error
