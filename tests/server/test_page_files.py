import gzip
import os
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from deepsky.server import Settings, create_app

SCRIPT = b"const galaxy = 'M 31';\n" * 200


@pytest.fixture
def built(tmp_path: Path) -> Path:
    assets = tmp_path / "assets"
    assets.mkdir()
    (assets / "index-1a2b.js").write_bytes(SCRIPT)
    (assets / "index-1a2b.js.gz").write_bytes(gzip.compress(SCRIPT))
    (assets / "index-1a2b.js.br").write_bytes(b"Brotli")
    (assets / "only-3c4d.js").write_bytes(SCRIPT)
    (assets / "only-3c4d.js.gz").write_bytes(gzip.compress(SCRIPT))
    (assets / "m-31-5e6f.webp").write_bytes(b"RIFF")
    (tmp_path / "index.html").write_bytes(b"<p>one</p>")
    return tmp_path


@pytest.fixture
def client(built: Path) -> FlaskClient:
    return create_app(Settings(), built_page=built).test_client()


@pytest.mark.parametrize(
    ("accepted", "name", "encoding"),
    [
        (None, "index-1a2b.js", None),
        ("identity", "index-1a2b.js", None),
        ("gzip", "index-1a2b.js", "gzip"),
        ("gzip, deflate, br, zstd", "index-1a2b.js", "br"),
        ("br;q=0.5, gzip;q=0.9", "index-1a2b.js", "gzip"),
        ("br;q=0, gzip;q=0", "index-1a2b.js", None),
        ("gzip;q=0.1, identity;q=1", "index-1a2b.js", None),
        ("*", "index-1a2b.js", "br"),
        ("br, gzip", "only-3c4d.js", "gzip"),
        ("br", "only-3c4d.js", None),
        ("br, gzip", "m-31-5e6f.webp", None),
    ],
)
def test_preferred_encoding_is_sent(
    client: FlaskClient, accepted: str | None, name: str, encoding: str | None
) -> None:
    headers = {} if accepted is None else {"Accept-Encoding": accepted}
    response = client.get(f"/assets/{name}", buffered=True, headers=headers)

    assert response.status_code == 200
    assert response.content_encoding == encoding
    assert response.vary.to_header() == "Accept-Encoding"
    assert response.mimetype == ("image/webp" if name.endswith("webp") else "text/javascript")
    assert response.content_length == len(response.data)


def test_each_encoding_has_its_own_etag(client: FlaskClient) -> None:
    path = "/assets/index-1a2b.js"
    tags = {}
    for encoding in ("identity", "gzip", "br"):
        headers = {"Accept-Encoding": encoding}
        tags[encoding] = client.get(path, buffered=True, headers=headers).headers["ETag"]
    assert len(set(tags.values())) == 3

    for encoding, tag in tags.items():
        headers = {"Accept-Encoding": encoding, "If-None-Match": tag}
        again = client.get(path, buffered=True, headers=headers)
        assert again.status_code == 304
        assert not again.data
        assert again.headers["ETag"] == tag
        assert again.vary.to_header() == "Accept-Encoding"
        other = {"Accept-Encoding": "br" if encoding != "br" else "gzip", "If-None-Match": tag}
        assert client.get(path, buffered=True, headers=other).status_code == 200


def test_range_is_a_range_of_the_encoded_file(client: FlaskClient) -> None:
    headers = {"Accept-Encoding": "gzip", "Range": "bytes=2-5"}
    response = client.get("/assets/index-1a2b.js", buffered=True, headers=headers)

    content = gzip.compress(SCRIPT)
    assert response.status_code == 206
    assert response.content_encoding == "gzip"
    assert response.headers["Content-Range"] == f"bytes 2-5/{len(content)}"
    assert response.data == content[2:6]


def test_head_describes_the_encoded_file(client: FlaskClient) -> None:
    headers = {"Accept-Encoding": "gzip"}
    get = client.get("/assets/index-1a2b.js", buffered=True, headers=headers)
    head = client.head("/assets/index-1a2b.js", buffered=True, headers=headers)

    assert not head.data
    for name in ("Content-Encoding", "Content-Length", "Content-Type", "ETag", "Vary"):
        assert head.headers[name] == get.headers[name]


def test_new_version_of_the_same_size_and_date_has_another_etag(
    client: FlaskClient, built: Path
) -> None:
    index = built / "index.html"
    before = client.get("/", buffered=True).headers["ETag"]
    status = index.stat()
    index.write_bytes(b"<p>two</p>")
    os.utime(index, ns=(status.st_atime_ns, status.st_mtime_ns))

    response = client.get("/", buffered=True, headers={"If-None-Match": before})
    assert response.status_code == 200
    assert response.data == b"<p>two</p>"


@pytest.mark.parametrize("path", ["../index.html", "missing.js", "index-1a2b.js/../../index.html"])
def test_other_files_are_not_sent(client: FlaskClient, path: str) -> None:
    headers = {"Accept-Encoding": "br"}
    assert client.get(f"/assets/{quote(path)}", headers=headers).status_code == 404
