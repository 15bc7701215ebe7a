"""Tests for remote images in fsspec's in-memory file system and on a web server."""

import io
import random
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import fsspec
import pytest

from deepsky.batch.discovery import check_sources, find_sources
from deepsky.errors import ImageError, SourceError
from deepsky.imaging import Limits


@pytest.fixture
def store() -> Iterator[fsspec.AbstractFileSystem]:
    """In-memory file system with some files."""
    system = fsspec.filesystem("memory")
    for name in ("b.png", "a/z.png", "a/b/c.png", "c.fits", ".hidden.png"):
        system.pipe(f"/night/{name}", name.encode())
    yield system
    system.rm("/night", recursive=True)


@pytest.fixture
def web(tmp_path: Path) -> Iterator[str]:
    """URL of a web server that serves a folder."""

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(tmp_path)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def found(address: str) -> dict[str, object]:
    return {source.name: source.load() for source in find_sources([address])}


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("memory://night/b.png", ["b.png"]),
        ("memory://night/", ["a/b/c.png", "a/z.png", "b.png", "c.fits"]),
        ("memory://night/*.png", ["b.png"]),
        ("memory://night/**/*.png", ["a/b/c.png", "a/z.png", "b.png"]),
    ],
)
def test_files_folders_and_patterns_are_found(address: str, expected: list[str]) -> None:
    sources = list(find_sources([address]))

    assert [source.name.partition("night/")[2] for source in sources] == expected
    assert all(source.name.startswith("memory://") for source in sources)
    assert [source.load() for source in sources] == [name.encode() for name in expected]


@pytest.mark.usefixtures("store")
def test_source_names_are_urls() -> None:
    for source in find_sources(["memory://night/"]):
        assert found(source.name) == {source.name: source.load()}


def test_listed_files_have_size_and_modification_time() -> None:
    class Listed(fsspec.AbstractFileSystem):  # type: ignore[misc]
        protocol = "listed"

        def ls(self, path: str, detail: bool = True, **_: object) -> list[object]:
            assert (path, detail) == ("night", True)
            moment = datetime(2024, 5, 6, tzinfo=UTC)
            return [
                {"name": "night", "type": "file", "size": 0},  # S3 lists folders as empty files
                {"name": "night/a.png", "type": "file", "size": 7, "LastModified": moment},
                {"name": "night/b.png", "type": "file", "size": 8, "mtime": 1.5},
            ]

    fsspec.register_implementation("listed", Listed, clobber=True)
    sources = list(find_sources(["listed://night/"]))

    assert [(source.name, source.size, source.modified) for source in sources] == [
        ("listed://night/a.png", 7, 1_714_953_600_000_000_000),
        ("listed://night/b.png", 8, 1_500_000_000),
    ]


class WithoutHost(fsspec.AbstractFileSystem):  # type: ignore[misc]
    """File system that omits the host from listed paths, like fsspec's FTP file system."""

    protocol = "withouthost"

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return "/" + path.partition("://")[2].partition("/")[2].rstrip("/")

    def ls(self, path: str, detail: bool = True, **_: object) -> list[object]:
        assert (path, detail) == ("/night", True)
        return [{"name": "/night/a.png", "type": "file", "size": 7}]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("withouthost://one.org/night/", "withouthost://one.org/night/a.png"),
        ("withouthost://two.org/night/", "withouthost://two.org/night/a.png"),
        ("withouthost://me:secret@one.org/night/", "withouthost://me@one.org/night/a.png"),
    ],
)
def test_listed_urls_keep_the_host_but_not_the_password(address: str, expected: str) -> None:
    fsspec.register_implementation("withouthost", WithoutHost, clobber=True)

    assert [source.name for source in find_sources([address])] == [expected]


def test_chained_urls_keep_the_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("m51.fits", b"51")
    chained = f"zip://*.fits::file://{tmp_path}/two.zip"

    assert found(chained) == {f"zip://m51.fits::file://{tmp_path}/two.zip": b"51"}


def test_members_of_remote_archives_are_found(store: fsspec.AbstractFileSystem) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("m51.fits", b"51")
    store.pipe("/night/two.zip", buffer.getvalue())

    assert found("memory://night/two.zip") == {"memory://night/two.zip/m51.fits": b"51"}


def test_files_on_a_web_server_are_found(web: str, tmp_path: Path) -> None:
    content = random.Random(1).randbytes(3_000_000)
    (tmp_path / "m 51.fits").write_bytes(content)

    assert found(f"{web}/m%2051.fits") == {f"{web}/m%2051.fits": content}


@pytest.mark.usefixtures("store")
def test_missing_files_are_reported(web: str) -> None:
    for address in ("memory://night/none.png", f"{web}/none.png", f"{web}/none.zip"):
        [source] = find_sources([address])
        assert source.name == address
        with pytest.raises(ImageError, match=r"File not found; check the URL") as error:
            source.load()
        assert error.value.code == "file_not_found"


def test_unreachable_server_is_reported() -> None:
    [source] = find_sources(["http://127.0.0.1:1/a.png"])

    with pytest.raises(ImageError, match=r"cannot be fetched .*check the URL") as error:
        source.load()

    assert error.value.code == "file_unreadable"


@pytest.mark.usefixtures("store")
def test_files_over_the_size_limit_are_refused() -> None:
    small = Limits(max_bytes=5)
    codes: dict[str, Path | bytes | str] = {}
    for source in find_sources(["memory://night/b.png", "memory://night/c.fits"], limits=small):
        try:
            codes[source.name] = source.load()
        except ImageError as error:
            codes[source.name] = error.code

    assert codes == {"memory://night/b.png": b"b.png", "memory://night/c.fits": "file_too_large"}


def test_unknown_scheme_is_reported_before_the_run() -> None:
    with pytest.raises(SourceError, match=r"nowhere://a\.png cannot be opened.*nowhere"):
        check_sources(["nowhere://a.png"])

    [source] = find_sources(["nowhere://a.png"])
    with pytest.raises(ImageError, match="cannot be opened"):
        source.load()


def test_missing_fsspec_is_reported_with_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec.core", None)

    with pytest.raises(SourceError, match=r"requires fsspec.*deepsky\[remote\]"):
        check_sources(["s3://bucket/a.png"])
