import pytest

from deepsky.imaging.display.mosaic_pattern import (
    UNKNOWN_ORDER,
    X_TRANS,
    find_pattern,
    flip_pattern,
)


@pytest.mark.parametrize(
    ("cards", "pattern"),
    [
        ({"BAYERPAT": "RGGB"}, "RGGB"),
        ({"BAYERPAT": "gbrg    "}, "GBRG"),
        ({"BAYERPAT": "RG/GB"}, "RGGB"),
        ({"BAYERPAT": X_TRANS}, X_TRANS),
        ({"BAYERPAT": True}, UNKNOWN_ORDER),
        ({"BAYERPAT": "UNKNOWN"}, UNKNOWN_ORDER),
        ({"BAYERPAT": "CMYG"}, UNKNOWN_ORDER),
        ({"BAYERPAT": "RRRR"}, UNKNOWN_ORDER),
        ({"BAYERPAT": "RGBG"}, UNKNOWN_ORDER),  # the colours in the order of LibRaw
        ({"BAYERPAT": "MONO"}, None),
        ({"BAYERPAT": False}, None),
        ({"BAYERPAT": ""}, None),
        ({"COLORTYP": "BGGR"}, "BGGR"),
        ({"COLORTYP": "RGB"}, None),
        ({"COLORTYP": "something"}, None),
        ({"CFAPAT": "GRBG"}, "GRBG"),
        ({"BAYERPAT": "RGGB", "XBAYROFF": 1}, "GRBG"),
        ({"BAYERPAT": "RGGB", "YBAYROFF": 1.0}, "GBRG"),
        ({"BAYERPAT": "RGGB", "XBAYROFF": 3, "YBAYROFF": -1}, "BGGR"),
        ({"BAYERPAT": "RGGB", "XBAYROFF": "none", "YBAYROFF": 0.5}, "RGGB"),
        ({"BAYERPAT": "RGGB", "XBAYROFF": float("inf"), "YBAYROFF": float("nan")}, "RGGB"),
        ({}, None),
    ],
)
def test_pattern_is_found_in_the_header(cards: dict[str, object], pattern: str | None) -> None:
    assert find_pattern(cards) == pattern


def test_flipping_reverses_rows() -> None:
    assert flip_pattern("RGGB") == "GBRG"
    assert flip_pattern(flip_pattern(X_TRANS)) == X_TRANS
