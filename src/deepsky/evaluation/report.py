"""Write evaluation reports."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from deepsky import __version__
from deepsky.evaluation.mistakes import draw_mistakes
from deepsky.evaluation.plots import draw_plots

__all__ = ["write_report"]


def write_report(evaluation: Mapping[str, Any], manifest: str, folder: Path) -> None:
    """Write an evaluation as ``metrics.json`` and as ``report.html`` with plots.

    Parameters
    ----------
    evaluation : mapping
        The result of `evaluate_all`.
    manifest : str
        Name of the manifest, shown in the report.
    folder : Path
        Folder for the files. It is created if it does not exist.
    """
    folder.mkdir(parents=True, exist_ok=True)
    report = {"deepsky": __version__, "manifest": manifest, **evaluation}
    text = json.dumps(report, indent=1, ensure_ascii=False)
    (folder / "metrics.json").write_text(text + "\n", encoding="utf-8")
    draw_plots(report, folder)
    for name, model in report["models"].items():
        draw_mistakes(model["mistakes"], folder / f"mistakes-{name}.jpg")
    environment = Environment(
        loader=PackageLoader("deepsky.evaluation"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("report.html").render(**report)
    (folder / "report.html").write_text(page, encoding="utf-8")
