import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version

import pytest
from typer.testing import Result

Run = Callable[..., Result]


def test_version_is_printed(run: Run) -> None:
    assert run("--version").stdout == f"deepsky {version('deepsky')}\n"


def test_command_without_arguments_shows_help(run: Run) -> None:
    output = run().output

    for command in ("classify", "serve", "models", "train"):
        assert command in output


@pytest.mark.parametrize("group", ["dataset", "db", "feedback", "keys"])
def test_group_without_a_command_shows_help(run: Run, group: str) -> None:
    output = run(group).output

    assert "Missing command" not in output
    assert "Commands" in output


def test_help_does_not_import_large_libraries() -> None:
    heavy = {"PIL", "astropy", "flask", "numpy", "openvino", "pydantic", "tensorflow"}
    code = f"import sys, deepsky.cli; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "set()\n"
