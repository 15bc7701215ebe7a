import pytest

from deepsky.errors import CorruptImageError
from deepsky.imaging.fits.cards import get_integer, get_number, parse_cards
from tests.imaging.fits_writer import text_header


def parse(*cards: str) -> dict[str, object]:
    return dict(parse_cards(text_header(list(cards)).partition(b"END")[0]))


@pytest.mark.parametrize(
    ("card", "value"),
    [
        ("KEY     =                   16 / comment", 16),
        ("KEY     = -1.5D3", -1500.0),
        ("KEY     = 1e-3/comment", 0.001),
        ("KEY     =                    T", True),
        ("KEY     = 'it''s / here  ' / comment", "it's / here"),
        ("KEY     = 'no end", "no end"),
        ("KEY     = TOP-DOWN / not quoted", "TOP-DOWN"),
        ("KEY     = -10,5", "-10,5"),
        ("key     = 'lower case'", "lower case"),
        ("KEY=5", 5),
        ("KEY     = 'grün'", "grün"),
    ],
)
def test_value_of_a_card_is_parsed(card: str, value: object) -> None:
    assert parse(card) == {"KEY": value}


def test_cards_without_a_value_are_omitted() -> None:
    assert parse("KEY     =", "HIERARCH ESO DET = 5", "CONTINUE  'text'", "", "?=3") == {}


def test_first_of_several_cards_with_one_keyword_counts() -> None:
    assert parse("KEY     = 1", "KEY     = 2") == {"KEY": 1}


def test_history_is_joined() -> None:
    assert parse("HISTORY one = 1", "HISTORY two") == {"HISTORY": "one = 1\ntwo"}


@pytest.mark.parametrize("value", ["16.0", "'16'", 16, 16.0])
def test_integers_in_other_notations_are_accepted(value: object) -> None:
    assert get_integer(parse(f"BITPIX  = {value}"), "BITPIX") == 16  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["16,0", "T", "'wide'", "NaN", "INF", "1E999", "-5", "16.5", ""])
def test_message_names_the_card_that_is_not_a_valid_integer(value: str) -> None:
    with pytest.raises(CorruptImageError, match="for NAXIS1 instead"):
        get_integer(parse(f"NAXIS1  = {value}"), "NAXIS1")  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["32768,0", "NaN", "INF", "T", "'none'"])
def test_message_names_the_card_that_is_not_a_valid_number(value: str) -> None:
    with pytest.raises(CorruptImageError, match="for BZERO instead"):
        get_number(parse(f"BZERO   = {value}"), "BZERO", 0)  # type: ignore[arg-type]
