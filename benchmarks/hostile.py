"""All attacks on the server and on concurrent runs, with one table of results.

Run ``python -m benchmarks.hostile`` as root on an otherwise idle Linux machine, which takes about
half an hour (with ``--quick``, ten minutes). During each attack, the health of the server must be
reported within one second, other clients must get an answer or status 503 within five seconds, and
the memory of each process must stay below its limit. Nothing that was acknowledged may be lost, and
the server must work normally within a minute after the attack.
"""

import argparse
import resource
import sys
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from subprocess import CalledProcessError
from typing import Final

from benchmarks import batch_concurrency, hostile_connections, hostile_storage
from benchmarks.client import NoResponseError
from benchmarks.hostile_connections import ANSWER_SECONDS, HEALTH_SECONDS
from benchmarks.hostile_images import ONE_PER_FORMAT, Bombs, killed_readers
from benchmarks.service import SAMPLES, ServerError
from deepsky.imaging.limits import DEFAULT_LIMITS

MAIN_MEMORY: Final = 600e6
"""Maximum memory of the main process, in bytes."""

FAULTS: Final = (AssertionError, OSError, CalledProcessError, NoResponseError, ServerError)
"""Errors that an attack raises if the server does not work at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Result of an attack.

    Attributes
    ----------
    health, answer : float
        Duration of the slowest health check and of the slowest answer to another client, in
        seconds; 0 if they are not measured.
    main_memory, reader_memory : int
        Peak memory of the main process and of the largest reader process, in bytes; 0 if it is not
        measured.
    lost : int
        Number of acknowledged changes that are missing.
    recovered : bool
        Whether everything works normally after the attack.
    unexpected : dict
        Number of unexpected responses of each kind.
    """

    health: float = 0
    answer: float = 0
    main_memory: int = 0
    reader_memory: int = 0
    lost: int = 0
    recovered: bool = True
    unexpected: dict[str, int]

    @property
    def passed(self) -> bool:
        """Whether all targets are met."""
        return (
            self.health <= HEALTH_SECONDS
            and self.answer <= ANSWER_SECONDS
            and self.main_memory <= MAIN_MEMORY
            and self.reader_memory <= DEFAULT_LIMITS.max_memory
            and not self.lost
            and self.recovered
            and not self.unexpected
        )


Attack = Callable[[], Result]


def attacks(
    seconds: float = 15,
    locked_seconds: float = 60,
    bombs: tuple[str, ...] = ("",),
    rounds: int = 20,
) -> dict[str, Attack]:
    """Return all attacks by name.

    Parameters
    ----------
    seconds, locked_seconds : float
        Duration of the attacks on connections and readers, and on the database, in seconds.
    bombs : tuple of str
        Texts in the names of the files that are uploaded by the attack ``"bombs"``.
    rounds : int
        Number of rounds with two concurrent runs.
    """
    found: dict[str, Attack] = {
        name.replace("_", " "): partial(_attack_connections, name, seconds)
        for name in hostile_connections.ATTACKS
    }
    found["bombs"] = partial(_attack_readers, Bombs(bombs), seconds)
    found["killed readers"] = partial(_attack_readers, killed_readers, seconds)
    found["database locked"] = partial(
        _attack_storage, partial(hostile_storage.lock_database, seconds=locked_seconds)
    )
    found["PostgreSQL frozen"] = partial(
        _attack_storage, partial(hostile_storage.freeze_postgresql, seconds=locked_seconds)
    )
    found["database moved"] = partial(_attack_storage, hostile_storage.move_database_away)
    for damage in hostile_storage.DAMAGES:
        found[f"database {damage}"] = partial(_damage_database, damage)
    found["disk full"] = partial(_attack_storage, hostile_storage.fill_disk)
    found["two runs and another program"] = partial(_run_twice, rounds)
    return found


def _attack_connections(name: str, seconds: float) -> Result:
    return _result(hostile_connections.run(name, seconds))


def _attack_readers(attack: hostile_connections.Attack, seconds: float) -> Result:
    outcome = hostile_connections.run_attack("", attack, seconds, after=60)
    unexpected = attack.unexpected if isinstance(attack, Bombs) else {}
    return _result(outcome, unexpected)


def _result(
    outcome: hostile_connections.Outcome, unexpected: dict[str, int] | None = None
) -> Result:
    statuses = {str(key): n for key, n in outcome.statuses.items() if key not in {200, 201, 503}}
    return Result(
        health=outcome.health,
        answer=outcome.answer,
        main_memory=outcome.main_memory,
        reader_memory=outcome.reader_memory,
        lost=outcome.lost,
        recovered=outcome.recovered,
        unexpected=statuses | (unexpected or {}),
    )


def _attack_storage(attack: Callable[[Path], hostile_storage.Outcome]) -> Result:
    with tempfile.TemporaryDirectory() as folder:
        outcome = attack(Path(folder))
    return _storage_result(outcome, outcome.lost, recovered=outcome.recovered_seconds is not None)


def _damage_database(damage: str) -> Result:
    """Damage the database. The server cannot recover, but must not acknowledge anything."""
    with tempfile.TemporaryDirectory() as folder:
        outcome = hostile_storage.damage_database(Path(folder), damage)
    return _storage_result(outcome, outcome.acknowledged, recovered=True not in outcome.ready)


def _storage_result(outcome: hostile_storage.Outcome, lost: int, *, recovered: bool) -> Result:
    expected = {"200", "201", "204", "503"}
    return Result(
        health=outcome.health_seconds,
        answer=outcome.answer_seconds,
        main_memory=outcome.main_memory,
        reader_memory=outcome.reader_memory,
        lost=lost,
        recovered=recovered,
        unexpected={
            answer: number
            for answer, number in outcome.responses.items()
            if answer.split()[1] not in expected
        },
    )


def _run_twice(rounds: int) -> Result:
    outcome = batch_concurrency.run(SAMPLES, rounds)
    faults = {"malformed": outcome.malformed, "left behind": outcome.left}
    return Result(
        lost=outcome.damaged + outcome.lost,
        unexpected={name: number for name, number in faults.items() if number},
    )


def main() -> int:
    """Run the attacks, and return the exit status: 1 if a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="shorter attacks")
    parser.add_argument("--only", default="", help="only attacks whose names contain this text")
    arguments = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    rows = ["| attack | health | answer | main process | largest reader | lost | well after | |"]
    rows.append("|---|---|---|---|---|---|---|---|")
    failed = 0
    chosen = attacks(8, 8, ONE_PER_FORMAT, 2) if arguments.quick else attacks()
    for name, attack in chosen.items():
        if arguments.only not in name:
            continue
        try:
            result = attack()
        except FAULTS:  # the other attacks are still run
            traceback.print_exc()
            rows.append(f"| {name} | | | | | | | FAILED: see the traceback |")
            failed += 1
        else:
            rows.append(_row(name, result))
            failed += not result.passed
        print(rows[-1], flush=True)
    print("\n".join(["", *rows]))
    return min(failed, 1)


def _row(name: str, result: Result) -> str:
    """Return a row of the table; a dash stands for a value that is not measured."""
    verdict = "ok" if result.passed else f"FAILED {result.unexpected or ''}".strip()
    cells = [
        name,
        *(f"{value:.2f} s" if value else "-" for value in (result.health, result.answer)),
        *(
            f"{value / 1e6:.0f} MB" if value else "-"
            for value in (result.main_memory, result.reader_memory)
        ),
        str(result.lost),
        "yes" if result.recovered else "no",
        verdict,
    ]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
