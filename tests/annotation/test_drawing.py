"""Annotated images: what is drawn where."""

from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from astropy.wcs import WCS
from PIL import Image

from deepsky.annotation.annotate import annotate
from deepsky.annotation.compose import compose
from deepsky.annotation.font import text_width
from deepsky.annotation.furniture import NOT_PLACED
from deepsky.annotation.scene import Scene, Text
from deepsky.imaging.preview import render_preview
from deepsky.imaging.read import read_image
from deepsky.models.evidence import COLOURS
from deepsky.sky.position import SkyPosition
from tests.annotation.identified import M_31, identified_record
from tests.catalogue.sky_fields import Field, field_around

SVG = "{http://www.w3.org/2000/svg}"
VIRGO = (187.0, 12.8)
GREY = render_preview(np.full((600, 900, 3), 40, dtype=np.uint8))


def texts_of(scene: Scene) -> list[str]:
    return [text.text for text in scene.texts]


def box_of(text: Text) -> tuple[float, float, float, float]:
    width = text_width(text.text, text.size)
    left = text.x - width * {"start": 0, "middle": 0.5, "end": 1}[text.anchor]
    return left, text.y - 0.4 * text.size, left + width, text.y + 0.4 * text.size


@pytest.mark.parametrize(
    ("place", "scale", "size"),
    [(VIRGO, 10, (1600, 1000)), (VIRGO, 20, (800, 500)), ((83.8, -5.0), 30, (1000, 1400))],
)
@pytest.mark.parametrize("grid", [False, True])
def test_texts_are_inside_and_do_not_overlap(
    place: tuple[float, float], scale: float, size: tuple[int, int], grid: bool
) -> None:
    scene = compose(
        identified_record(field_around(*place, scale=scale, size=size)), size, grid=grid
    )

    boxes = [box_of(text) for text in scene.texts]
    assert len(boxes) > 10
    for number, (left, top, right, bottom) in enumerate(boxes):
        assert 0 <= left < right <= size[0]
        assert 0 <= top < bottom <= size[1] + scene.strip
        for other in boxes[:number]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("rotation", [0, 70, 215])
def test_outline_has_the_place_size_and_angle_of_the_object(
    rotation: float, mirrored: bool
) -> None:
    field = field_around(*M_31, scale=20, rotation=rotation, mirrored=mirrored, size=(1200, 900))

    scene = compose(identified_record(field), (600, 450))

    outlines = [line for line in scene.lines if len(line.points) > 40]
    subject = max(outlines, key=lambda line: line.width)
    points = subject.points
    centre = points[:-1].mean(axis=0)
    end = points[np.argmax(np.linalg.norm(points - centre, axis=1))]
    world = field.wcs.all_pix2world(np.array([centre, end]) * 2 - 0.5, 0)
    np.testing.assert_allclose(world[0], M_31, atol=0.01)
    east = (world[1, 0] - world[0, 0]) * np.cos(np.radians(M_31[1]))
    north = world[1, 1] - world[0, 1]
    assert np.hypot(east, north) == pytest.approx(177.83 / 120, rel=0.05)
    assert np.degrees(np.arctan2(east, north)) % 180 == pytest.approx(35, abs=2)


def test_compass_points_north_and_east() -> None:
    for rotation, mirrored in ((0, False), (130, True)):
        field = field_around(
            *M_31, scale=20, rotation=rotation, mirrored=mirrored, size=(1200, 900)
        )
        scene = compose(identified_record(field), (1200, 900))
        north, east = (text for text in scene.texts if text.text in ("N", "E"))
        middle = np.array([north.x + east.x, north.y + east.y]) / 2
        centre = field.wcs.all_world2pix([M_31], 0)[0]
        ahead = field.wcs.all_world2pix([[M_31[0], M_31[1] + 0.1]], 0)[0] - centre
        beside = field.wcs.all_world2pix([[M_31[0] + 0.1, M_31[1]]], 0)[0] - centre
        for text, direction in ((north, ahead), (east, beside)):
            offset = np.array([text.x, text.y]) - middle
            assert offset @ direction > 0.6 * np.linalg.norm(offset) * np.linalg.norm(direction)


def test_title_names_object_class_and_probability() -> None:
    texts = texts_of(compose(identified_record(None), (1200, 900)))

    assert {"M 31, Andromeda Galaxy", "galaxy 97%", "deepsky", NOT_PLACED} == set(texts)


def test_contradicted_object_is_not_named_in_the_title() -> None:
    texts = texts_of(compose(identified_record(None, agreement="differs"), (1200, 900)))

    assert "galaxy 97%" in texts
    assert not any("Andromeda" in text for text in texts)


def test_title_states_the_label_of_a_persons_own_model() -> None:
    record = identified_record(None, label="comet", probabilities={"comet": 0.8, "other": 0.2})

    assert "comet 80%" in texts_of(compose(record, (1200, 900)))


def test_title_of_a_small_image_is_shortened() -> None:
    scene = compose(identified_record(None), (180, 120))

    assert any(text.text.endswith("…") for text in scene.texts)
    assert all(box_of(text)[2] <= 180 for text in scene.texts)


def test_grid_lines_have_equal_coordinates() -> None:
    field = field_around(200, 60, scale=20, rotation=30, size=(1200, 900))
    scene = compose(identified_record(field), (1200, 900), grid=True)

    grid = [line for line in scene.lines if line.opacity < 1]
    assert 6 < len(grid) < 30
    for line in grid:
        world = field.wcs.all_pix2world(line.points - 0.5, 0)
        assert np.ptp(world, axis=0).min() < 1e-6
    assert any(text.endswith("m") for text in texts_of(scene))
    assert any("°" in text and text.startswith("+") for text in texts_of(scene))


@pytest.mark.parametrize("place", [(10, 90), (10, -89.2), (359.9, 0)])
def test_grid_around_the_poles_and_the_equinox(place: tuple[float, float]) -> None:
    field = field_around(*place, scale=20, size=(1200, 900))

    scene = compose(identified_record(field), (1200, 900), grid=True)

    assert 4 < len([line for line in scene.lines if line.opacity < 1]) < 40


def test_png_is_drawn_over_the_image_and_placed_by_avm() -> None:
    field = field_around(*M_31, scale=20, rotation=40, size=(1800, 1200))
    record = identified_record(field)

    png = annotate(record, GREY, "png", grid=True)

    with Image.open(BytesIO(png)) as image:
        pixels = np.asarray(image)
    assert pixels.shape[1] == 900
    assert pixels.shape[0] > 600
    assert (np.abs(pixels.astype(int) - COLOURS["galaxy"]).sum(axis=2) < 12).sum() > 500
    assert tuple(pixels[300, 450]) == (40, 40, 40)
    read = read_image(png)
    assert read.metadata.object_names[0] == "M 31"
    assert read.metadata.wcs_header
    position = SkyPosition.from_header(read.metadata.wcs_header, read.width, read.height, "avm")
    assert position
    world = field.wcs.all_pix2world([[0, 0], [1799, 1199]], 0)
    found = position.wcs.all_world2pix(world, 0)
    np.testing.assert_allclose(found, [[-0.25, -0.25], [899.25, 599.25]], atol=0.05)


def test_svg_contains_the_image_and_escaped_texts() -> None:
    record: Any = identified_record(field_around(*M_31, scale=20, size=(1800, 1200)))
    record["object"]["common_name"] = "<Andromeda> & more"

    root = ET.fromstring(annotate(record, GREY, "svg", comment="a mark"))

    [image] = root.iter(f"{SVG}image")
    data = image.attrib["{http://www.w3.org/1999/xlink}href"]
    assert data.startswith("data:image/jpeg;base64,")
    assert root.attrib["width"] == "900"
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert "M 31, <Andromeda> & more" in texts
    assert all(float(text.attrib["textLength"]) > 0 for text in root.iter(f"{SVG}text"))
    assert len(list(root.iter(f"{SVG}polyline"))) > 5
    assert not [name for name in ("http:", "file:") if any(name in str(t) for t in texts)]


@pytest.mark.parametrize("seed", range(25))
def test_any_plausible_wcs_is_drawn(seed: int) -> None:
    chance = np.random.default_rng(seed)
    width, height = (int(n) for n in chance.integers(20, 900, 2))
    projection = str(chance.choice(["TAN", "CAR", "AIT", "ZEA", "SIN", "STG", "MER", "COE"]))
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = [f"RA---{projection}", f"DEC--{projection}"]
    wcs.wcs.crval = [chance.uniform(0, 360), chance.choice([-90, 0, 90, chance.uniform(-90, 90)])]
    wcs.wcs.crpix = chance.uniform(-1, 2, 2) * (width, height)
    wcs.wcs.cd = chance.normal(0, 10 ** chance.uniform(-6, 0.3), (2, 2)) * 100 / max(width, height)
    if projection == "COE":
        wcs.wcs.set_pv([(2, 1, 45.0)])
    wcs.wcs.radesys = "ICRS"
    position = SkyPosition.from_wcs(wcs, width, height, "header")
    if position is None:
        return
    record = identified_record(Field(wcs, width, height))
    preview = render_preview(np.full((height, width, 3), 40, dtype=np.uint8))

    svg = annotate(record, preview, "svg", grid=True)
    png = annotate(record, preview, "png", grid=True)

    assert b"nan" not in svg
    assert png.startswith(b"\x89PNG")
