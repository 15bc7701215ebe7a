import pytest

from deepsky.catalogue.designations import normalise

LIMITS = [
    ("M", 110),
    ("C", 109),
    ("NGC", 7840),
    ("IC", 5386),
    ("B", 370),
    ("vdB", 159),
    ("LDN", 1802),
    ("LBN", 1125),
    ("Mel", 245),
    ("Cr", 471),
    ("Tr", 37),
    ("HCG", 100),
    ("Arp", 338),
    ("UGC", 12921),
    ("ACO", 4076),
]


@pytest.mark.parametrize(
    ("text", "designation"),
    [
        ("ngc7000", "NGC 7000"),
        ("NGC0281", "NGC 281"),
        ("messier 31", "M 31"),
        ("m_31", "M 31"),
        ("ic1396a", "IC 1396A"),
        ("Sharpless 2-155", "Sh2-155"),
        ("sh2_155", "Sh2-155"),
        ("Sh2155", "Sh2-155"),
        ("Sharpless 240", "Sh2-240"),
        ("van den Bergh 142", "vdB 142"),
        ("Melotte 25", "Mel 25"),
        ("Minkowski 1-92", "M 1-92"),
        ("M1-92", "M 1-92"),
        ("Jones 1", "Jones 1"),
        ("Jones-Emberson 1", "Jones-Emberson 1"),
        ("PK 164+31.1", "PK 164+31.1"),
        ("PN G075.5+01.7", "PN G75.5+1.7"),
        ("ESO056-115", "ESO 56-115"),
        ("ESO 97-G13", "ESO 97-13"),
        ("HCG092", "HCG 92"),
        ("Ｍ３１", "M 31"),  # noqa: RUF001
        ("NGC\u00a07000\u200b", "NGC 7000"),
    ],
)
def test_spelling_becomes_canonical(text: str, designation: str) -> None:
    assert normalise(text) == designation
    assert normalise(designation) == designation


@pytest.mark.parametrize(
    ("text", "designation"),
    [
        ("Abell 39", "Abell 39"),
        ("PN A66 39", "Abell 39"),
        ("ACO 39", "ACO 39"),
        ("Abell cluster 39", "ACO 39"),
        ("Abell 86", "Abell 86"),
        ("Abell 87", "ACO 87"),
        ("Abell S636", "ACO S636"),
        ("PN A66 87", None),
    ],
)
def test_planetary_nebulae_and_galaxy_clusters_of_abell_are_told_apart(
    text: str, designation: str | None
) -> None:
    assert normalise(text) == designation


@pytest.mark.parametrize(("catalogue", "largest"), LIMITS)
def test_number_beyond_the_catalogue_is_no_designation(catalogue: str, largest: int) -> None:
    assert normalise(f"{catalogue} {largest}") == f"{catalogue} {largest}"
    assert normalise(f"{catalogue} {largest + 1}") is None
    assert normalise(f"{catalogue} 0") is None


@pytest.mark.parametrize(
    "text", ["", "M", "31", "M 31 Andromeda", "SM1", "NGC 7000s", "C/2023 A3", "M\x0031", "M²"]
)
def test_other_text_is_no_designation(text: str) -> None:
    assert normalise(text) is None


def test_long_text_is_no_designation() -> None:
    assert normalise("NGC 7000" + " " * 1_000_000) is None
