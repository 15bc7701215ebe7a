"""Predictions of classifiers."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from deepsky.sky.solving import Reason
from deepsky.taxonomy import Label, Verdict

if TYPE_CHECKING:  # these modules are needed only if an object is identified
    from deepsky.catalogue.objects import CatalogueObject, FieldObject
    from deepsky.identification.agreement import Agreement, FoundBy
    from deepsky.identification.combination import CombinedLabel
    from deepsky.identification.difference import Difference
    from deepsky.sky.position import SkyPosition

__all__ = ["Prediction", "Subtype", "TimedPredictions"]


@dataclass(frozen=True, slots=True)
class Subtype:
    """Kind of the object or scene that an image shows.

    Attributes
    ----------
    name : str
        A kind of the catalogue, such as ``"spiral galaxy"``, or a kind of image without a
        deep-sky object, such as ``"planet"`` (`deepsky.taxonomy.OtherKind`).
    probability : float or None
        Probability that the image is of this kind. None if the kind is that of the
        catalogue.
    source : {"catalogue", "network"}
        Whether the kind is that of the identified object, or predicted from the pixels alone.
    """

    name: str
    probability: float | None
    source: Literal["catalogue", "network"]


@dataclass(frozen=True, slots=True)
class Prediction:
    """Prediction of a classifier for one image.

    Attributes
    ----------
    label : str
        The most probable class.
    verdict : {"confident", "unsure", "unfamiliar"}
        Reliability of the label; see `deepsky.Verdict`.
    probabilities : dict of label to float
        Calibrated probability of each class, in the order of the model's labels. The sum is 1.
    prediction_set : tuple of label
        Classes that cannot be ruled out at 95 % coverage (conformal prediction), most probable
        first. May be empty.
    novelty : float
        How much the image differs from the images that the model was trained on, except those of
        the class ``other``, from 0 (familiar) to 1.
    evidence : ndarray of float32, shape (k, rows, columns)
        Evidence map of each class, in the order of the model's labels. Each map covers the whole
        image.
    model, model_version, model_sha256 : str
        Name and version of the model, and SHA-256 of its network.
    subtype : Subtype or None
        Kind of the object, such as *spiral galaxy*: that of the catalogue if the object is
        identified, otherwise predicted from the pixels. For the label ``other``, the kind of
        image, such as *planet*. None if the kind is unsure.
    object : CatalogueObject or None
        The object that the image shows. None if it is not known. This attribute and the following
        ones are set if a file is classified; see `deepsky.classify`.
    found_by : {"header", "file name", "position"} or None
        How the object was found.
    objects : tuple of FieldObject
        All objects of the catalogue in the field. Empty if the image's place on the sky is not
        known.
    sky : SkyPosition or None
        The image's place on the sky.
    sky_error : str or None
        Why plate solving has not placed the image, such as ``"no match"``; see
        docs/how-to/plate-solving.md. None if it has, or if plate solving was not requested.
    agreement : {"agrees", "differs", "undecided", "not in the catalogue", "not placed"} or None
        Whether the name of the object, the place on the sky and the label agree.
    difference : Difference or None
        If the agreement is ``differs``, what contradicts the object; see
        `deepsky.identification.difference.Difference`.
    agreement_message : str or None
        If the agreement is ``differs``, a sentence that says what differs.
    combined : CombinedLabel or None
        Label according to the network and the object together. None if the object is not known or
        contradicted, or if the field is wider than 10 degrees.

    See Also
    --------
    deepsky.models.overlay : Draw an evidence map.
    """

    label: Label
    verdict: Verdict
    probabilities: dict[Label, float]
    prediction_set: tuple[Label, ...]
    novelty: float
    evidence: NDArray[np.float32] = field(repr=False)
    model: str
    model_version: str
    model_sha256: str
    subtype: Subtype | None = None
    object: "CatalogueObject | None" = None
    found_by: "FoundBy | None" = None
    objects: "tuple[FieldObject, ...]" = field(default=(), repr=False)
    sky: "SkyPosition | None" = None
    sky_error: Reason | None = None
    agreement: "Agreement | None" = None
    difference: "Difference | None" = None
    agreement_message: str | None = None
    combined: "CombinedLabel | None" = None


@dataclass(frozen=True, slots=True)
class TimedPredictions:
    """Predictions of one classifier for several images, and the time taken to compute them.

    Attributes
    ----------
    predictions : list of Prediction
    seconds : float
        Duration in seconds, including the full run time of networks that are shared with other
        classifiers.
    """

    predictions: list[Prediction]
    seconds: float
