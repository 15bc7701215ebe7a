"""Tests of look-ups in SIMBAD, with replies in its form from a server on this machine."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import pytest
from typer.testing import CliRunner

from deepsky.catalogue import online, simbad
from deepsky.catalogue.simbad import find_in_simbad
from deepsky.cli import app
from deepsky.errors import CatalogueUnavailableError

COLUMNS = [
    "main_id",
    "ra",
    "dec",
    "otype",
    "morph_type",
    "galdim_majaxis",
    "galdim_minaxis",
    "galdim_angle",
    "ids",
    "V",
    "B",
]
DRACO = [
    "NAME Dra dSph", 260.0598, 57.9211, "G  ", "dSph", 35.5, 24.5, 88,
    "UGC 10822|PGC  60095|NAME Dra dSph|NAME Draco Dwarf", 10.6, None,
]  # fmt: skip


class Server:
    """A server that gives one reply, and remembers the queries."""

    def __init__(self) -> None:
        self.reply: bytes = b""
        self.status = 200
        self.queries: list[str] = []

    def set_rows(self, *rows: list[Any]) -> None:
        metadata = [{"name": name, "datatype": "VARCHAR"} for name in COLUMNS]
        self.reply = json.dumps({"metadata": metadata, "data": rows}).encode()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            state.queries.append(parse_qs(body)["query"][0])
            self.send_response(state.status)
            self.end_headers()
            self.wfile.write(state.reply)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = Thread(target=running.serve_forever)
        thread.start()
        monkeypatch.setattr(simbad, "_URL", f"http://127.0.0.1:{running.server_port}/sync")
        yield state
        running.shutdown()
        thread.join()


def test_object_that_only_simbad_knows_is_found(server: Server) -> None:
    server.set_rows(DRACO)
    found = find_in_simbad("UGC  10822")

    assert found is not None
    assert (found.name, found.kind, found.labels) == ("Dra dSph", "galaxy", ("galaxy",))
    assert found.designations == ("Dra dSph", "UGC 10822", "PGC 60095", "Draco Dwarf")
    assert (found.ra, found.dec, found.major_axis, found.magnitude) == (
        260.0598,
        57.9211,
        35.5,
        10.6,
    )
    assert "i.id = 'UGC 10822'" in server.queries[0]


@pytest.mark.parametrize(
    ("otype", "morphology", "kind"),
    [
        ("GlC", None, "globular cluster"),
        ("PN", "", "planetary nebula"),
        ("Sy2", "SAB(s)b", "spiral galaxy"),
        ("LIN", "SA0", "lenticular galaxy"),
        ("G", "E3", "elliptical galaxy"),
        ("V*", None, "star"),
        ("X", None, "unknown"),
    ],
)
def test_kind_follows_type_and_morphology(
    server: Server, otype: str, morphology: str | None, kind: str
) -> None:
    server.set_rows(["M 1", 1.0, 2.0, otype, morphology, None, None, None, None, None, 9.5])
    found = find_in_simbad("M 1")
    assert found is not None
    assert (found.kind, found.magnitude, found.major_axis) == (kind, 9.5, None)


def test_unknown_name_is_not_an_error_and_quotes_are_escaped(server: Server) -> None:
    server.set_rows()
    assert find_in_simbad("Barnard's Star") is None
    assert "'Barnard''s Star'" in server.queries[0]


@pytest.mark.parametrize("reply", [b"<html>", b"{}", b'{"metadata": [], "data": [[1]]}', b"[" * 9])
def test_reply_of_another_form_is_an_error(server: Server, reply: bytes) -> None:
    server.reply = reply
    with pytest.raises(CatalogueUnavailableError, match="SIMBAD cannot be reached"):
        find_in_simbad("M 31")


def test_errors_and_long_replies_of_the_server_are_errors(server: Server) -> None:
    server.reply = b" " * (online._MAX_REPLY + 1)
    with pytest.raises(CatalogueUnavailableError, match="more than 1048576 bytes"):
        find_in_simbad("M 31")
    server.status = 503
    with pytest.raises(CatalogueUnavailableError, match="503"):
        find_in_simbad("M 31")


def test_command_asks_simbad_only_if_requested(server: Server) -> None:
    server.set_rows(DRACO)
    run = CliRunner().invoke
    known = run(app, ["object", "Andromeda Galaxy", "--online"])
    assert known.exit_code == 0
    assert "M 31" in known.stdout
    assert "distance" in known.stdout

    refused = run(app, ["object", "XYZ 10822"])
    assert refused.exit_code == 1
    assert "add --online" in refused.stderr
    assert server.queries == []

    found = run(app, ["object", "XYZ 10822", "--online", "--json"])
    assert json.loads(found.stdout)["found_in"] == "SIMBAD"
    assert len(server.queries) == 1
