"""Tests for the output formats. The files are read with libraries that users are likely to use."""

import csv
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io.votable import parse as parse_votable
from astropy.io.votable.ucd import check_ucd
from astropy.table import MaskedColumn, Table
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from deepsky.batch.columns import flatten, table_columns
from deepsky.batch.control_characters import escape_control_characters
from deepsky.batch.provenance import Provenance
from deepsky.batch.writers import BINARY, Format, format_from_suffix, get_writer
from deepsky.record import Record
from tests.batch.outcomes import PROVENANCE, make_failure, make_record

M_42 = {
    "name": "M 42",
    "common_name": "Orion Nebula",
    "common_name_de": "Orionnebel",
    "kind": "emission nebula",
    "labels": ["nebula", "star_cluster"],
    "ra": 83.82,
    "dec": -5.39,
    "major_axis": 90.0,
    "minor_axis": 60.0,
    "magnitude": 4.0,
    "constellation": "Ori",
    "distance": 1300.0,
    "discovered": {"by": "Nicolas-Claude Fabri de Peiresc", "year": 1610, "before": False},
    "found_by": "header",
}
SKY = {
    "ra": 83.8,
    "dec": -5.4,
    "width": 1.5,
    "height": 1.0,
    "pixel_scale": 1.2,
    "orientation": 90.0,
    "mirrored": False,
    "source": "header",
}
RECORDS = [
    make_record("M51.fits"),
    make_record('dir/a, "b" & <c>\'.png', label="star_cluster", prediction_set=[], stretch=None),
    make_record(
        "銀河.jpg", 0.41, verdict="unsure", prediction_set=["galaxy", "nebula"], novelty=0.0
    ),
    make_failure("empty.png"),
    make_failure("odd.png", "corrupt_image", 'It says "<no>";\ncopy it again, please.'),
    make_record(" nan ", verdict="unfamiliar", novelty=1.0),
]
NAMES = [column.name for column in table_columns()]
STREAMING = [Format.JSON, Format.JSONL, Format.CSV, Format.ECSV, Format.VOTABLE]

characters = st.characters(
    exclude_categories=()
)  # with lone surrogates, which represent invalid UTF-8 in file names
names = st.lists(st.text(characters, min_size=1, max_size=12), min_size=1, max_size=20)


def write(
    records: list[Record], written: Format, provenance: Provenance = PROVENANCE
) -> io.BytesIO:
    file = io.BytesIO()
    get_writer(written)(records, file, provenance)
    file.seek(0)
    return file


def expected(record: Record, provenance: Provenance = PROVENANCE) -> dict[str, Any]:
    return dict(zip(NAMES, flatten(record, provenance.min_confidence), strict=True))


def expected_text(record: Record) -> dict[str, Any]:
    """Return the expected row for a record in formats that cannot contain lists."""
    row = expected(record)
    kept = row["prediction_set"]
    return {**row, "prediction_set": " ".join(kept) if kept else None}


def read_csv(file: io.BytesIO) -> list[dict[str, str]]:
    return list(csv.DictReader(io.TextIOWrapper(file, "utf-8", newline="")))


def read_table(file: io.BytesIO, written: Format) -> Table:
    return Table.read(file, format={Format.ECSV: "ascii.ecsv", Format.VOTABLE: "votable"}[written])


def rows_of(table: Table) -> list[dict[str, Any]]:
    """Return the rows of a table as dictionaries. Masked values and empty strings become None."""
    return [
        {
            name: None if np.ma.is_masked(row[name]) or row[name] == "" else row[name]
            for name in table.colnames
        }
        for row in table
    ]


def test_flattened_record_has_all_fields() -> None:
    row = expected(RECORDS[0])
    failed = expected(RECORDS[3])

    assert row["probability_galaxy"] == 0.97
    assert (failed["error_code"], failed["error_message"]) == ("empty_file", "It is empty.")
    assert {name for name in NAMES if failed[name] is not None} == {
        "path", "model", "model_version", "model_sha256", "error_code", "error_message",
    }  # fmt: skip
    start, end = NAMES.index("subtype"), NAMES.index("error_code")
    network = {name for name in NAMES[:start] if not name.startswith(("probability_", "below_"))}
    nested = {"probabilities", "objects", "sky", "difference", "combined", "error"}
    compared = {name for name in NAMES[start:end] if "agreement" in name}
    fields = network | compared | {"subtype", "object", "sky_error"}
    assert fields == set(Record.__annotations__) - nested


def test_place_on_the_sky_is_in_the_columns_that_virtual_observatory_programs_expect() -> None:
    placed = make_record(
        object=M_42,
        sky=SKY,
        agreement="agrees",
        combined={"label": "nebula", "probability": 0.99},
    )
    table = parse_votable(write([placed], Format.VOTABLE), verify="exception").get_first_table()
    by_ucd = {field.ucd: table.array[field.ID][0] for field in table.fields if field.ucd}

    assert by_ucd["pos.eq.ra;meta.main"] == 83.8
    assert by_ucd["pos.eq.dec;meta.main"] == -5.4
    assert by_ucd["pos.eq.ra"] == 83.82
    assert by_ucd["meta.id;src"] == "M 42"
    assert by_ucd["pos.distance"] == 1300
    assert not table.array["mirrored"][0]
    assert table.array["combined_label"][0] == "nebula"
    assert all(check_ucd(ucd, check_controlled_vocabulary=True) for ucd in by_ucd)


def test_table_names_the_object() -> None:
    text = write([make_record(label="nebula", object=M_42)], Format.TABLE).read().decode()

    assert "nebula: M 42, Orion Nebula" in text


def test_table_states_the_kind_of_an_object_of_another_class() -> None:
    record = make_record(label="star_cluster", object=M_42, agreement="undecided")
    text = write([record], Format.TABLE).read().decode()

    assert f"star cluster (M 42, Orion Nebula: {M_42['kind']})" in text


def test_table_does_not_name_an_object_that_is_contradicted() -> None:
    record = make_record(label="galaxy", object=M_42, agreement="differs")
    text = write([record], Format.TABLE).read().decode()

    assert "galaxy" in text
    assert "M 42" not in text


def test_table_states_the_kind_that_the_network_predicts() -> None:
    planet = {"name": "planet", "probability": 0.97, "source": "network"}
    text = write([make_record(label="other", subtype=planet)], Format.TABLE).read().decode()

    assert "other: probably planet" in text


def test_json_and_json_lines_contain_the_records() -> None:
    plain = Provenance("efficientnet", "1.1.0", "a" * 64)
    lines = write(RECORDS, Format.JSONL, plain).read().splitlines()

    assert json.load(write(RECORDS, Format.JSON, plain)) == RECORDS
    assert [json.loads(line) for line in lines] == RECORDS


def test_csv_contains_the_rows() -> None:
    def format_cell(value: Any) -> str:
        return "" if value is None else str(value).lower() if value in (True, False) else str(value)

    rows = read_csv(write(RECORDS, Format.CSV))

    for row, record in zip(rows, RECORDS, strict=True):
        assert list(row) == NAMES
        for name, value in expected_text(record).items():
            cell = row[name]
            if isinstance(value, float):
                assert float(cell) == value
            else:
                assert cell == format_cell(value)


def test_parquet_contains_rows_types_units_and_provenance() -> None:
    table = parquet.read_table(write(RECORDS, Format.PARQUET))

    assert table.to_pylist() == [expected(record) for record in RECORDS]
    assert [str(table.schema.field(name).type) for name in ("width", "novelty")] == [
        "int32",
        "double",
    ]
    assert table.schema.field("width").metadata[b"unit"] == b"pixel"
    assert all(table.schema.field(name).metadata[b"description"] for name in NAMES)
    assert table.schema.metadata[b"model_sha256"] == b"a" * 64
    assert table.schema.metadata[b"time_limit"] == b"60"


@pytest.mark.parametrize("written", [Format.ECSV, Format.VOTABLE])
def test_astropy_reads_the_rows_with_units_and_descriptions(written: Format) -> None:
    table = read_table(write(RECORDS, written), written)
    escaped = [
        {
            k: escape_control_characters(v) if isinstance(v, str) else v
            for k, v in expected_text(record).items()
        }
        for record in RECORDS
    ]

    assert rows_of(table) == escaped
    assert str(table["width"].unit) == "pix"
    assert table["width"].dtype == np.int32
    assert isinstance(table["width"], MaskedColumn)
    assert [table[column.name].description for column in table_columns()] == [
        column.description for column in table_columns()
    ]


def test_ecsv_and_votable_contain_the_provenance() -> None:
    provenance = PROVENANCE.as_dict()
    [resource] = parse_votable(write(RECORDS, Format.VOTABLE), verify="exception").resources
    [table] = resource.tables

    assert provenance["model"] == "efficientnet"
    assert read_table(write(RECORDS, Format.ECSV), Format.ECSV).meta == provenance
    assert {info.name: info.value for info in table.infos} == provenance


@pytest.mark.parametrize("written", [Format.ECSV, Format.VOTABLE])
@settings(max_examples=25, deadline=None)
@given(names=names)
def test_astropy_reads_escaped_names(written: Format, names: list[str]) -> None:
    table = read_table(write([make_record(name) for name in names], written), written)

    assert list(table["path"]) == [escape_control_characters(name) for name in names]


@settings(max_examples=50, deadline=None)
@given(names=names)
def test_parquet_and_csv_escape_lone_surrogates_in_names(names: list[str]) -> None:
    records = [make_record(name) for name in names]
    expected = [name.encode(errors="backslashreplace").decode() for name in names]

    assert parquet.read_table(write(records, Format.PARQUET))["path"].to_pylist() == expected
    assert [row["path"].removeprefix("./") for row in read_csv(write(records, Format.CSV))] == [
        name.removeprefix("./") for name in expected
    ]


@pytest.mark.parametrize("separator", [";", "\t", "|", ","])
@pytest.mark.parametrize("name", ["x{}=1+2", "x{} @a", 'x"{}=1', "x{}-1{}=2", '"{}+1', "x\n{}=1"])
def test_csv_contains_no_formula_with_any_separator(separator: str, name: str) -> None:
    text = name.replace("{}", separator)
    records = [make_record(text), make_failure("plain", message=text)]
    written = write(records, Format.CSV).getvalue()

    for line in csv.reader(io.StringIO(written.decode(), newline=""), delimiter=separator):
        assert not [cell for cell in line if cell.strip().startswith(("=", "+", "-", "@"))]
    assert read_csv(io.BytesIO(written))[0]["path"].removeprefix("./") == text


def test_csv_escapes_control_characters_on_a_terminal() -> None:
    class Terminal(io.BytesIO):
        def isatty(self) -> bool:
            return True

    terminal, record = Terminal(), make_record("a\x1b[2J\x9b\n.fits", model="\x07")
    get_writer(Format.CSV)([record], terminal, PROVENANCE)

    assert not {0x1B, 0x07, 0x9B} & set(terminal.getvalue())
    assert rb"a\x1b[2J\x9b\n.fits" in terminal.getvalue()
    assert b"\x1b" in write([record], Format.CSV).getvalue()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_csv_prefixes_formulas_and_paths_remain_valid(start: str) -> None:
    records = [make_failure(f"{start}1+2", message=f"{start}1+2"), make_record("a=1")]

    formula, plain = read_csv(write(records, Format.CSV))

    assert formula["path"] == f"./{start}1+2"
    assert formula["error_message"] == f"'{start}1+2"
    assert plain["path"] == "a=1"


@pytest.mark.parametrize("written", STREAMING)
def test_each_record_is_written_before_the_next_is_requested(written: Format) -> None:
    file = io.BytesIO()
    sizes = []

    def records() -> Iterator[Record]:
        for record in RECORDS:
            yield record
            sizes.append(file.tell())

    get_writer(written)(records(), file, PROVENANCE)

    assert len(set(sizes)) == len(RECORDS)


def test_parquet_is_written_in_row_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deepsky.batch.writers.parquet.ROWS", 4)

    file = parquet.ParquetFile(write(RECORDS, Format.PARQUET))

    assert [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)] == [4, 2]
    assert file.read().to_pylist() == [expected(record) for record in RECORDS]


@pytest.mark.parametrize("written", Format)
def test_equal_records_give_equal_bytes(written: Format) -> None:
    assert write(RECORDS, written).read() == write(RECORDS, written).read()


@pytest.mark.parametrize("written", Format)
def test_file_without_records_is_valid(written: Format) -> None:
    file = write([], written)
    match written:
        case Format.JSON:
            assert json.load(file) == []
        case Format.CSV:
            assert read_csv(file) == []
        case Format.PARQUET:
            assert parquet.read_table(file).column_names == NAMES
        case Format.ECSV | Format.VOTABLE:
            assert read_table(file, written).colnames == NAMES
        case _:
            assert file.read() == b""


def test_records_below_the_minimum_confidence_are_flagged() -> None:
    flags = [False, False, True, None, None, False]

    table = parquet.read_table(write(RECORDS, Format.PARQUET))

    assert table["below_min_confidence"].to_pylist() == flags
    assert [r["below_min_confidence"] for r in json.load(write(RECORDS, Format.JSON))] == flags


def test_terminal_table_is_written_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deepsky.batch.writers.table.ROWS", 4)

    text = write(RECORDS, Format.TABLE).read().decode()

    assert text.count("Verdict") == 2
    assert "empty.png: It is empty." in text.split("Verdict")[1]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("all.csv", Format.CSV),
        ("all.VOT", Format.VOTABLE),
        ("all.xml", Format.VOTABLE),
        ("a.b.jsonl", Format.JSONL),
        ("all.parquet", Format.PARQUET),
        ("all.txt", None),
        ("all", None),
    ],
)
def test_suffix_determines_the_format(name: str, expected: Format | None) -> None:
    assert format_from_suffix(Path(name)) is expected


def test_missing_pyarrow_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "deepsky.batch.writers.parquet", raising=False)
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    with pytest.raises(ModuleNotFoundError) as raised:
        get_writer(Format.PARQUET)

    assert raised.value.name == "pyarrow"
    assert Format.PARQUET in BINARY
