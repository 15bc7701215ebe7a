"""Writes model cards: everything there is to know of a model, generated, never typed.

After M. Mitchell et al., "Model Cards for Model Reporting", FAT* 2019.
"""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from deepsky.taxonomy import LABELS
from deepsky.training.manifest import Example
from deepsky.training.splits import SPLITS, Split

__all__ = ["card_text", "describe_data", "describe_software", "read_history"]


def describe_data(
    examples: Sequence[Example], splits: Sequence[Split], fields: Sequence[int]
) -> dict[str, Any]:
    """Count pictures and fields of sky in each split, and the sources with their licences."""
    members = {split: [i for i, own in enumerate(splits) if own == split] for split in SPLITS}
    sources = Counter((example.source, example.licence) for example in examples)
    return {
        "splits": {
            split: {
                "pictures": len(indices),
                "objects": len({fields[i] for i in indices}),
                "labels": {k: sum(examples[i].label == k for i in indices) for k in LABELS},
            }
            for split, indices in members.items()
        },
        "sources": [
            {"source": source, "licence": licence, "pictures": count}
            for (source, licence), count in sources.most_common()
        ],
    }


def describe_software() -> dict[str, str]:
    """Versions of what trained the model."""
    return {name: version(name) for name in ("deepsky", "keras", "tensorflow", "openvino")}


def read_history(path: Path) -> list[dict[str, float]]:
    """Read a training log, one entry an epoch."""
    with path.open(newline="", encoding="utf-8") as file:
        return [{k: float(v) for k, v in row.items()} for row in csv.DictReader(file)]


def card_text(card: Mapping[str, Any]) -> str:
    """Tell a card as Markdown.

    Parameters
    ----------
    card : mapping
        The card as ``card.json`` holds it.
    """
    test, validation = card["metrics"]["test"], card["metrics"]["validation"]
    data, recipe = card["data"], card["training"]["recipe"]
    sections = [
        f"# {card['title']} ({card['name']} {card['version']})",
        "Tells whether a picture shows a galaxy, a nebula, a star cluster or no deep-sky object.\n"
        "This page is generated from `card.json`.",
        "## How good it is",
        f"On {test['pictures']} test pictures of {test['objects']} fields of sky that it was not "
        "trained on. Intervals are 95 %, from drawing fields with replacement.",
        _table(
            ("figure", "value", "95 % interval"),
            [
                ("accuracy", *_interval(test["accuracy"])),
                ("macro-F1", *_interval(test["macro_f1"])),
                (
                    "accuracy, either class of a mixed picture right",
                    *_interval(test["fair"]["accuracy"]),
                ),
                (
                    "macro-F1, either class of a mixed picture right",
                    *_interval(test["fair"]["macro_f1"]),
                ),
                ("accuracy, each object weighing alike", f"{test['accuracy_by_object']:.3f}", ""),
                ("expected calibration error", f"{test['expected_calibration_error']:.3f}", ""),
                ("right label in the prediction set", f"{test['coverage']['overall']:.3f}", ""),
                ("labels in a prediction set, mean", f"{test['mean_set_size']:.2f}", ""),
            ],
        ),
        _table(
            ("class", "pictures", "precision", "recall", "F1", "95 % interval"),
            [
                (
                    k,
                    v["pictures"],
                    f"{v['precision']:.3f}",
                    f"{v['recall']:.3f}",
                    *_interval(v["f1"]),
                )
                for k, v in test["per_class"].items()
            ],
        ),
        "Confusion (rows: what the picture shows; columns: the answer):",
        _table(
            ("", *LABELS), [(k, *row) for k, row in zip(LABELS, test["confusion"], strict=True)]
        ),
        f"How much such a figure depends on which objects are asked for: on the "
        f"{validation['pictures']} validation pictures of {validation['objects']} other fields, "
        "which chose the input size and the calibration, macro-F1 is "
        f"{' ('.join(_interval(validation['macro_f1']))}).",
        "## What it is for",
        card["use"]["intended"],
        "## Where it fails",
        card["use"]["limits"],
        "## How it was made",
        f"ImageNet weights, {recipe['head_epochs']} epochs of the head and {recipe['epochs']} of "
        f"the whole network, seed {recipe['seed']}; {card['network']['parameters']:,} parameters; "
        f"pictures are scaled to {card['input']['size']} pixels. The curves are in `card.json`.",
        "## Data",
        "No field of sky stands in two splits.",
        _table(
            ("split", "pictures", "fields", *LABELS),
            [
                (split, v["pictures"], v["objects"], *v["labels"].values())
                for split, v in data["splits"].items()
            ],
        ),
        _table(
            ("source", "pictures", "licence as stated there"),
            [(v["source"], v["pictures"], v["licence"]) for v in data["sources"]],
        ),
        "## Licence",
        f"{card['licence']} for the network; the pictures are their owners'.",
    ]
    return "\n\n".join(sections) + "\n"


def _interval(estimate: Mapping[str, float]) -> tuple[str, str]:
    return f"{estimate['value']:.3f}", f"{estimate['low']:.3f} to {estimate['high']:.3f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)
