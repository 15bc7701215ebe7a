import numpy as np
import pytest
from astropy.coordinates import SkyCoord
from astropy.units import deg
from astropy.wcs import WCS

from deepsky.catalogue import CatalogueObject, FieldObject, load_catalogue
from tests.catalogue.sky_fields import Field, field_around, inside, pixels_of, random_field


def objects_in(field: Field) -> dict[str, FieldObject]:
    found = load_catalogue().in_field(field.wcs, field.width, field.height)
    return {item.object.name: item for item in found}


def known(name: str) -> CatalogueObject:
    entry = load_catalogue().find(name)
    assert entry is not None
    return entry


def test_random_fields_contain_exactly_the_objects_that_astropy_puts_there() -> None:
    objects = list(load_catalogue())
    generator = np.random.default_rng(22)
    for index in generator.choice(len(objects), 25, replace=False):
        field = random_field(objects[index], generator)
        pixels = pixels_of(field, objects)
        expected = {objects[i].name: pixels[i] for i in np.flatnonzero(inside(field, pixels))}
        found = {name: item for name, item in objects_in(field).items() if item.inside}
        assert objects[index].name in found
        assert found.keys() == expected.keys()
        for name, item in found.items():
            assert np.hypot(*(expected[name] - [item.x, item.y])) < 0.01


def test_pixels_in_distorted_random_fields_are_those_of_the_objects() -> None:
    objects = list(load_catalogue())
    generator = np.random.default_rng(23)
    for index in generator.choice(len(objects), 25, replace=False):
        field = random_field(objects[index], generator, distortion=0.005)
        found = {name: item for name, item in objects_in(field).items() if item.inside}
        assert objects[index].name in found
        items = list(found.values())
        sky = SkyCoord([i.object.ra for i in items], [i.object.dec for i in items], unit="deg")
        x, y = np.array([i.x for i in items]), np.array([i.y for i in items])
        here, beside = field.wcs.pixel_to_world(x, y), field.wcs.pixel_to_world(x + 1, y)
        assert (here.separation(sky) < 0.1 * here.separation(beside)).all()


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("rotation", [0, 30, 200])
def test_ellipse_has_the_size_and_orientation_of_the_galaxy(
    mirrored: bool, rotation: float
) -> None:
    galaxy = known("M 31")
    assert galaxy.major_axis is not None
    assert galaxy.minor_axis is not None
    assert galaxy.position_angle is not None
    field = field_around(galaxy.ra, galaxy.dec, scale=10, rotation=rotation, mirrored=mirrored)
    item = objects_in(field)["M 31"]
    end = SkyCoord(galaxy.ra, galaxy.dec, unit="deg").directional_offset_by(
        galaxy.position_angle * deg, galaxy.major_axis / 120 * deg
    )
    x, y = field.wcs.world_to_pixel(end)
    assert item.semi_major == pytest.approx(np.hypot(x - item.x, y - item.y), rel=0.01)
    assert item.semi_minor == pytest.approx(galaxy.minor_axis * 60 / 10 / 2, rel=0.01)
    angle = np.degrees(np.arctan2(y - item.y, x - item.x)) % 180
    assert item.angle == pytest.approx(angle, abs=0.5)


def test_object_beside_the_image_is_listed_if_its_ellipse_reaches_into_it() -> None:
    galaxy = known("M 31")  # its major axis points to the north-east, and is 178' long
    towards_north_east = field_around(galaxy.ra + 1.2, galaxy.dec + 1.1, scale=2)
    towards_north_west = field_around(galaxy.ra - 1.2, galaxy.dec + 1.1, scale=2)
    item = objects_in(towards_north_east)["M 31"]
    assert not item.inside
    assert "M 31" not in objects_in(towards_north_west)


def test_large_object_around_a_small_field_is_listed() -> None:
    cloud = known("LMC")
    item = objects_in(field_around(cloud.ra + 3, cloud.dec + 1, scale=1))[cloud.name]
    assert not item.inside


def test_field_across_right_ascension_zero_contains_objects_on_both_sides() -> None:
    names = objects_in(field_around(0.0, 67.0, scale=10))
    assert names["NGC 7822"].inside
    ras = {item.object.ra > 180 for item in names.values()}
    assert ras == {True, False}


@pytest.mark.parametrize(("dec", "name"), [(90.0, "NGC 3172"), (-90.0, "NGC 2573")])
def test_field_around_a_pole_contains_the_galaxies_there(dec: float, name: str) -> None:
    found = objects_in(field_around(0.0, dec, scale=8))
    assert found[name].inside
    assert all(abs(item.object.dec) > 85 for item in found.values() if item.inside)


def test_far_side_of_the_sky_is_not_listed() -> None:
    galaxy = known("M 31")
    opposite = field_around(galaxy.ra - 180, -galaxy.dec, scale=200)
    assert "M 31" not in objects_in(opposite)


@pytest.mark.parametrize("projection", ["ZEA", "AIT", "MOL", "CAR"])
def test_image_of_the_whole_sky_contains_the_whole_catalogue(projection: str) -> None:
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = [f"RA---{projection}", f"DEC--{projection}"]
    wcs.wcs.crval = [120.0, 0.0]
    wcs.wcs.crpix = [1000.5, 500.5]
    wcs.wcs.cdelt = [-0.23, 0.23]
    found = load_catalogue().in_field(wcs, 2000, 1000)
    assert sum(item.inside for item in found) > 0.99 * len(load_catalogue())


def test_orthographic_image_shows_one_hemisphere() -> None:
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = ["RA---SIN", "DEC--SIN"]
    wcs.wcs.crval = [120.0, 0.0]
    wcs.wcs.crpix = [500.5, 500.5]
    wcs.wcs.cdelt = [-0.12, 0.12]
    centre = SkyCoord(120, 0, unit="deg")
    for item in load_catalogue().in_field(wcs, 1000, 1000):
        sky = SkyCoord(item.object.ra, item.object.dec, unit="deg")
        assert sky.separation(centre).deg < 91


def test_galactic_coordinates_are_converted() -> None:
    galaxy = known("M 31")
    position = SkyCoord(galaxy.ra, galaxy.dec, unit="deg").galactic
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = ["GLON-TAN", "GLAT-TAN"]
    wcs.wcs.crval = [position.l.deg, position.b.deg]
    wcs.wcs.crpix = [500, 500]
    wcs.wcs.cdelt = [-0.005, 0.005]
    item = objects_in(Field(wcs, 1000, 1000))["M 31"]
    assert (item.x, item.y) == pytest.approx((499, 499), abs=0.01)
    north = SkyCoord(galaxy.ra, galaxy.dec + 0.01, unit="deg")
    x, y = wcs.world_to_pixel(north)
    north_angle = np.degrees(np.arctan2(y - item.y, x - item.x))
    assert galaxy.position_angle is not None
    east_of_north = north_angle + galaxy.position_angle  # east is counter-clockwise if unmirrored
    assert item.angle == pytest.approx(east_of_north % 180, abs=0.2)


def test_world_coordinates_without_celestial_axes_are_refused() -> None:
    with pytest.raises(ValueError, match="no celestial axes"):
        load_catalogue().in_field(WCS(naxis=2), 100, 100)


@pytest.mark.parametrize("distortion", [20, 60, 150])
def test_strong_distortion_is_inverted(distortion: float) -> None:
    field = field_around(266.0, -29.0, scale=20, distortion=distortion)
    columns, rows = np.meshgrid(np.arange(0, field.width, 4), np.arange(0, field.height, 4))
    grid = field.wcs.pixel_to_world(columns.ravel(), rows.ravel())
    centre = field.wcs.pixel_to_world(field.width / 2, field.height / 2)
    expected = {}
    for entry in load_catalogue():
        sky = SkyCoord(entry.ra, entry.dec, unit="deg")
        if abs(entry.dec - centre.dec.deg) < 5 and sky.separation(centre).deg < 7:
            nearest = int(np.argmin(grid.separation(sky)))
            if grid[nearest].separation(sky).arcsec < 20 * 4:
                expected[entry.name] = (columns.ravel()[nearest], rows.ravel()[nearest])
    found = {name: item for name, item in objects_in(field).items() if item.inside}
    assert found.keys() == expected.keys()
    for name, item in found.items():
        assert (item.x, item.y) == pytest.approx(expected[name], abs=4)
