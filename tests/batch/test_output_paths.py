"""Tests for output paths."""

import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deepsky.batch.output_paths import Base, common_folder, output_path

PARTS = st.one_of(
    st.sampled_from(["a", "b", "a.zip", "c.jpg", "", ".", "..", "+", "++", "+local", "+remote"]),
    st.text(max_size=3),
)
ROOTS = st.sampled_from(["/", "//", "", "s3://", "gs://", "http://", "https://", "://", "local://"])
NAMES = st.builds(lambda root, parts: root + "/".join(parts), ROOTS, st.lists(PARTS, min_size=1))
BASES = st.sampled_from(
    [
        (),
        ("/",),
        ("/", "a"),
        ("/", "+local"),
        ("s3://",),
        ("s3://", "a"),
        Path.cwd().parts,
    ]
)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Current folder during the test, with ``sky/2024/a.fits`` and ``sky/2025/b.fits``."""
    for name in ("2024/a.fits", "2025/b.fits"):
        (tmp_path / "sky" / name).parent.mkdir(parents=True)
        (tmp_path / "sky" / name).touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("named", "name", "expected"),
    [
        (["sky"], "sky/2024/a.fits", "2024/a.fits"),
        (["sky/2024/a.fits"], "sky/2024/a.fits", "a.fits"),
        (["sky/2024", "sky/2025"], "sky/2025/b.fits", "2025/b.fits"),
        (["sky/2024/a.fits", "sky/2025"], "sky/2025/b.fits", "2025/b.fits"),
        (["sky/2024", "sky/../sky"], "sky/../sky/2025/b.fits", "2025/b.fits"),
        (["sky/*/?.fits"], "sky/2024/a.fits", "2024/a.fits"),
        (["sky/m.zip"], "sky/m.zip/in/a.fits", "m.zip/in/a.fits"),
        (["@list"], "sky/2024/a.fits", "sky/2024/a.fits"),
        (["@list"], "/x/b/c.jpg", "+local/x/b/c.jpg"),
        (["sky"], "sky/+x/a.fits", "++x/a.fits"),
        (["s3://bucket/x/", "s3://bucket/y/b.fits"], "s3://bucket/y/b.fits", "y/b.fits"),
        (["s3://bucket/x/*.fits"], "s3://bucket/x/b.fits", "b.fits"),
        (["s3://bucket/x/", "sky"], "s3://bucket/x/b.fits", "+remote/s3/bucket/x/b.fits"),
        (["s3://bucket/"], "s3://bucket/../b.fits", "bucket/+../b.fits"),
        (
            ["https://a.org/"],
            "https://a.org/cut?of=http://b.org/c.fits",
            "a.org/cut?of=http:/+/b.org/c.fits",
        ),
        (
            ["sky", "zip://c.fits::s3://b/d.zip"],
            "zip://c.fits::s3://b/d.zip",
            "+remote/zip/c.fits::s3:/+/b/d.zip",
        ),
    ],
)
def test_common_folder_is_omitted(named: list[str], name: str, expected: str) -> None:
    assert output_path(name, common_folder(named)) == Path(expected)


def test_absolute_and_relative_names_have_the_same_output_path(here: Path) -> None:
    base = common_folder([str(here / "sky")])

    assert output_path("sky/2024/a.fits", base) == output_path(str(here / "sky/2024/a.fits"), base)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "name",
    ["sky/m.zip/../../../../../../../../etc/passwd", "/etc/passwd", "a\0b", "s3://b/../../x"],
)
@pytest.mark.parametrize("named", [["sky"], []])
def test_output_path_stays_in_the_output_folder(named: list[str], name: str) -> None:
    path = output_path(name, common_folder(named))

    assert not path.is_absolute()
    assert ".." not in path.parts
    assert "\0" not in str(path)
    assert path.name


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("named", "one", "other"),
    [
        (["@list"], "/x/b/c.jpg", "/b/c.jpg"),
        (["@list"], "/x/b/c.jpg", "x/b/c.jpg"),
        (["@list"], "/x/b/c.jpg", "+local/x/b/c.jpg"),
        (["sky", "s3://b/x/"], "s3://b/x/c.jpg", "/s3/b/x/c.jpg"),
        (["s3://b/a.jpg", "gs://b/a.jpg"], "s3://b/a.jpg", "gs://b/a.jpg"),
        (["http://h/a.jpg", "https://h/a.jpg"], "http://h/a.jpg", "https://h/a.jpg"),
        (["s3://b/"], "s3://b/x/../a.jpg", "s3://b/a.jpg"),
        (["s3://b/"], "s3://b//a.jpg", "s3://b/a.jpg"),
        (["sky"], "sky/a\0b", "sky/a_b"),
    ],
)
def test_similar_sources_have_different_output_paths(
    named: list[str], one: str, other: str
) -> None:
    base = common_folder(named)

    assert output_path(one, base) != output_path(other, base)


def test_files_outside_and_inside_the_common_folder_do_not_collide() -> None:
    base = ("/", "x")

    assert output_path("/x/b/c.jpg", base) == Path("b/c.jpg")
    assert output_path("/b/c.jpg", base) == Path("+local/b/c.jpg")


def test_parent_of_a_link_is_the_parent_of_its_target(here: Path) -> None:
    (here / "elsewhere/deep").mkdir(parents=True)
    (here / "sky/link").symlink_to(here / "elsewhere/deep")
    for path in (here / "elsewhere/a.fits", here / "sky/a.fits"):
        path.touch()
    base = common_folder(["sky", "elsewhere"])

    assert not Path("sky/link/../a.fits").samefile("sky/a.fits")
    assert output_path("sky/link/../a.fits", base) == Path("elsewhere/a.fits")
    assert output_path("sky/a.fits", base) == Path("sky/a.fits")


def identity(name: str) -> str:
    """Return the identity of a source: its absolute path or URL."""
    return name if "://" in name else "/" + os.path.abspath(name).lstrip("/")  # noqa: PTH100


@given(one=NAMES, other=NAMES, base=BASES)
@example(one="/+local/b/c.jpg", other="/b/c.jpg", base=("/", "a"))
@example(one="://a", other="/a", base=())
@example(one="a/b://c", other="a://b/c", base=())
@example(one="../../..://a", other="/a", base=())
@example(one="a\0b", other="a_b", base=())
def test_different_sources_have_different_output_paths(one: str, other: str, base: Base) -> None:
    paths = {output_path(name, base) for name in (one, other)}

    assert all(not path.is_absolute() and ".." not in path.parts for path in paths)
    assert len(paths) >= len({identity(name) for name in (one, other)})


def test_long_name_of_an_archive_member_is_shortened_to_a_file_name() -> None:
    base = common_folder(["/sky"])
    first, second = (output_path(f"/sky/night.zip/{'m' * 300}{end}.jpg", base) for end in "ab")
    assert len(os.fsencode(first.name)) == len(os.fsencode(second.name)) == 255
    assert first != second
