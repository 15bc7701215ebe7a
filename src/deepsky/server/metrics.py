"""Prometheus metrics: requests, durations of classification stages, and queue length."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING, Final, Literal

from apiflask import APIBlueprint, APIFlask
from flask import Response, current_app, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import generate_latest

from deepsky.server.problems import problems

if TYPE_CHECKING:
    from deepsky.server.admission import Admission

__all__ = ["Metrics", "Stage", "blueprint", "register_metrics"]

Stage = Literal["read", "decode", "infer", "store"]
"""Stages of a classification: receive the upload, decode it, run the model, store the result."""

SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
"""Upper bounds of the histogram buckets, in seconds."""

CONVERTER: Final = re.compile(r"(?<=<)[^<>]*:")
"""Converter of a variable in a route, such as ``int:`` in ``<int:level>``; labels omit it."""

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""HTTP methods that have their own metric label. All other methods share one label.

Clients can send arbitrary methods, and a separate label for each would occupy memory permanently.
"""

blueprint = APIBlueprint("metrics", __name__, url_prefix="/api/v1/metrics")


class Metrics:
    """Metrics of one server.

    Parameters
    ----------
    admission : Admission
        Admission control for classifications. Its slots are reported as metrics.
    """

    def __init__(self, admission: "Admission") -> None:
        self.registry = CollectorRegistry()
        self._requests = Histogram(
            "deepsky_request_seconds",
            "Duration of requests in seconds.",
            ["method", "route", "status"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self._stages = Histogram(
            "deepsky_stage_seconds",
            "Duration of each stage of a classification in seconds.",
            ["stage"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self._classifications = Counter(
            "deepsky_classifications",
            "Number of classifications.",
            ["model", "model_sha256", "label", "verdict"],
            registry=self.registry,
        )
        busy = Gauge(
            "deepsky_queue_taken",
            "Number of classifications waiting or in progress.",
            registry=self.registry,
        )
        busy.set_function(lambda: admission.taken)
        places = Gauge(
            "deepsky_queue_places",
            "Maximum number of classifications waiting or in progress.",
            registry=self.registry,
        )
        places.set(admission.slots)

    @contextmanager
    def stage(self, stage: Stage) -> Iterator[None]:
        """Measure the duration of a stage in a ``with`` block; failed stages are not recorded.

        Parameters
        ----------
        stage : {"read", "decode", "infer", "store"}
        """
        started = perf_counter()
        yield
        self._stages.labels(stage).observe(perf_counter() - started)

    def count_classification(self, model: str, model_sha256: str, label: str, verdict: str) -> None:
        """Count a classification.

        Parameters
        ----------
        model, model_sha256, label, verdict : str
        """
        self._classifications.labels(model, model_sha256, label, verdict).inc()

    def count_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request and its duration.

        Parameters
        ----------
        method, route : str
        status : int
        seconds : float
        """
        self._requests.labels(method, route, str(status)).observe(seconds)


def register_metrics(app: APIFlask) -> None:
    """Register functions that count and time every request to an application.

    Parameters
    ----------
    app : APIFlask
    """
    app.before_request(_start)
    app.after_request(_count)


@blueprint.get("")
@blueprint.output({}, content_type="text/plain", description="Prometheus text format")
@blueprint.doc(operation_id="getMetrics", responses=problems(401))
def show() -> Response:
    """Get the metrics of the server in the Prometheus text format."""
    return Response(generate_latest(_metrics().registry), content_type=CONTENT_TYPE_LATEST)


def _metrics() -> Metrics:
    metrics: Metrics = current_app.extensions["deepsky"].metrics
    return metrics


def _start() -> None:
    g.started = perf_counter()


def _count(response: Response) -> Response:
    route = CONVERTER.sub("", request.url_rule.rule) if request.url_rule else "none"
    seconds = perf_counter() - g.get("started", perf_counter())
    method = request.method if request.method in METHODS else "other"
    _metrics().count_request(method, route, response.status_code, seconds)
    return response
