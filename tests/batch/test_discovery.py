"""Tests for finding images from files, folders, patterns and lists."""

import errno
import inspect
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from deepsky.batch.discovery import check_sources, count_sources, find_sources, is_piped_list
from deepsky.batch.output_paths import common_folder
from deepsky.errors import ImageNotFoundError, ImageUnreadableError, SourceError
from deepsky.imaging import read_image


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("b.png", "a/z.png", "a/b/c.png", "c.png", ".hidden.png", ".cache/x.png"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    return tmp_path


def find(paths: Iterable[str | os.PathLike[str]], tree: Path) -> list[str]:
    return [source.name.removeprefix(f"{tree}/") for source in find_sources(paths)]


def test_folder_yields_all_files_below_it_sorted(tree: Path) -> None:
    assert find([str(tree)], tree) == ["a/b/c.png", "a/z.png", "b.png", "c.png"]


def test_empty_path_is_not_the_current_folder(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)
    [source] = find_sources([""])

    with pytest.raises(ImageNotFoundError, match="path is empty"):
        source.load()


def test_source_names_start_with_the_given_path(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree)

    assert find(["."], tree) == ["a/b/c.png", "a/z.png", "b.png", "c.png"]
    assert find(["./a/../b.png", "a//z.png"], tree) == ["a/../b.png", "a/z.png"]


def test_named_files_are_found_even_if_hidden_missing_or_repeated(tree: Path) -> None:
    named = [str(tree / name) for name in ("c.png", ".hidden.png", "missing.png", "c.png")]

    assert [source.name for source in find_sources(named)] == named


def test_files_have_size_and_modification_time(tree: Path) -> None:
    os.utime(tree / "b.png", ns=(5, 1_700_000_000_123_456_789))
    [source] = find_sources([str(tree / "b.png")])
    [missing] = find_sources([str(tree / "missing.png")])

    assert (source.size, source.modified) == (5, 1_700_000_000_123_456_789)
    assert source.load() == tree / "b.png"
    assert (missing.size, missing.modified) == (None, None)


def test_links_to_folders_are_not_followed(tree: Path) -> None:
    (tree / "a" / "up").symlink_to(tree, target_is_directory=True)
    (tree / "a" / "link.png").symlink_to(tree / "b.png")
    (tree / "a" / "broken.png").symlink_to(tree / "missing.png")

    found = find([str(tree / "a")], tree / "a")

    assert found == ["b/c.png", "broken.png", "link.png", "z.png"]


def test_pipes_in_folders_are_skipped(tree: Path) -> None:
    os.mkfifo(tree / "pipe.png")

    assert "pipe.png" not in find([str(tree)], tree)


def test_files_are_found_lazily(tree: Path) -> None:
    found = find_sources([str(tree)])
    next(found)
    (tree / "c.png").unlink()
    (tree / "b.png").unlink()

    assert next(found).name == str(tree / "a" / "z.png")


def test_excluded_paths_are_skipped(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree / "a")
    written = [Path("b"), Path("../c.png"), tree / "missing"]

    for named in (str(tree), f"{tree}/*"):
        found = [source.name for source in find_sources([named], exclude=written)]
        assert found == [f"{tree}/a/z.png", f"{tree}/b.png"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.png", ["b.png", "c.png"]),
        ("*", ["a/b/c.png", "a/z.png", "b.png", "c.png"]),
        ("**/*.png", ["a/b/c.png", "a/z.png", "b.png", "c.png"]),
        ("**", ["a/b/c.png", "a/z.png", "b.png", "c.png"]),
        ("**/a", ["a/b/c.png", "a/z.png"]),
        ("**/b", ["a/b/c.png"]),
        ("**/b/*", ["a/b/c.png"]),
        ("**/*", ["a/b/c.png", "a/z.png", "b.png", "c.png"]),
        ("a/**/c.png", ["a/b/c.png"]),
        ("*/**/z.*", ["a/z.png"]),
        ("a/[yz].png", ["a/z.png"]),
        ("*.fits", ["*.fits"]),
    ],
)
def test_patterns_match_files_and_folders(
    tree: Path, monkeypatch: pytest.MonkeyPatch, pattern: str, expected: list[str]
) -> None:
    monkeypatch.chdir(tree)

    assert find([pattern], tree) == expected


def test_recursive_patterns_skip_links_and_excluded_folders(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree)
    (tree / "a" / "loop").symlink_to(".")
    (tree / "a" / "other").symlink_to("loop")

    for pattern, expected in (("**/*.png", ["a/z.png", "b.png", "c.png"]), ("a/**", ["a/z.png"])):
        found = [source.name for source in find_sources([pattern], exclude=[tree / "a" / "b"])]
        assert found == expected


def test_existing_file_takes_precedence_over_pattern(tree: Path) -> None:
    (tree / "[bc].png").touch()

    assert find([str(tree / "[bc].png")], tree) == ["[bc].png"]


def test_path_objects_are_neither_patterns_nor_lists(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree)
    plain = [Path("*.png"), Path("@list"), Path("a")]

    assert find(plain, tree) == ["*.png", "@list", "a/b/c.png", "a/z.png"]


def test_lists_may_contain_anything_but_lists(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)
    (tree / "list").write_bytes(b"c.png\r\n\n# odd.png\na\n*.png\n@list\ncaf\xe9.png")

    assert find(["b.png", "@list"], tree) == [
        "b.png", "c.png", "# odd.png", "a/b/c.png", "a/z.png", "b.png", "c.png", "@list",
        os.fsdecode(b"caf\xe9.png"),
    ]  # fmt: skip


def test_utf_8_list_with_byte_order_mark_is_read_and_utf_16_is_refused(tree: Path) -> None:
    (tree / "list").write_bytes(b"\xef\xbb\xbfc.png\r\n\xef\xbb\xbfb.png\r\n")
    found = [source.name for source in find_sources([f"@{tree / 'list'}"])]
    assert found == ["c.png", "\ufeffb.png"]

    (tree / "list").write_text("c.png", encoding="utf-16")
    with pytest.raises(SourceError, match="UTF-8"):
        list(find_sources([f"@{tree / 'list'}"]))


def test_check_does_not_open_piped_lists(tree: Path) -> None:
    pipe = tree / "pipe"
    os.mkfifo(pipe)

    check_sources([f"@{pipe}"])  # opening the pipe would block or consume data

    assert is_piped_list(f"@{pipe}")
    assert is_piped_list("@-")
    assert not is_piped_list(str(pipe))
    assert not is_piped_list(f"@{tree / 'b.png'}")


def test_list_from_standard_input_is_read_line_by_line() -> None:
    program = (
        "from deepsky.batch.discovery import find_sources\n"
        "for source in find_sources(['@-']): print(source.name, flush=True)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for name in (b"c.png", b"b.png"):
            process.stdin.write(name + b"\n")
            process.stdin.flush()
            assert process.stdout.readline().strip() == name
        process.stdin.close()
        assert process.stdout.read() == b""


def test_lines_of_a_binary_list_are_missing_files(tree: Path) -> None:
    (tree / "list").write_bytes(b"a\0b/*.png\n\x89PNG\0[x]/**\n")

    found = [source.name for source in find_sources([f"@{tree / 'list'}"])]

    assert found == ["a\0b/*.png", "\udc89PNG\0[x]/**"]


def test_image_is_not_accepted_as_a_list(tree: Path) -> None:
    (tree / "list").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")

    for use in (check_sources, lambda named: list(find_sources(named))):
        with pytest.raises(SourceError, match=r"is not a list: it contains PNG data"):
            use([f"@{tree / 'list'}"])


def test_pattern_without_matches_is_reported(tree: Path) -> None:
    [source] = find_sources([f"{tree}/nowhere/*.png"])

    assert source.name == f"{tree}/nowhere/*.png"
    with pytest.raises(ImageNotFoundError, match="no file matches the pattern"):
        source.load()


def test_too_long_pattern_is_reported(tree: Path) -> None:
    [source] = find_sources([f"{tree}/{'x' * 300}*.png"])

    with pytest.raises(ImageUnreadableError, match="File name too long"):
        read_image(source.load())


def test_missing_list_raises_an_error(tree: Path) -> None:
    for use in (check_sources, lambda named: list(find_sources(named))):
        with pytest.raises(SourceError, match=r"nowhere cannot be read: No such file"):
            use([f"@{tree / 'nowhere'}"])
    check_sources([str(tree / "missing.png"), "@-"])


def test_file_whose_status_cannot_be_read_is_a_source(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stat = os.stat

    def refuse(path: str, **more: object) -> os.stat_result:
        if Path(path).name == "secret.png":
            raise PermissionError
        return stat(path, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "stat", refuse)
    strange = [str(tree / "secret.png"), str(tree / ("x" * 300)), str(tree / "b.png")]
    (tree / "list").write_text("\n".join(strange))

    assert find([f"@{tree / 'list'}"], tree) == ["secret.png", "x" * 300, "b.png"]
    assert common_folder(strange) == tree.parts
    with pytest.raises(SourceError, match="File name too long"):
        check_sources([f"@{tree / ('x' * 300)}"])


def test_sources_are_counted_unless_they_are_remote(tree: Path) -> None:
    assert count_sources(find_sources([str(tree)])) == 4
    assert count_sources(find_sources(["memory://a.png"])) is None


def test_unreadable_folder_is_a_source(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def refuse(path: str) -> object:
        if Path(path).name == "a":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    sources = list(find_sources([str(tree), str(tree / "**" / "*.png")]))

    names = [source.name.removeprefix(f"{tree}/") for source in sources]
    assert names == ["a", "b.png", "c.png"] * 2
    with pytest.raises(ImageUnreadableError, match=r"The folder cannot be opened \(Permission"):
        sources[0].load()


def test_deeply_nested_folders_are_searched_without_recursion(tree: Path) -> None:
    deep = tree / Path(*["d"] * 400)
    deep.mkdir(parents=True)
    (deep / "m51.png").touch()
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + 100)
    try:
        found = find([str(tree), str(tree / "**" / "m51.png")], tree)
    finally:
        sys.setrecursionlimit(limit)

    assert found.count("d/" * 400 + "m51.png") == 2


def test_sidecars_are_skipped_unless_they_are_named(tree: Path) -> None:
    (tree / "b.png.xmp").touch()
    (tree / "a" / "Z.PNG.XMP").touch()

    assert find([str(tree), str(tree / "b*"), str(tree / "**")], tree).count("b.png.xmp") == 0
    assert find([str(tree / "*.xmp")], tree) == ["b.png.xmp"]
    assert find([str(tree / "b.png.xmp")], tree) == ["b.png.xmp"]
