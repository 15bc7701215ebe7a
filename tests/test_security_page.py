"""SECURITY.md names only modules, settings, tests and attacks that exist."""

import re
from pathlib import Path

import pytest

from deepsky.server.settings import Settings

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")


def test_named_files_exist() -> None:
    names = re.findall(
        r"`((?:server|imaging|batch|storage|models|cli|deploy)/[^`]+|[^`/]+\.py)`", PAGE
    )

    assert names
    for name in names:
        assert (ROOT / "src" / "deepsky" / name).exists() or (ROOT / name).exists(), name


def test_named_settings_exist() -> None:
    names = set(re.findall(r"`DEEPSKY_(\w+)`", PAGE))

    assert names
    assert names <= {name.upper() for name in Settings.model_fields}


def test_named_tests_exist() -> None:
    names = set(re.findall(r"`(test_\w+)`", PAGE))
    sources = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))

    assert names
    assert names <= set(re.findall(r"^def (test_\w+)\(", sources, re.MULTILINE))


def test_named_benchmarks_exist() -> None:
    names = set(re.findall(r"`python -m (benchmarks\.\w+)`", PAGE))

    assert names
    for name in names:
        assert (ROOT / name.replace(".", "/")).with_suffix(".py").exists(), name


def test_named_attacks_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT)
    from benchmarks.hostile import attacks

    names = set(re.findall(r"(?<![*\w])\*([^*|]+)\*(?!\*)", PAGE))

    assert names
    assert names <= attacks().keys()
