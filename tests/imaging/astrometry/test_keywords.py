import pytest

from deepsky.imaging.astrometry.keywords import clean_names, find_hints


def test_names_are_distinct_printable_and_bounded() -> None:
    names = clean_names(["M 31", " M\x0031\n", "", "M 31", "x" * 9999, *map(str, range(99))])
    assert names[:3] == ("M 31", "x" * 255, "0")
    assert len(names) == 20


@pytest.mark.parametrize(
    ("cards", "ra", "dec"),
    [
        ({"RA": 83.8, "DEC": -5.4}, 83.8, -5.4),
        ({"RA": "05 35 12", "DEC": "-05 24 00"}, 83.8, -5.4),
        ({"RA": "5h35m12s", "DEC": "-05:24:00"}, 83.8, -5.4),
        ({"RA": "05:35.2", "DEC": "-0:30"}, 83.8, -0.5),
        ({"OBJCTRA": "05 35 12.0", "OBJCTDEC": "-05 24 00.0"}, 83.8, -5.4),
        ({"RA": "nonsense", "DEC": 3, "OBJCTRA": "0 4 0", "OBJCTDEC": "+01 00 00"}, 1.0, 1.0),
        ({"RA": 0.0, "DEC": 0.0}, None, None),
        ({"RA": -1.5, "DEC": 3.0}, 358.5, 3.0),
        ({"RA": 400.0, "DEC": 0.0}, None, None),
        ({"RA": 10.0}, None, None),
    ],
)
def test_position_hint(cards: dict[str, str | float], ra: float | None, dec: float | None) -> None:
    hints = find_hints(cards)
    assert (hints.ra, hints.dec) == pytest.approx((ra, dec))


def test_optics() -> None:
    hints = find_hints({"FOCALLEN": 530, "XPIXSZ": 7.52, "XBINNING": 2, "SECPIX": "2.93"})
    assert (hints.focal_length, hints.pixel_size, hints.pixel_scale) == (530, 7.52, 2.93)
    hints = find_hints({"FOCALLEN": 0, "PIXSIZE1": 3.76, "XBINNING": 2, "SCALE": -1})
    assert (hints.focal_length, hints.pixel_size, hints.pixel_scale) == (None, 7.52, None)
