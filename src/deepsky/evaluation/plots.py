"""Draw plots for evaluation reports."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

__all__ = ["draw_plots"]


def draw_plots(report: Mapping[str, Any], folder: Path) -> None:
    """Draw confusion matrices, reliability diagrams and ROC curves of all models.

    The plots are written to ``confusion.svg``, ``reliability.svg`` and, for the test split,
    ``novelty.svg``.

    Parameters
    ----------
    report : mapping
        The result of `evaluate_all`.
    folder : Path
        Existing folder where the plots are written.
    """
    models = {name: model["metrics"] for name, model in report["models"].items()}
    titles = {name: model["title"] for name, model in report["models"].items()}
    # The fixed salt and the omission of the date make the SVG files reproducible.
    with mpl.rc_context({"svg.hashsalt": "deepsky", "svg.fonttype": "none"}):
        for name, draw in (("confusion", _confusion), ("reliability", _reliability)):
            figure = Figure(figsize=(3.6 * len(models), 3.6), layout="constrained")
            panels = np.atleast_1d(figure.subplots(1, len(models)))
            for panel, (model, metrics) in zip(panels, models.items(), strict=True):
                draw(panel, metrics)
                panel.set_title(titles[model])
            figure.savefig(folder / f"{name}.svg", metadata={"Date": None})
        if report["split"] == "test":
            figure = Figure(figsize=(4.6, 4.2), layout="constrained")
            _novelty(figure.subplots(), {titles[name]: models[name] for name in models})
            figure.savefig(folder / "novelty.svg", metadata={"Date": None})


def _confusion(axes: Axes, metrics: Mapping[str, Any]) -> None:
    counts = np.array(metrics["confusion"])
    proportions = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(proportions, cmap="Blues", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(counts):
        colour = "white" if proportions[row, column] > 0.5 else "black"
        axes.text(column, row, str(count), ha="center", va="center", color=colour)
    names = [label.replace("_", " ") for label in metrics["per_class"]]
    axes.set_xticks(range(len(names)), names, rotation=30, ha="right")
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("predicted label")
    axes.set_ylabel("label")


def _reliability(axes: Axes, metrics: Mapping[str, Any]) -> None:
    bins = metrics["reliability"]
    confidence = [row["confidence"] for row in bins]
    value = np.array([row["value"] for row in bins])
    interval = np.array([[row["low"], row["high"]] for row in bins])
    errors = np.abs(interval.T - value)
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    axes.errorbar(confidence, value, errors, fmt="o", markersize=4, capsize=2)
    axes.set(xlim=(0, 1.02), ylim=(0, 1.02), aspect="equal")
    axes.set_xlabel("confidence")
    axes.set_ylabel("proportion of correct predictions")


def _novelty(axes: Axes, models: Mapping[str, Mapping[str, Any]]) -> None:
    for title, metrics in models.items():
        novelty = metrics["out_of_distribution"]
        roc = novelty["roc"]
        label = f"{title}: {novelty['auroc']:.3f}"
        axes.plot(roc["false_positive_rate"], roc["true_positive_rate"], label=label)
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    axes.set_xlabel("false positive rate (deep-sky images)")
    axes.set_ylabel("true positive rate (out-of-distribution images)")
    axes.legend(title="area under the curve", loc="lower right")
