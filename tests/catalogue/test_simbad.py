"""Tests of look-ups in SIMBAD, with replies in its form from a server on this machine."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from typer.testing import CliRunner

from deepsky.catalogue import online, simbad
from deepsky.catalogue.simbad import find_in_simbad
from deepsky.cli import app
from deepsky.errors import CatalogueUnavailableError
from tests.catalogue.online_service import OnlineService, run_service

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


def set_rows(server: OnlineService, *rows: list[Any]) -> None:
    metadata = [{"name": name, "datatype": "VARCHAR"} for name in COLUMNS]
    server.reply = json.dumps({"metadata": metadata, "data": rows}).encode()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[OnlineService]:
    with run_service() as service:
        monkeypatch.setattr(simbad, "_URL", f"{service.url}/sync")
        yield service


def test_object_that_only_simbad_knows_is_found(server: OnlineService) -> None:
    set_rows(server, DRACO)
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
    assert "i.id = 'UGC 10822'" in server.forms[0]["query"][0]


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
    server: OnlineService, otype: str, morphology: str | None, kind: str
) -> None:
    set_rows(server, ["M 1", 1.0, 2.0, otype, morphology, None, None, None, None, None, 9.5])
    found = find_in_simbad("M 1")
    assert found is not None
    assert (found.kind, found.magnitude, found.major_axis) == (kind, 9.5, None)


def test_unknown_name_is_not_an_error_and_quotes_are_escaped(server: OnlineService) -> None:
    set_rows(server)
    assert find_in_simbad("Barnard's Star") is None
    assert "'Barnard''s Star'" in server.forms[0]["query"][0]


@pytest.mark.parametrize("reply", [b"<html>", b"{}", b'{"metadata": [], "data": [[1]]}', b"[" * 9])
def test_reply_of_another_form_is_an_error(server: OnlineService, reply: bytes) -> None:
    server.reply = reply
    with pytest.raises(CatalogueUnavailableError, match="SIMBAD cannot be reached"):
        find_in_simbad("M 31")


def test_errors_and_long_replies_of_the_server_are_errors(server: OnlineService) -> None:
    server.reply = b" " * (online._MAX_REPLY + 1)
    with pytest.raises(CatalogueUnavailableError, match="more than 1048576 bytes"):
        find_in_simbad("M 31")
    server.status = 503
    with pytest.raises(CatalogueUnavailableError, match="503"):
        find_in_simbad("M 31")


def test_command_asks_simbad_only_if_requested(server: OnlineService) -> None:
    set_rows(server, DRACO)
    run = CliRunner().invoke
    known = run(app, ["object", "Andromeda Galaxy", "--online"])
    assert known.exit_code == 0
    assert "M 31" in known.stdout
    assert "distance" in known.stdout

    refused = run(app, ["object", "XYZ 10822"])
    assert refused.exit_code == 1
    assert "add --online" in refused.stderr
    assert server.forms == []

    found = run(app, ["object", "XYZ 10822", "--online", "--json"])
    assert json.loads(found.stdout)["found_in"] == "SIMBAD"
    assert len(server.forms) == 1
