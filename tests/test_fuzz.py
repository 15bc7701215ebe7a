import random

import pytest

from benchmarks.fuzz_targets import TARGETS
from tests.checkout import ROOT

CORPUS = ROOT / "tests" / "corpus"
MUTATIONS = 150


def corpus_files() -> list[tuple[str, str]]:
    return [(file.parent.name, file.name) for file in sorted(CORPUS.glob("*/*"))]


@pytest.mark.parametrize(("target", "name"), corpus_files())
def test_input_that_once_failed_is_handled(target: str, name: str) -> None:
    TARGETS[target].run((CORPUS / target / name).read_bytes())


@pytest.mark.parametrize("target", TARGETS)
def test_damaged_input_is_handled(target: str) -> None:
    seeds = sorted(TARGETS[target].seeds())
    chance = random.Random(target)
    for _ in range(MUTATIONS):
        content = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(0, 4)):
            place = chance.randrange(len(content))
            match chance.randrange(3):
                case 0:
                    content[place] = chance.randrange(256)
                case 1:
                    del content[place : place + chance.randint(1, 40)]
                case _:
                    content[place:place] = chance.randbytes(chance.randint(1, 8))
            content = content or bytearray(1)
        TARGETS[target].run(bytes(content))
