import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version

from typer.testing import Result

Run = Callable[..., Result]


def test_version(run: Run) -> None:
    assert run("--version").stdout == f"deepsky {version('deepsky')}\n"


def test_help_without_arguments(run: Run) -> None:
    output = run().output

    for command in ("classify", "serve", "models", "train"):
        assert command in output


def test_help_does_not_wait_for_libraries() -> None:
    heavy = {"astropy", "flask", "openvino", "tensorflow"}
    code = f"import sys, deepsky.cli; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "set()\n"
