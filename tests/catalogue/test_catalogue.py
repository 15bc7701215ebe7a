import pytest

from deepsky.catalogue import CatalogueObject, load_catalogue
from deepsky.catalogue.common_names import read_common_names
from deepsky.catalogue.designations import normalise
from deepsky.catalogue.objects import KINDS
from deepsky.taxonomy import LABELS


def known(name: str) -> CatalogueObject:
    entry = load_catalogue().find(name)
    assert entry is not None
    return entry


def test_every_designation_denotes_one_object() -> None:
    names = [name for entry in load_catalogue() for name in entry.designations]
    assert len(names) == len(set(names))


def test_designations_are_in_the_spelling_that_texts_are_normalised_to() -> None:
    for entry in load_catalogue():
        for name in entry.designations:
            assert normalise(name) in {name, None}
            assert load_catalogue().find(name) is entry


def test_designations_contain_no_notes() -> None:
    assert not [n for entry in load_catalogue() for n in entry.designations if "NOTES" in n]


def test_all_messier_and_caldwell_objects_are_found() -> None:
    for catalogue, count in (("M", 110), ("C", 109)):
        for number in range(1, count + 1):
            assert known(f"{catalogue} {number}").designations


def test_messier_objects_are_named_by_their_messier_number() -> None:
    numbers = set(range(1, 111)) - {102}
    assert all(known(f"M {number}").name == f"M {number}" for number in numbers)


def test_common_names_denote_objects_of_the_catalogue() -> None:
    for name, _, designation in read_common_names():
        assert load_catalogue().find(name) is not None
        assert load_catalogue().find(designation) is not None


def test_values_are_in_their_ranges() -> None:
    for entry in load_catalogue():
        assert entry.name == entry.designations[0]
        assert entry.kind in KINDS
        assert set(entry.labels) <= set(LABELS)
        assert len(set(entry.labels)) == len(entry.labels)
        assert 0 <= entry.ra < 360
        assert -90 <= entry.dec <= 90
        assert entry.major_axis is None or 0 < entry.major_axis < 1500
        assert entry.minor_axis is None or entry.major_axis is not None
        assert (
            entry.minor_axis is None
            or entry.major_axis is None
            or (0 < entry.minor_axis <= entry.major_axis)
        )
        assert entry.position_angle is None or 0 <= entry.position_angle < 180
        assert entry.constellation is None or len(entry.constellation) == 3


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ngc224", "M 31"),
        ("Caldwell 20", "NGC 7000"),
        ("sh2-281", "M 42"),
        ("IC 11", "NGC 281"),
        ("NGC 2239", "NGC 2244"),
        ("IC 4703", "M 16"),
        ("andromeda galaxy", "M 31"),
        ("Pferdekopfnebel", "B 33"),
        ("Flame Nebula", "NGC 2024"),
        ("Melotte 22", "M 45"),
        ("Abell 21", "Sh2-274"),
        ("HCG 92", "HCG 92"),
        ("Simeis 147", "Sh2-240"),
        ("PK 164+31.1", "Jones-Emberson 1"),
        ("PK 104-29.1", "Jones 1"),
        ("Ced 214", "NGC 7822"),
        ("LDN 694", "B 143"),
        ("vdB 142", "IC 1396A"),
        ("UGC 1810", "Arp 273"),
        ("Arp 244", "NGC 4038"),
        ("Hickson 44", "HCG 44"),
        ("Hoag's Object", "PGC 54559"),
        ("Draco Dwarf", "UGC 10822"),
        ("WR-134", "WR 134"),
    ],
)
def test_object_is_found_by_each_of_its_names(text: str, name: str) -> None:
    assert known(text).name == name


@pytest.mark.parametrize("text", ["", "NGC 9999", "my garden", "M 111", "x" * 10_000])
def test_other_texts_denote_no_object(text: str) -> None:
    assert load_catalogue().find(text) is None


@pytest.mark.parametrize(
    ("name", "kind", "labels"),
    [
        ("M 31", "spiral galaxy", ("galaxy",)),
        ("M 87", "elliptical galaxy", ("galaxy",)),
        ("NGC 1023", "lenticular galaxy", ("galaxy",)),
        ("M 82", "irregular galaxy", ("galaxy",)),
        ("HCG 92", "galaxy group", ("galaxy",)),
        ("M 13", "globular cluster", ("star_cluster",)),
        ("M 11", "open cluster", ("star_cluster",)),
        ("M 45", "open cluster", ("star_cluster", "nebula")),
        ("M 42", "emission nebula", ("nebula", "star_cluster")),
        ("M 16", "cluster with nebula", ("nebula", "star_cluster")),
        ("NGC 2244", "open cluster", ("star_cluster", "nebula")),
        ("M 57", "planetary nebula", ("nebula",)),
        ("M 78", "reflection nebula", ("nebula",)),
        ("M 1", "supernova remnant", ("nebula",)),
        ("B 33", "dark nebula", ("nebula",)),
        ("M 40", "double star", ()),
    ],
)
def test_kind_and_labels(name: str, kind: str, labels: tuple[str, ...]) -> None:
    assert (known(name).kind, known(name).labels) == (kind, labels)


@pytest.mark.parametrize(
    ("name", "ra", "dec"),
    [("M 31", 10.685, 41.269), ("M 42", 83.819, -5.39), ("NGC 253", 11.888, -25.288)],
)
def test_positions_are_in_degrees(name: str, ra: float, dec: float) -> None:
    assert (known(name).ra, known(name).dec) == pytest.approx((ra, dec), abs=0.02)


def test_common_names_in_english_and_german() -> None:
    assert "Andromeda Galaxy" in known("M 31").common_names
    assert "Andromedagalaxie" in known("M 31").common_names_de


def test_the_catalogue_is_read_once() -> None:
    assert load_catalogue() is load_catalogue()
