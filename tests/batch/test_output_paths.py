"""Where the outputs of a source go."""

from pathlib import Path

import pytest

from deepsky.batch.output_paths import common_folder, output_path


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: it holds ``sky/2024/a.fits`` and ``sky/2025/b.fits``."""
    for name in ("2024/a.fits", "2025/b.fits"):
        (tmp_path / "sky" / name).parent.mkdir(parents=True)
        (tmp_path / "sky" / name).touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("named", "name", "place"),
    [
        (["sky"], "sky/2024/a.fits", "2024/a.fits"),
        (["sky/2024/a.fits"], "sky/2024/a.fits", "a.fits"),
        (["sky/2024", "sky/2025"], "sky/2025/b.fits", "2025/b.fits"),
        (["sky/2024/a.fits", "sky/2025"], "sky/2025/b.fits", "2025/b.fits"),
        (["sky/2024", "sky/../sky"], "sky/../sky/2025/b.fits", "2025/b.fits"),
        (["sky/*/?.fits"], "sky/2024/a.fits", "2024/a.fits"),
        (["sky/m.zip"], "sky/m.zip/in/a.fits", "m.zip/in/a.fits"),
        (["@list"], "sky/2024/a.fits", "sky/2024/a.fits"),
        (["s3://bucket/x/", "s3://bucket/y/b.fits"], "s3://bucket/y/b.fits", "y/b.fits"),
        (["s3://bucket/x/*.fits"], "s3://bucket/x/b.fits", "b.fits"),
        (["s3://bucket/x/", "sky"], "s3://bucket/x/b.fits", "bucket/x/b.fits"),
        (
            ["https://a.org/"],
            "https://a.org/cut?of=http://b.org/c.fits",
            "a.org/cut?of=http:/b.org/c.fits",
        ),
        (
            ["sky", "zip://c.fits::s3://b/d.zip"],
            "zip://c.fits::s3://b/d.zip",
            "c.fits::s3:/b/d.zip",
        ),
    ],
)
def test_what_all_have_in_common_is_left_out(named: list[str], name: str, place: str) -> None:
    assert output_path(name, common_folder(named)) == Path(place)


def test_absolute_and_relative_names_are_alike(here: Path) -> None:
    base = common_folder([str(here / "sky")])

    assert output_path("sky/2024/a.fits", base) == output_path(str(here / "sky/2024/a.fits"), base)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "name",
    ["sky/m.zip/../../../../../../../../etc/passwd", "/etc/passwd", "a\0b", "s3://b/../../x"],
)
@pytest.mark.parametrize("named", [["sky"], []])
def test_no_place_is_outside_or_absolute(named: list[str], name: str) -> None:
    place = output_path(name, common_folder(named))

    assert not place.is_absolute()
    assert ".." not in place.parts
    assert "\0" not in str(place)
    assert place.name
