"""The public names in `deepsky.__all__`, `dir`, `help` and the documentation are the same."""

import json
import pydoc
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import deepsky
import deepsky.errors

ROOT = Path(__file__).parents[1]


def run_python(code: str) -> Any:
    """Run code in a new interpreter, and return its JSON output as Python values."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_every_public_name_can_be_imported() -> None:
    assert all(getattr(deepsky, name) is not None for name in deepsky.__all__)


def test_dir_lists_exactly_the_public_names() -> None:
    code = "import deepsky, json; print(json.dumps([dir(deepsky), deepsky.__all__]))"
    listed, public = run_python(code)
    assert listed == sorted(public)


def test_help_describes_every_public_name() -> None:
    text = pydoc.plain(pydoc.render_doc(deepsky))
    missing = [name for name in deepsky.__all__ if name not in text]
    assert missing == []
    assert deepsky.__version__ in text
    assert "lazy_loader" not in text


def test_stub_lists_what_it_imports() -> None:
    stub: dict[str, Any] = {}
    source = (ROOT / "src" / "deepsky" / "__init__.pyi").read_text("utf-8")
    exec(source[source.index("__all__") :], stub)
    assert sorted(stub["__all__"]) == sorted(deepsky.__all__)


def test_errors_are_available_without_importing_them() -> None:
    code = "import deepsky, json; print(json.dumps(deepsky.errors.ImageError.code))"
    assert run_python(code) == "image_error"


def test_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(deepsky, "no_such_name")


def test_version_is_that_of_the_installed_package() -> None:
    assert version("deepsky") == deepsky.__version__
    assert f"version: {deepsky.__version__}\n" in (ROOT / "CITATION.cff").read_text("utf-8")


def test_importing_loads_no_heavy_package() -> None:
    heavy = {"PIL", "flask", "numpy", "openvino", "pydantic", "sqlalchemy", "tensorflow", "typer"}
    code = f"import deepsky, json, sys; print(json.dumps(sorted({heavy} & set(sys.modules))))"
    assert run_python(code) == []


def test_reader_processes_load_no_model_or_server_package() -> None:
    heavy = {"flask", "openvino", "pydantic", "sqlalchemy", "tensorflow", "typer"}
    code = (
        "import deepsky.imaging.processes.pool, deepsky.preprocessing, deepsky.detection.reading;"
        "import json, sys;"
        f"print(json.dumps(sorted({heavy} & set(sys.modules))))"
    )
    assert run_python(code) == []


def test_importing_changes_nothing_in_the_process() -> None:
    code = """
import json, os, sys, warnings
before = dict(os.environ), list(warnings.filters), {k for k, v in sys.modules.items() if v is None}
import deepsky
after = dict(os.environ), list(warnings.filters), {k for k, v in sys.modules.items() if v is None}
print(json.dumps(before == after))
"""
    assert run_python(code) is True
