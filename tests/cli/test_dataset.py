"""Tests for ``deepsky dataset``."""

from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from deepsky.cli import app


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    Image.radial_gradient("L").save(tmp_path / "here.jpg")
    path = tmp_path / "manifest.csv"
    path.write_text(
        "path,label,group,phash,source,source_path,split\n"
        "gone.jpg,nebula,,0000000000000000,debian:sky 1,gone.png,test\n"
        "here.jpg,galaxy,M1,0000000000000000,debian:sky 1,here.png,train\n",
        "utf-8",
    )
    return path


def test_check_reports_missing_and_different_images(manifest: Path) -> None:
    result = CliRunner().invoke(app, ["dataset", "check", str(manifest)])
    assert result.exit_code == 1
    assert "here.jpg: The file contains a different image" in result.stderr
    assert "gone.jpg: The file is missing" in result.stderr
    assert result.stdout == "0 of 2 images match the manifest.\n"


def test_build_keeps_existing_images_and_reports_failed_downloads(manifest: Path) -> None:
    result = CliRunner().invoke(app, ["dataset", "build", str(manifest)])
    assert result.exit_code == 1
    assert "gone.jpg: The image is from the Debian packages debian:sky 1" in result.stderr
    assert "here.jpg" not in result.stderr


def test_stats_counts_images_and_groups_by_split(manifest: Path) -> None:
    result = CliRunner().invoke(app, ["dataset", "stats", str(manifest)])
    assert result.exit_code == 0
    rows = [line.split() for line in result.stdout.splitlines()]
    assert rows[-3:-1] == [
        ["train", "1", "1", "0", "1", "0"],
        ["test", "1", "0", "1", "0", "1"],
    ]


def test_manifest_without_sources_is_usage_error(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("path,label\nx.jpg,galaxy\n", "utf-8")
    result = CliRunner().invoke(app, ["dataset", "build", str(tmp_path / "m.csv")])
    assert result.exit_code == 2
    assert "lacks the columns source, source_path" in result.stderr
