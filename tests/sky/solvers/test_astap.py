from collections.abc import Callable
from pathlib import Path

import pytest

from deepsky.sky.reduction import ReducedImage
from deepsky.sky.solvers import Limits, PositionFinder, SearchHints, Unsolved
from deepsky.sky.solvers.astap import Astap

FAKE_ASTAP = """
# A stand-in for astap_cli: keeps its arguments, and writes a result in ASTAP's documented form.
import sys
from pathlib import Path
options = dict(zip(sys.argv[1::2], sys.argv[2::2]))
Path({kept!r}).write_text("\\n".join(f"{{k}} {{v}}" for k, v in options.items()))
assert Path(options["-f"]).read_bytes().startswith(b"SIMPLE")
Path(options["-o"] + ".ini").write_text({result!r})
sys.exit({code})
"""
SOLVED = """PLTSOLVD=T
CRPIX1= 8.0050000000000000E+002
CRPIX2= 4.2550000000000000E+002
CRVAL1= 1.0000000000000000E+001
CRVAL2= 4.0000000000000000E+001
CDELT1=-1.0000000000000000E-003
CDELT2= 1.0000000000000000E-003
CROTA1= 0.0000000000000000E+000
CROTA2= 0.0000000000000000E+000
CD1_1=-1.0000000000000000E-003
CD1_2= 0.0000000000000000E+000
CD2_1= 0.0000000000000000E+000
CD2_2=-1.0000000000000000E-003
CMDLINE=astap_cli -f image.fits
"""
Install = Callable[[str, str], Path]


def install_fake(install: Install, kept: Path, result: str, code: int = 0) -> None:
    install("astap_cli", FAKE_ASTAP.format(kept=str(kept), result=result, code=code))


@pytest.mark.usefixtures("index_folder")
def test_solution_is_for_the_full_size(
    fake_program: Install, tmp_path: Path, star_image: ReducedImage
) -> None:
    install_fake(fake_program, tmp_path / "kept", SOLVED)
    position = PositionFinder(Astap()).find(star_image).position
    assert position is not None
    assert (position.ra, position.dec, position.source) == pytest.approx((10, 40, "astap"))
    assert position.pixel_scale == pytest.approx(1.8)
    assert not position.mirrored


def test_hints_become_documented_options(
    fake_program: Install, tmp_path: Path, star_image: ReducedImage, index_folder: Path
) -> None:
    install_fake(fake_program, tmp_path / "kept", SOLVED)
    hints = SearchHints(ra=150, dec=-40, radius=5, min_scale=1.8, max_scale=1.8)
    Astap().solve(star_image, hints, Limits(seconds=200))
    options = (tmp_path / "kept").read_text("utf-8").splitlines()
    assert {"-ra 10.000000", "-spd 50.00000", "-r 5.000", "-fov 0.85000"} <= set(options)
    assert f"-d {index_folder}" in options


@pytest.mark.usefixtures("index_folder")
def test_blind_search_covers_the_whole_sky(
    fake_program: Install, tmp_path: Path, star_image: ReducedImage
) -> None:
    install_fake(fake_program, tmp_path / "kept", SOLVED)
    Astap().solve(star_image, SearchHints(), Limits(seconds=200))
    options = (tmp_path / "kept").read_text("utf-8").splitlines()
    assert {"-r 180", "-fov 0"} <= set(options)
    assert not any(option.startswith(("-ra", "-spd")) for option in options)


@pytest.mark.usefixtures("index_folder")
@pytest.mark.parametrize(
    ("result", "reason"),
    [
        ("PLTSOLVD=F\n", "no match"),
        ("PLTSOLVD=F\nERROR=Not enough stars.\n", "too few stars"),
        ("PLTSOLVD=T\nCRPIX1=many\n", "engine failed"),
    ],
)
def test_reason_of_failure_is_told(
    result: str,
    reason: str,
    fake_program: Install,
    tmp_path: Path,
    star_image: ReducedImage,
) -> None:
    install_fake(fake_program, tmp_path / "kept", result, code=1)
    found = Astap().solve(star_image, SearchHints(), Limits(seconds=200))
    assert found == Unsolved(reason)  # type: ignore[arg-type]
