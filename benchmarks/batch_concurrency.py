"""Check that concurrent runs, kills and other programs never damage images or their sidecars.

Run ``python -m benchmarks.batch_concurrency`` (``--quick`` for a short version). In each round, two
runs with different models tag the same images with ``--in-place`` and sort them into the same
folder, while another program saves the sidecars; one or both runs are killed with SIGKILL at random
times. After each round, the images must be unchanged, each sidecar must be complete and contain
the last save of the other program, and all sorted files must be complete images.
"""

import argparse
import hashlib
import random
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path
from threading import Event, Thread
from typing import Final
from xml.etree import ElementTree as ET

from benchmarks.batch import Run, images
from benchmarks.service import Expectations
from deepsky.batch.xmp import NAMESPACE

MODELS: Final = ("efficientnet", "resnet50")
SAVES_PER_SECOND: Final = 50
LONGEST_RUN: Final = 6.0
"""Maximum time between the start of the runs and the kill, in seconds."""

_SAVE: Final = re.compile(r"save (\d+)")
_NEW: Final = """<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:subject><rdf:Bag><rdf:li>save 0</rdf:li></rdf:Bag></dc:subject>
</rdf:Description></rdf:RDF></x:xmpmeta>"""


class Editor:
    """Another program that saves sidecars at random moments, by replacing the files.

    Parameters
    ----------
    sidecars : list of Path
    """

    def __init__(self, sidecars: list[Path]) -> None:
        self.saved = dict.fromkeys(sidecars, 0)
        self._stopped = Event()
        self._thread = Thread(target=self._run)
        for path in sidecars:
            path.write_text(_NEW, "utf-8")

    def start(self) -> None:
        """Start saving."""
        self._stopped.clear()
        self._thread = Thread(target=self._run)
        self._thread.start()

    def stop(self) -> None:
        """Stop saving."""
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        chance = random.Random()
        while not self._stopped.wait(1 / SAVES_PER_SECOND):
            path = chance.choice(list(self.saved))
            text, number = path.read_text("utf-8"), self.saved[path] + 1
            new = path.with_suffix(".new")
            new.write_text(_SAVE.sub(f"save {number}", text), "utf-8")
            new.replace(path)
            self.saved[path] = number


def digests(folder: Path) -> set[str]:
    """Return the SHA-256 of each file below a folder, except sidecars and hidden files."""
    return {
        hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".xmp" and not path.name.startswith(".")
    }


def tagged_by(sidecar: Path) -> list[str]:
    """Return the models that have tagged a sidecar; raise an error if it is malformed."""
    nodes = ET.parse(sidecar).iter()
    return [node.attrib[key] for node in nodes if (key := f"{{{NAMESPACE}}}model") in node.attrib]


def main() -> int:
    """Run the benchmark, and return exit status 0 if all expectations are met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=Path, help="folder of images; default: the sample images")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="3 rounds")
    arguments = parser.parse_args()
    rounds = 3 if arguments.quick else arguments.rounds
    chance, expectations = random.Random(arguments.seed), Expectations()
    damaged, malformed, lost, untagged = 0, 0, 0, 0
    with tempfile.TemporaryDirectory() as place:
        folder, outputs = Path(place) / "images", [Path(place) / f"{model}" for model in MODELS]
        folder.mkdir()
        originals = [Path(shutil.copy(path, folder)) for path in images(arguments.images)]
        before = digests(folder)
        editor = Editor([path.with_name(f"{path.name}.xmp") for path in originals])
        for number in range(rounds + 1):
            editor.start()
            runs = []
            for model, output in zip(MODELS, outputs, strict=True):
                output.mkdir(exist_ok=True)
                options = ("--in-place", "--sort-into", Path(place) / "sorted", "--model", model)
                runs.append(Run(folder, output / "all.csv", *options, "--workers", 1, "--restart"))
            if number < rounds:  # the last round is not interrupted
                time.sleep(chance.uniform(0, LONGEST_RUN))
                for run in chance.sample(runs, chance.choice((1, 2))):
                    run.kill(readers=chance.random() < 0.5)
            for run in runs:
                if run.is_running():
                    run.wait()
            editor.stop()
            damaged += len(digests(folder) ^ before)
            damaged += len(digests(Path(place) / "sorted") - before)
            for sidecar, saved in editor.saved.items():
                text = sidecar.read_text("utf-8")
                try:
                    models = tagged_by(sidecar)
                except ET.ParseError:
                    malformed += 1
                    continue
                lost += set(_SAVE.findall(text)) != {str(saved)}
                malformed += len(models) > 1
                untagged += number == rounds and not models
            print(f"  round {number + 1}", flush=True)
        left = list(Path(place).rglob(".*.part"))
        saves = sum(editor.saved.values())
    expectations.check("damaged or lost images", damaged, not damaged)
    expectations.check("malformed sidecars", malformed, not malformed)
    expectations.check(f"lost saves of {saves:,} by another program", lost, not lost)
    expectations.check("temporary files left behind", len(left), not left)
    print(f"sidecars without tags, because the other program overwrote them: {untagged}")
    return expectations.exit_status


if __name__ == "__main__":
    sys.exit(main())
