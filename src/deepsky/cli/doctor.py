"""``deepsky doctor``: examine this installation."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from deepsky.batch.control_characters import escape_control_characters
from deepsky.cli.failure import FAILED

__all__ = ["doctor"]


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Examine this installation, and print what to paste into a report of a problem.

    Nothing is changed or sent. Values of settings and passwords are not shown.
    Exit status: 0 if there are no problems; 1 otherwise.
    """
    from deepsky.diagnosis import diagnose

    problems = 0
    findings = []
    for finding in diagnose():
        problems += finding.is_problem
        findings.append(finding)
        if not as_json:
            mark = "PROBLEM: " if finding.is_problem else ""
            value = escape_control_characters(finding.value)
            typer.echo(f"{finding.name + ':':<20} {mark}{value}")
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        typer.echo("No problems found." if not problems else f"Problems found: {problems}.")
    if problems:
        raise typer.Exit(FAILED)
