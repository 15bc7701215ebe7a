"""Tests of look-ups in VizieR, with replies in its form from a server on this machine.

The form follows replies of VizieR that the tests of astroquery 0.4.11 contain, for example
``vizier/tests/data/afgl2591_iram.xml``, with tables, columns and values of other catalogues.
"""

import json
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from deepsky.catalogue import VizierEntry, find_in_vizier, online, vizier
from deepsky.cli import app
from deepsky.errors import CatalogueUnavailableError
from tests.catalogue.online_service import OnlineService, run_service

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<VOTABLE version="1.4" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns="http://www.ivoa.net/xml/VOTable/v1.3"
  xsi:schemaLocation="http://www.ivoa.net/xml/VOTable/v1.3 http://www.ivoa.net/xml/VOTable/v1.3">
 <DESCRIPTION>
   VizieR Astronomical Server vizier.cds.unistra.fr
 </DESCRIPTION>
<!-- VOTable description at http://www.ivoa.net/Documents/latest/VOT.html -->
<INFO ID="VERSION" name="votable-version" value="1.99+ (14-Oct-2013)"/>
<INFO ID="MaxTuples" name="-out.max" value="10"/>
<INFO ID="Target" name="-c" value="083.8187-05.3876,rm=45.">
</INFO>
"""
SHARPLESS = """
<RESOURCE ID="yCat_7020" name="VII/20">
  <DESCRIPTION>Catalogue of HII Regions
  (Sharpless 1959)</DESCRIPTION>
  <COOSYS ID="J2000" system="eq_FK5" equinox="J2000"/>
  <TABLE ID="VII_20_catalog" name="VII/20/catalog">
    <DESCRIPTION>The catalogue</DESCRIPTION>
    <FIELD name="_r" ucd="pos.angDistance" datatype="double" width="8" precision="4" unit="arcmin">
      <DESCRIPTION>Distance from center</DESCRIPTION>
    </FIELD>
    <FIELD name="Sh2" ucd="meta.id;meta.main" datatype="short" width="3">
      <DESCRIPTION>Sharpless number</DESCRIPTION>
    </FIELD>
    <FIELD name="Diam" ucd="phys.angSize" datatype="short" width="3" unit="arcmin">
      <DESCRIPTION>? Maximum diameter [NULL integer written as an empty string]</DESCRIPTION>
      <VALUES null="-32768" />
    </FIELD>
    <FIELD name="Note" ucd="meta.note" datatype="char" arraysize="12*"/>
    <FIELD name="Vmag" ucd="phot.mag" datatype="float" width="5" precision="2" unit="mag">
      <VALUES null="NaN" />
    </FIELD>
<DATA><TABLEDATA>
<TR><TD>  12.5000</TD><TD>279</TD><TD></TD><TD>NGC 1977 </TD><TD></TD></TR>
<TR><TD>   0.5000</TD><TD>281</TD><TD>60</TD><TD></TD><TD>4.00</TD></TR>
</TABLEDATA></DATA>
</TABLE>
</RESOURCE>
"""
DEGREES = SHARPLESS.replace(
    'unit="arcmin">\n      <DESCRIPTION>Dist', 'unit="deg">\n<DESCRIPTION>Dist'
)
EMPTY = """
<RESOURCE ID="yCat_7118" name="VII/118">
  <DESCRIPTION>NGC 2000.0 (Sky Publishing, ed. Sinnott 1988)</DESCRIPTION>
  <TABLE ID="VII_118_ngc2000" name="VII/118/ngc2000">
    <FIELD name="_r" datatype="double" unit="arcmin"/>
    <FIELD name="Name" datatype="char" arraysize="5"/>
<!--  EMPTY result, no DATA part  -->
  </TABLE>
</RESOURCE>
"""
TAIL = "</VOTABLE>\n"


def set_resources(server: OnlineService, *resources: str) -> None:
    server.reply = "".join([HEAD, *resources, TAIL]).encode()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[OnlineService]:
    with run_service() as service:
        monkeypatch.setattr(vizier, "_URL", f"{service.url}/votable")
        yield service


def test_entries_are_read_the_nearest_first(server: OnlineService) -> None:
    set_resources(server, EMPTY, SHARPLESS)
    assert find_in_vizier("VII/20", 83.8187, -5.3876, radius=45) == (
        VizierEntry(
            table="VII/20/catalog",
            title="Catalogue of HII Regions (Sharpless 1959)",
            separation=0.5,
            values={"Sh2": 281, "Diam": 60, "Note": None, "Vmag": 4.0},
        ),
        VizierEntry(
            table="VII/20/catalog",
            title="Catalogue of HII Regions (Sharpless 1959)",
            separation=12.5,
            values={"Sh2": 279, "Diam": None, "Note": "NGC 1977", "Vmag": None},
        ),
    )


def test_request_is_as_documented(server: OnlineService) -> None:
    set_resources(server)
    assert find_in_vizier("VII/118/ngc2000", 83.8187, -5.3876, radius=45) == ()
    assert server.forms == [
        {
            "-source": ["VII/118/ngc2000"],
            "-c": ["83.818700-5.387600"],
            "-c.eq": ["J2000"],
            "-c.rm": ["45"],
            "-out.add": ["_r"],
            "-sort": ["_r"],
            "-out.max": ["10"],
        }
    ]


def test_separation_is_converted_to_arcminutes(server: OnlineService) -> None:
    set_resources(server, DEGREES)
    assert [entry.separation for entry in find_in_vizier("VII/20", 1, 2)] == [30, 750]


@pytest.mark.parametrize("catalogue", ["", "VII/20 VII/21", "VII/20,*", "VII/20\n-out.all", "ö"])
def test_invalid_designation_is_an_error_and_not_sent(
    server: OnlineService, catalogue: str
) -> None:
    with pytest.raises(ValueError, match="no designation of a catalogue in VizieR"):
        find_in_vizier(catalogue, 1, 2)
    assert server.forms == []


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"<html><body>Down</body></html>",
        (HEAD + SHARPLESS).encode(),  # cut off
        (HEAD + SHARPLESS.replace("12.5000", "far") + TAIL).encode(),
    ],
)
def test_reply_of_another_form_is_an_error(server: OnlineService, reply: bytes) -> None:
    server.reply = reply
    with pytest.raises(CatalogueUnavailableError, match="VizieR cannot be reached"):
        find_in_vizier("VII/20", 1, 2)


def test_errors_and_long_replies_of_the_server_are_errors(server: OnlineService) -> None:
    server.reply = b" " * (online._MAX_REPLY + 1)
    with pytest.raises(CatalogueUnavailableError, match="more than 1048576 bytes"):
        find_in_vizier("VII/20", 1, 2)
    server.status = 503
    with pytest.raises(CatalogueUnavailableError, match="503"):
        find_in_vizier("VII/20", 1, 2)


def test_command_asks_vizier_only_if_requested(server: OnlineService) -> None:
    set_resources(server, SHARPLESS.replace("NGC 1977", "\x9bNGC 1977"))
    run = CliRunner().invoke
    assert run(app, ["object", "M 42"]).exit_code == 0
    assert server.forms == []

    listed = run(app, ["object", "M 42", "--vizier", "VII/20"])
    assert listed.exit_code == 0, listed.stderr
    assert "VII/20/catalog: Catalogue of HII Regions (Sharpless 1959)" in listed.stdout
    assert "0.5'  Sh2 281, Diam 60, Vmag 4.0" in listed.stdout
    assert r"  12.5'  Sh2 279, Note \x9bNGC 1977" in listed.stdout
    assert r"\x20" not in listed.stdout

    written = run(app, ["object", "M 42", "--vizier", "VII/20", "--vizier", "VII/21", "--json"])
    assert [entry["values"]["Sh2"] for entry in json.loads(written.stdout)["vizier"]] == [
        281, 279, 281, 279,
    ]  # fmt: skip
    assert [form["-source"] for form in server.forms[1:]] == [["VII/20"], ["VII/21"]]
    assert float(server.forms[0]["-c.rm"][0]) > 30  # the size of the nebula


def test_command_states_that_there_is_no_entry_and_what_is_wrong(server: OnlineService) -> None:
    set_resources(server, EMPTY)
    run = CliRunner().invoke
    nothing = run(app, ["object", "M 57", "--vizier", "VII/118"])
    assert nothing.exit_code == 0
    assert "no entry within 5 arcminutes" in nothing.stdout

    invalid = run(app, ["object", "M 57", "--vizier", "VII 118"])
    assert invalid.exit_code == 2
    assert "'VII 118' is no designation" in invalid.stderr

    server.status = 500
    failed = run(app, ["object", "M 57", "--vizier", "VII/118"])
    assert failed.exit_code == 1
    assert "VizieR cannot be reached" in failed.stderr
    assert "Ring Nebula" in failed.stdout  # what the catalogue of deepsky knows
