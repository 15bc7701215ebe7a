from pathlib import Path

from deepsky.imaging.formats import FORMATS, SUFFIXES, TITLES

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "formats.md").read_text(encoding="utf-8")


def table() -> list[list[str]]:
    """Return the cells of the rows of the table of formats."""
    rows = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("|")]
    return [row for row in rows if row[-1].startswith("`test_")]


def test_every_format_is_in_the_table() -> None:
    listed = {row[0] for row in table()}

    assert listed >= set(TITLES)


def test_every_camera_raw_format_and_every_suffix_is_documented() -> None:
    missing = {item.name for item in FORMATS if item.is_camera_raw and item.name not in PAGE}
    missing |= {suffix for suffix in SUFFIXES if f"`{suffix}`" not in PAGE}

    assert not missing


def test_every_row_of_the_table_names_an_existing_test() -> None:
    for _, feature, read, since, cell in table():
        module, test = cell.strip("`").split("::")
        functions = (Path(__file__).parent / module).read_text(encoding="utf-8")

        assert f"\ndef {test}(" in functions, (feature, cell)
        assert read in {"yes", "no"}
        assert since.replace(".", "").isdigit()
