"""Compare how well different novelty measures detect out-of-distribution images.

For each measure, this script prints two areas under the ROC curve. The first one shows how well the
measure separates the deep-sky images of the validation split from the ``other`` images of that
split. It was used to choose deepsky's novelty measure. The second one shows how well the measure
separates the same deep-sky images from the out-of-distribution images. It was not used for the
choice. The script also prints the fraction of out-of-distribution images that are rejected at the
threshold that accepts 97 % of the deep-sky validation images.

    python benchmarks/novelty.py dataset/manifest.csv --images DIR --model efficientnet
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp
from sklearn.metrics import roc_auc_score
from sklearn.neighbors import NearestNeighbors

from deepsky.dataset.manifest import Example, read_manifest
from deepsky.dataset.splits import members, with_splits
from deepsky.dataset.targets import label_indices
from deepsky.models import find_bundle
from deepsky.models.novelty import NoveltyReference
from deepsky.taxonomy import LABELS
from deepsky.training.outputs import NetworkOutputs

Measure = Callable[[NetworkOutputs], NDArray[np.float64]]

DEEP_SKY = len(LABELS) - 1


def measures(known: NetworkOutputs, right: NDArray[np.int64]) -> dict[str, Measure]:
    """Fit the novelty measures to the training images and return them by name."""
    deep = right < DEEP_SKY
    everything = NoveltyReference.fit(known.embeddings, right, known.embeddings)
    objects = NoveltyReference.fit(known.embeddings[deep], right[deep], known.embeddings[deep])
    by_name: dict[str, Measure] = {
        "Mahalanobis to any class": lambda o: everything.distance(o.embeddings),
        "Mahalanobis to deep-sky classes": lambda o: objects.distance(o.embeddings),
        "energy of the deep-sky logits": lambda o: -logsumexp(o.logits[:, :DEEP_SKY], axis=1),
        "energy of all logits": lambda o: -logsumexp(o.logits, axis=1),
    }
    for count in (1, 10):
        near = NearestNeighbors(n_neighbors=count).fit(_unit(known.embeddings[deep]))

        def distance(o: NetworkOutputs, near: NearestNeighbors = near) -> NDArray[np.float64]:
            return np.asarray(near.kneighbors(_unit(o.embeddings))[0][:, -1])

        by_name[f"nearest neighbour {count}, cosine"] = distance
    return by_name


def _unit(embeddings: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True))


def auroc(familiar: NDArray[np.float64], unfamiliar: NDArray[np.float64]) -> float:
    """Return the area under the ROC curve for separating unfamiliar from familiar images."""
    is_unfamiliar = np.repeat([0, 1], [len(familiar), len(unfamiliar)])
    return float(roc_auc_score(is_unfamiliar, np.concatenate([familiar, unfamiliar])))


def main() -> None:
    """Evaluate all novelty measures and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--images", type=Path)
    parser.add_argument("--model", default="efficientnet")
    arguments = parser.parse_args()
    examples = with_splits(read_manifest(arguments.manifest, arguments.images), seed=0)
    bundle = find_bundle(arguments.model)
    network, size = bundle.read_network(), bundle.input_size

    def compute(chosen: list[Example]) -> NetworkOutputs:
        return NetworkOutputs.compute(network, size, chosen)

    train, validation = members(examples, "train"), members(examples, "validation")
    deep_sky = compute([e for e in validation if e.label != "other"])
    other = compute([e for e in validation if e.label == "other"])
    out_of_distribution = compute(members(examples, "out_of_distribution"))
    print(f"{'':34}validation  out of distribution  rejected")
    for name, measure in measures(compute(train), label_indices(train)).items():
        familiar, novel = measure(deep_sky), measure(out_of_distribution)
        rejected = float((novel > np.quantile(familiar, 0.97)).mean())
        print(
            f"{name:34}{auroc(familiar, measure(other)):10.4f}{auroc(familiar, novel):21.4f}"
            f"{rejected:10.3f}"
        )


if __name__ == "__main__":
    main()
