r"""What each choice of the recipe is worth: macro-F1 on the validation split without it.

Each line is a training, so this takes hours; an interrupted run goes on where it stopped.

    python benchmarks/ablation.py dataset/manifest.csv --pictures DIR \
        --backbone-weights FILE --epochs 4
"""

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from deepsky.dataset.manifest import read_manifest
from deepsky.dataset.progress import chunks
from deepsky.dataset.splits import members, sky_fields, with_splits
from deepsky.evaluation.answers import Answers
from deepsky.evaluation.metrics import measure
from deepsky.models.calibration import softmax
from deepsky.training.augmentation import STEPS
from deepsky.training.backbones import BACKBONES, find_backbone
from deepsky.training.datasets import plain_pictures
from deepsky.training.fitting import Recipe, fit


def main() -> None:
    """Train without each choice, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--model", choices=list(BACKBONES), default="efficientnet")
    parser.add_argument("--backbone-weights", default="imagenet")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--output", type=Path, default=Path("runs/ablation"))
    arguments = parser.parse_args()
    backbone = find_backbone(arguments.model)
    full = Recipe(epochs=arguments.epochs)
    stages = len(backbone.stages)
    variants = {
        "frozen": replace(full, epochs=0),
        "last stage": replace(full, frozen_stages=stages - 1),
        "last two stages": replace(full, frozen_stages=stages - 2),
        "all stages": full,
        **{f"without {step}": replace(full, without=(step,)) for step in STEPS},
    }
    examples = with_splits(read_manifest(arguments.manifest, arguments.pictures), full.seed)
    fields = [
        field
        for field, example in zip(sky_fields(examples), examples, strict=True)
        if example.split == "validation"
    ]
    learn, held_out = members(examples, "train"), members(examples, "validation")
    for name, recipe in variants.items():
        run = arguments.output / arguments.model / name.replace(" ", "-")
        run.mkdir(parents=True, exist_ok=True)
        found = run / "metrics.json"
        if not found.exists():
            network = fit(backbone, arguments.backbone_weights, learn, held_out, recipe, run)
            logits = np.concatenate(
                [
                    network.predict_on_batch(plain_pictures(c, backbone.input_size).astype("f4"))
                    for c in chunks(held_out, name)
                ]
            )
            probabilities, nothing = softmax(logits), np.zeros(len(logits))
            best = probabilities == probabilities.max(axis=1, keepdims=True)
            answers = Answers(probabilities, best, nothing, nothing > 0)
            found.write_text(json.dumps(measure(answers, held_out, fields), indent=1) + "\n")
        metrics = json.loads(found.read_text())
        strict, fair = metrics["macro_f1"], metrics["fair"]["macro_f1"]
        print(
            f"{name:18} macro-F1 {strict['value']:.3f} ({strict['low']:.3f} to "
            f"{strict['high']:.3f}), fair {fair['value']:.3f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
