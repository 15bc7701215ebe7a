"""Train each network twice with the same seed, and print the largest difference in the weights.

A fraction of the images is sufficient, because anything that is not reproducible (the order of the
images, augmentation, dropout or the order of summation) would change the weights from the first
training step on.

    python -m benchmarks.repeatability dataset/manifest.csv --images DIR --weights DIR
"""

import argparse
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from deepsky.dataset.manifest import read_manifest
from deepsky.dataset.splits import members, with_splits
from deepsky.training.backbones import BACKBONES, find_backbone
from deepsky.training.fitting import fit
from deepsky.training.recipe import recipe_for


def main() -> None:
    """Train each network twice, and print the largest difference in the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--images", type=Path)
    parser.add_argument(
        "--weights", type=Path, help="Folder with pretrained weights, NAME.weights.h5."
    )
    parser.add_argument("--model", action="append", choices=list(BACKBONES))
    parser.add_argument("--every", type=int, default=16, help="Train on every n-th image only.")
    parser.add_argument("--epochs", type=int, default=2)
    arguments = parser.parse_args()
    examples = with_splits(read_manifest(arguments.manifest, arguments.images), seed=0)
    train = members(examples, "train")[:: arguments.every]
    validation = members(examples, "validation")[:: arguments.every]
    for name in arguments.model or list(BACKBONES):
        backbone = find_backbone(name)
        own = arguments.weights / f"{name}.weights.h5" if arguments.weights else "imagenet"
        recipe = replace(recipe_for(backbone), epochs=arguments.epochs)
        trained = []
        for _ in range(2):
            with TemporaryDirectory() as folder:
                network = fit(backbone, str(own), train, validation, recipe, Path(folder))
                trained.append(network.get_weights())
        difference = max(float(np.abs(a - b).max()) for a, b in zip(*trained, strict=True))
        print(f"{name}: weights differ by at most {difference:g}, {len(train)} images", flush=True)


if __name__ == "__main__":
    main()
