import csv
from importlib import resources

import pytest

from deepsky.catalogue.designations import normalise
from deepsky.identification.file_names import object_names
from deepsky.identification.names import find_names
from tests.checkout import ROOT


def named_texts() -> list[tuple[str, str, list[str]]]:
    texts = []
    for table in sorted((ROOT / "tests" / "data").glob("object_names*.csv")):
        for row in csv.DictReader(table.read_text("utf-8").splitlines()):
            names = [name for name in row["designations"].split(";") if name]
            texts.append((row["origin"], row["text"], names))
    return texts


def common_names() -> list[dict[str, str]]:
    table = resources.files("deepsky.catalogue") / "data" / "common_names.csv"
    return list(csv.DictReader(table.read_text("utf-8").splitlines()))


@pytest.mark.parametrize(("origin", "text", "names"), named_texts())
def test_names_in_real_headers_and_files_are_found(
    origin: str, text: str, names: list[str]
) -> None:
    find = find_names if origin == "header" else object_names
    assert find(text) == names


def test_each_common_name_denotes_its_objects() -> None:
    for row in common_names():
        for text in (row["name"], row["name"].upper(), row["name"].replace(" ", "_")):
            assert row["designation"] in find_names(text), (text, row)


def test_table_of_common_names_has_canonical_designations_once_per_name() -> None:
    rows = [tuple(row.values()) for row in common_names()]
    assert len(set(rows)) == len(rows)
    assert {row["language"] for row in common_names()} == {"en", "de", "fr"}
    assert all(normalise(row["designation"]) == row["designation"] for row in common_names())


def test_names_are_in_the_order_of_the_text() -> None:
    assert find_names("IC 434 with Flame Nebula, M 78 and IC 434") == ["IC 434", "NGC 2024", "M 78"]


def test_name_of_the_file_precedes_the_name_of_its_folder() -> None:
    assert object_names("M 13/night/M81 group/m82.fits") == ["M 82", "M 81"]
    assert object_names(r"C:\sky\M81\m82.fits.gz") == ["M 82", "M 81"]
    assert object_names("https://host/M%2031.jpg") == ["M 31"]


@pytest.mark.parametrize("control", ["\0", "\x07", "\x1b", "\x85"])
def test_control_characters_separate_names(control: str) -> None:
    assert find_names(f"M{control}31") == []
    assert find_names(f"M 31{control}NGC 7000{control}") == ["M 31", "NGC 7000"]


def test_text_beyond_the_limit_is_not_read() -> None:
    assert find_names("M 31 " + "." * 10_000 + " M 42") == ["M 31"]


@pytest.mark.parametrize(
    "part",
    [
        "M 1-",
        "M 81/",
        "NGC",
        "great ",
        "a",
        "M",
        "1",
        "\0",
        "\ufdfa",
        "M1/2/3/",
        "M 31 B 33 ",
        "aB",
    ],
)
def test_names_in_repetitive_text_are_designations(part: str) -> None:
    names = find_names(part * (10_000 // len(part)))
    assert all(normalise(name) == name for name in names)
    assert len(names) < 10


def test_superscripts_and_digits_of_other_scripts_are_no_numbers() -> None:
    assert find_names("M² M① M\u0663\u0661") == []
