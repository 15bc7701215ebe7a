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
from dataclasses import dataclass
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


@dataclass
class Outcome:
    """What was found after all rounds.

    Attributes
    ----------
    damaged, malformed : int
        Number of damaged or lost images, and of malformed sidecars.
    lost, saves : int
        Number of lost saves by the other program, and of all its saves.
    untagged : int
        Number of sidecars without tags after the last round, because the other program overwrote
        them.
    left : int
        Number of temporary files left behind.
    """

    damaged: int = 0
    malformed: int = 0
    lost: int = 0
    saves: int = 0
    untagged: int = 0
    left: int = 0


def run(originals: list[Path], rounds: int, seed: int = 1) -> Outcome:
    """Tag copies of images in concurrent runs that are killed, while another program saves.

    Parameters
    ----------
    originals : list of Path
        Images.
    rounds : int
        Number of rounds in which runs are killed. One round without kills follows.
    seed : int
    """
    chance, outcome = random.Random(seed), Outcome()
    with tempfile.TemporaryDirectory() as place:
        folder, outputs = Path(place) / "images", [Path(place) / f"{model}" for model in MODELS]
        folder.mkdir()
        copies = [Path(shutil.copy(path, folder)) for path in originals]
        before = digests(folder)
        editor = Editor([path.with_name(f"{path.name}.xmp") for path in copies])
        for number in range(rounds + 1):
            editor.start()
            runs = []
            for model, output in zip(MODELS, outputs, strict=True):
                output.mkdir(exist_ok=True)
                options = ("--in-place", "--sort-into", Path(place) / "sorted", "--model", model)
                runs.append(Run(folder, output / "all.csv", *options, "--workers", 1, "--restart"))
            if number < rounds:  # the last round is not interrupted
                time.sleep(chance.uniform(0, LONGEST_RUN))
                for started in chance.sample(runs, chance.choice((1, 2))):
                    started.kill(readers=chance.random() < 0.5)
            for started in runs:
                if started.is_running():
                    started.wait()
            editor.stop()
            outcome.damaged += len(digests(folder) ^ before)
            outcome.damaged += len(digests(Path(place) / "sorted") - before)
            for sidecar, saved in editor.saved.items():
                text = sidecar.read_text("utf-8")
                try:
                    models = tagged_by(sidecar)
                except ET.ParseError:
                    outcome.malformed += 1
                    continue
                outcome.lost += set(_SAVE.findall(text)) != {str(saved)}
                outcome.malformed += len(models) > 1
                outcome.untagged += number == rounds and not models
            print(f"  round {number + 1}", flush=True)
        outcome.left = len(list(Path(place).rglob(".*.part")))
        outcome.saves = sum(editor.saved.values())
    return outcome


def main() -> int:
    """Run the benchmark, and return exit status 0 if all expectations are met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=Path, help="folder of images; default: the sample images")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_const", const=3, dest="rounds", help="3 rounds")
    arguments = parser.parse_args()
    expectations = Expectations()
    found = run(images(arguments.images), arguments.rounds, arguments.seed)
    expectations.check("damaged or lost images", found.damaged, not found.damaged)
    expectations.check("malformed sidecars", found.malformed, not found.malformed)
    expectations.check(
        f"lost saves of {found.saves:,} by another program", found.lost, not found.lost
    )
    expectations.check("temporary files left behind", found.left, not found.left)
    print(f"sidecars without tags, because the other program overwrote them: {found.untagged}")
    return expectations.exit_status


if __name__ == "__main__":
    sys.exit(main())
