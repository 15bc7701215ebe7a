"""AVM is read back by pyavm and by deepsky."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pyavm import AVM

from deepsky.annotation.avm import make_xmp
from deepsky.annotation.avm_description import describe_image
from deepsky.annotation.names import object_names
from deepsky.imaging.image_data import ImageInfo
from deepsky.imaging.read import read_image
from deepsky.sky.position import SkyPosition
from tests.annotation.identified import M_31, identified_record
from tests.catalogue.sky_fields import field_around

SIZE = (600, 400)
PIXELS = [[0, 0], [599, 399], [599, 0], [300, 50]]
IMAGE = ImageInfo(width=600, height=400, format="PNG", stretch=None, sha256="b")


def write_png(xmp: str) -> bytes:
    info, buffer = PngInfo(), BytesIO()
    info.add_itxt("XML:com.adobe.xmp", xmp)
    Image.linear_gradient("L").resize(SIZE).convert("RGB").save(buffer, "PNG", pnginfo=info)
    return buffer.getvalue()


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("rotation", [0, 33, 170, 271])
def test_pyavm_and_deepsky_read_the_same_wcs(
    tmp_path: Path, rotation: float, mirrored: bool
) -> None:
    field = field_around(*M_31, scale=10, rotation=rotation, mirrored=mirrored, size=SIZE)
    record = identified_record(field)
    png = write_png(make_xmp(describe_image(record, IMAGE), object_names(record)))
    (tmp_path / "m31.png").write_bytes(png)

    avm = AVM.from_image(str(tmp_path / "m31.png"))
    image = read_image(png)

    expected = field.wcs.all_pix2world(PIXELS, 0)
    bottom_up = [[x, 399 - y] for x, y in PIXELS]
    found = avm.to_wcs().wcs_world2pix(expected, 0)
    np.testing.assert_allclose(found, bottom_up, atol=0.05)
    assert image.metadata.wcs_header
    position = SkyPosition.from_header(image.metadata.wcs_header, *SIZE, "avm")
    assert position
    assert np.abs(position.wcs.all_world2pix(expected, 0) - PIXELS).max() < 0.05


def test_avm_states_the_object(tmp_path: Path) -> None:
    record = identified_record(field_around(*M_31, scale=10, size=SIZE))
    path = tmp_path / "m31.png"
    path.write_bytes(write_png(make_xmp(describe_image(record, IMAGE), object_names(record))))

    avm = AVM.from_image(str(path))

    assert avm.Subject.Name == ["M 31", "Andromeda Galaxy"]
    assert avm.Subject.Category == ["C.5.1.1."]
    assert avm.Spatial.Quality == "Full"
    assert avm.Spatial.ReferenceDimension == [600, 400]
    assert avm.MetadataVersion == 1.2


def test_contradicted_object_is_not_named() -> None:
    record = identified_record(field_around(*M_31, scale=10, size=SIZE), agreement="differs")

    properties = describe_image(record, IMAGE)

    assert object_names(record) == ()
    assert not any(name.startswith("Subject") for name in properties)
    assert properties["Spatial.Quality"] == "Full"


@pytest.mark.parametrize("orientation", [3, 6])
def test_wcs_in_avm_is_that_of_the_stored_pixels(tmp_path: Path, orientation: int) -> None:
    size = SIZE if orientation == 3 else SIZE[::-1]  # as displayed
    field = field_around(*M_31, scale=10, rotation=20, size=size)
    record = identified_record(field)
    info = replace(IMAGE, width=size[0], height=size[1], orientation=orientation)
    xmp = make_xmp(describe_image(record, info), object_names(record))
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "m31.jpg"
    Image.linear_gradient("L").resize(SIZE).convert("RGB").save(path, exif=exif, xmp=xmp.encode())

    image = read_image(path)

    assert (image.width, image.height) == size
    assert image.metadata.wcs_header
    position = SkyPosition.from_header(image.metadata.wcs_header, *size, "avm")
    assert position
    expected = field.wcs.all_pix2world(PIXELS, 0)
    np.testing.assert_allclose(position.wcs.all_world2pix(expected, 0), PIXELS, atol=0.05)


def test_no_place_no_avm() -> None:
    record: Any = identified_record(None)

    assert describe_image(record, IMAGE) == {}
