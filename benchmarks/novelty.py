"""Compares measures of novelty: which tells foreign from deep-sky images best.

Prints, for each measure, the area under the ROC curve on the validation split (deep-sky images
against ``other``), by which one is chosen, and on the foreign images, which chose nothing; and
the share of foreign images refused where 97 % of the deep-sky validation images are kept.

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
    """Fit the measures to the training images."""
    deep = right < DEEP_SKY
    everything = NoveltyReference.fit(known.embeddings, right, known.embeddings)
    objects = NoveltyReference.fit(known.embeddings[deep], right[deep], known.embeddings[deep])
    found: dict[str, Measure] = {
        "Mahalanobis to any class": lambda o: everything.distance(o.embeddings),
        "Mahalanobis to deep-sky classes": lambda o: objects.distance(o.embeddings),
        "energy of the deep-sky logits": lambda o: -logsumexp(o.logits[:, :DEEP_SKY], axis=1),
        "energy of all logits": lambda o: -logsumexp(o.logits, axis=1),
    }
    for count in (1, 10):
        near = NearestNeighbors(n_neighbors=count).fit(_unit(known.embeddings[deep]))

        def distance(o: NetworkOutputs, near: NearestNeighbors = near) -> NDArray[np.float64]:
            return np.asarray(near.kneighbors(_unit(o.embeddings))[0][:, -1])

        found[f"nearest neighbour {count}, cosine"] = distance
    return found


def _unit(embeddings: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True))


def auroc(familiar: NDArray[np.float64], foreign: NDArray[np.float64]) -> float:
    """Give the area under the ROC curve."""
    truths = np.repeat([0, 1], [len(familiar), len(foreign)])
    return float(roc_auc_score(truths, np.concatenate([familiar, foreign])))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--images", type=Path)
    parser.add_argument("--model", default="efficientnet")
    arguments = parser.parse_args()
    examples = with_splits(read_manifest(arguments.manifest, arguments.images), seed=0)
    bundle = find_bundle(arguments.model)
    network, size = bundle.read_network(), bundle.input_size

    def outputs(chosen: list[Example]) -> NetworkOutputs:
        return NetworkOutputs.compute(network, size, chosen)

    learn, held_out = members(examples, "train"), members(examples, "validation")
    deep, other = ([e for e in held_out if (e.label == "other") is no] for no in (False, True))
    known = [outputs(chosen) for chosen in (deep, other, members(examples, "out_of_distribution"))]
    print(f"{'':34}validation  foreign  foreign refused")
    for name, measure in measures(outputs(learn), label_indices(learn)).items():
        familiar, others, foreign = (measure(one) for one in known)
        refused = float((foreign > np.quantile(familiar, 0.97)).mean())
        print(
            f"{name:34}{auroc(familiar, others):10.4f}{auroc(familiar, foreign):9.4f}"
            f"{refused:17.3f}"
        )


if __name__ == "__main__":
    main()
