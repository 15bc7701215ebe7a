"""Solve one image with the package ``astrometry``: ``task.json`` → ``solution.json``.

The package's code in C cannot be interrupted from Python, so it runs in a process of its own.
"""

import json
from pathlib import Path

import astrometry


def main() -> None:
    """Read the task in the current folder, and write the WCS as keywords and values, or null."""
    task = json.loads(Path("task.json").read_text("utf-8"))
    position = task["position"] and astrometry.PositionHint(*task["position"])
    with astrometry.Solver([Path(file) for file in task["index_files"]]) as solver:
        solution = solver.solve(
            stars=task["stars"],
            size_hint=astrometry.SizeHint(*task["scales"]),
            position_hint=position,
            # The natural logarithm of 1e9, the threshold of solve-field; stop at the first match.
            solution_parameters=astrometry.SolutionParameters(
                sip_order=2,
                output_logodds_threshold=20.72,
                logodds_callback=lambda _: astrometry.Action.STOP,
            ),
        )
    fields = solution.best_match().wcs_fields if solution.has_match() else None
    cards = fields and {name: value for name, (value, _) in fields.items()}
    Path("solution.json").write_text(json.dumps(cards), "utf-8")


if __name__ == "__main__":
    main()
