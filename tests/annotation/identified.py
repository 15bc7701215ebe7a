"""Records of identified images."""

from typing import Any

import numpy as np

from deepsky.catalogue import load_catalogue
from deepsky.identification.agreement import FoundBy
from deepsky.identification.fields import identification_fields
from deepsky.imaging.image_data import ImageInfo
from deepsky.prediction import Prediction
from deepsky.record import Record
from deepsky.sky.position import SkyPosition
from deepsky.taxonomy import LABELS
from tests.batch.outcomes import make_record
from tests.catalogue.sky_fields import Field

__all__ = ["M_31", "identified_record"]

M_31 = (10.684, 41.269)


def identified_record(
    field: Field | None, name: str = "M 31", found_by: FoundBy = "header", **fields: Any
) -> Record:
    """Return the record of an image of a galaxy with a name, and with a place unless it is None."""
    width, height = (field.width, field.height) if field else (600, 400)
    image = ImageInfo(width=width, height=height, format="PNG", stretch=None, sha256="b" * 64)
    prediction = Prediction(
        label="galaxy",
        verdict="confident",
        probabilities=dict.fromkeys(LABELS, 0.01) | {"galaxy": 0.97},
        prediction_set=("galaxy",),
        novelty=0.1,
        evidence=np.zeros((4, 2, 2), np.float32),
        model="efficientnet",
        model_version="1",
        model_sha256="a",
        object=load_catalogue().find(name),
        found_by=found_by,
        sky=SkyPosition.from_wcs(field.wcs, width, height, "header") if field else None,
        objects=tuple(load_catalogue().in_field(field.wcs, width, height)) if field else (),
        agreement="agrees",
    )
    known: dict[str, Any] = {**identification_fields(prediction, image)}
    size = {"width": width, "height": height}
    return make_record("m31.png", **{**known, **size, **fields})
