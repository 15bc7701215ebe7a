"""Schemas of the API's requests and responses."""

from datetime import date, datetime
from typing import Annotated, Final, Literal

from apiflask.fields import UploadFile
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    RootModel,
    WithJsonSchema,
    field_validator,
)
from pydantic_core import PydanticCustomError
from werkzeug.datastructures import FileStorage

from deepsky.catalogue.objects import Kind
from deepsky.detection.detect import MIN_PROBABILITY
from deepsky.identification.agreement import Agreement, FoundBy
from deepsky.identification.difference import DifferenceKind
from deepsky.imaging.display.stretch_choice import (
    BACKGROUND,
    SHADOWS,
    STRETCHES,
    StretchChoice,
    check_stretch,
)
from deepsky.imaging.formats import TITLES
from deepsky.imaging.inspection import MAX_ROWS
from deepsky.imaging.preview import SIDES, PreviewSize
from deepsky.intervals import Estimate
from deepsky.models import DEFAULT_MODEL
from deepsky.models.card import Member
from deepsky.sky.solving import Reason
from deepsky.storage.tables import Judgement
from deepsky.taxonomy import Label, OtherKind, Verdict

__all__ = [
    "Classification",
    "ClassificationForm",
    "ClassificationHeaders",
    "Classified",
    "DetectionQuery",
    "Detections",
    "Feedback",
    "FeedbackForm",
    "FeedbackSummary",
    "Health",
    "Identification",
    "ImageQuery",
    "Inspection",
    "ModelSummary",
    "PublicSettings",
    "Share",
    "SharedClassification",
    "SpeedSummary",
    "StretchForm",
    "Unclassified",
]


NO_FILES: Final = (
    "Send one or more image files in this form field, as multipart/form-data with file names in "
    "UTF-8."
)

MAX_NAME: Final = 255
"""Maximum length of names and cursors in requests, in characters."""


def _check_stretch(value: object) -> StretchChoice:
    try:
        return check_stretch(str(value)[:MAX_NAME])
    except ValueError as error:
        code = "unknown_stretch"
        raise PydanticCustomError(code, "{message}", {"message": str(error)}) from error


NO_NULL: Final = r"^[^\x00]*$"
"""Pattern that rejects null characters, which PostgreSQL cannot store."""


STRETCH: Final = (
    f"Name of the stretch: {', '.join(f'`{name}`' for name in STRETCHES)}, or `mtf` with "
    "parameters, such as `mtf-0.2-1.5`: the brightness of the sky from 0.01 to 0.99, and the depth "
    "of the black point below it from 0 to 20 normalised deviations (`mtf` is "
    f"`mtf-{BACKGROUND:g}-{SHADOWS:g}`). `auto` applies `mtf` to linear images and no stretch to "
    "finished ones; any other stretch is applied to every image. `linear` only scales the values."
)

Stretch = Annotated[
    StretchChoice,
    PlainValidator(_check_stretch),
    WithJsonSchema({"type": "string", "maxLength": MAX_NAME}),
]


class ClassificationForm(BaseModel):
    """Images to classify, and the names of the model and of the stretch."""

    image: list[UploadFile] = Field(
        min_length=1, description=f"One or more images. The formats are {', '.join(TITLES)}."
    )
    model: str = Field(
        DEFAULT_MODEL,
        max_length=MAX_NAME,
        description="Name of a model, or `all` to compare all models.",
    )
    stretch: Stretch = Field(default="auto", description=STRETCH)

    @field_validator("image", mode="before")
    @classmethod
    def _are_files(cls, value: object) -> object:
        if not isinstance(value, list) or not all(isinstance(v, FileStorage) for v in value):
            code = "missing_file"
            raise PydanticCustomError(code, NO_FILES)
        return value


class ClassificationHeaders(BaseModel):
    """Headers of a request to classify images."""

    idempotency_key: Annotated[str, Field(pattern=r"^[!-~]{1,64}$")] | None = Field(
        None,
        description="A unique key that the client chooses for this request. If the request is "
        "repeated with the same key, for example after a lost connection, no image is classified "
        "twice. Repeat it with the same images; the key is known as long as the classifications "
        "are stored.",
    )


class ElapsedMs(BaseModel):
    """Durations of the stages of a classification, in milliseconds."""

    decode: float = Field(description="Time to read the image, in milliseconds.")
    infer: float = Field(description="Time to run the model, in milliseconds.")


JUDGEMENT: Final = (
    "Whether the label of the classification is right; `unsure` if the person does not know."
)


class FeedbackForm(BaseModel):
    """Feedback on a classification."""

    model_config = ConfigDict(extra="forbid")

    verdict: Judgement = Field(description=JUDGEMENT)
    label: Annotated[str, Field(max_length=MAX_NAME, pattern=NO_NULL)] | None = Field(
        None,
        description="The correct label, if the classification is incorrect: one of those in its "
        "`probabilities`.",
    )
    second_label: Annotated[str, Field(max_length=MAX_NAME, pattern=NO_NULL)] | None = Field(
        None,
        description="Another label, if the image clearly shows two classes. The classification is "
        "correct if it has one of the two labels.",
    )
    blind: bool = Field(
        False,
        description="Whether the person answered before they saw the classification. Only such "
        "feedback counts towards the agreement of users with a model.",
    )
    comment: Annotated[str, Field(max_length=2000, pattern=NO_NULL)] | None = None


class StretchForm(BaseModel):
    """Stretch with which to classify an image again."""

    model_config = ConfigDict(extra="forbid")

    stretch: Stretch = Field(description=STRETCH)


class HeaderRow(BaseModel):
    """Row of the header of an image file."""

    keyword: str
    value: str
    comment: str


class ChannelHistogram(BaseModel):
    """Distribution of the values of a channel."""

    model_config = ConfigDict(from_attributes=True)

    counts: list[int] = Field(
        description="Number of values in each bin, in a sample of the pixels, from low to high."
    )
    median: float = Field(description="Median, which is about the value of the sky background.")
    deviation: float = Field(
        description="Normalised median absolute deviation, which is about the noise of the sky "
        "background."
    )


class Histogram(BaseModel):
    """Distribution of the values as stored in the file, before the stretch."""

    model_config = ConfigDict(from_attributes=True)

    low: float = Field(description="Value at the lower edge of the first bin.")
    high: float = Field(description="Value at the upper edge of the last bin.")
    channels: list[ChannelHistogram] = Field(
        description="One for grey images, otherwise red, green and blue."
    )


class Inspection(BaseModel):
    """Header of an image file, and distribution of its values."""

    header: list[HeaderRow] = Field(
        description="Rows of the FITS header, or of the corresponding metadata of another format; "
        f"at most {MAX_ROWS}."
    )
    rows: int = Field(description="Number of rows of the complete header.")
    histogram: Histogram


class Feedback(BaseModel):
    """The latest feedback on a classification."""

    verdict: Judgement = Field(description=JUDGEMENT)
    label: Label | None = Field(description="The correct label, if known.")
    second_label: Label | None = Field(
        description="Another label, if the image clearly shows two classes."
    )
    blind: bool = Field(
        description="Whether the person answered before they saw the classification."
    )
    comment: str | None
    created_at: datetime


class ObjectName(BaseModel):
    """Name and kind of an object of the catalogue."""

    name: str = Field(description="Preferred designation, such as M 31.")
    common_name: str | None = Field(description="Most common English name.")
    common_name_de: str | None = Field(description="Most common German name.")
    kind: Kind


class Discovery(BaseModel):
    """Who recorded an object first, and when."""

    by: str | None = Field(description="Null if the object has been known since antiquity.")
    year: int | None = Field(description="Null if the object has been known since antiquity.")
    before: bool = Field(description="Whether it was recorded in that year or some time before.")


class CatalogueEntry(ObjectName):
    """Object of the catalogue."""

    labels: list[Label] = Field(
        description="Labels that are right for an image of the object, the main one first."
    )
    ra: float = Field(description="ICRS right ascension in degrees.")
    dec: float = Field(description="ICRS declination in degrees.")
    major_axis: float | None = Field(description="Apparent length in arcminutes.")
    minor_axis: float | None = Field(description="Apparent width in arcminutes.")
    magnitude: float | None = Field(description="Apparent magnitude in V or B.")
    constellation: str | None = Field(description="IAU abbreviation of the constellation.")
    distance: float | None = Field(
        None, description="Distance in light-years, with at most two significant digits."
    )
    discovered: Discovery | None = Field(
        None, description="Who recorded the object first, and when; null if it is not known."
    )


class IdentifiedObject(CatalogueEntry):
    """The object that an image shows."""

    found_by: FoundBy = Field(description="How the object was found.")


class FieldObject(CatalogueEntry):
    """Object of the catalogue in the field of an image, in pixels of the image at full size."""

    x: float = Field(description="Position of the centre; 0 is the centre of the first column.")
    y: float = Field(description="Position of the centre; 0 is the centre of the first row.")
    semi_major: float | None = Field(description="Half length of the ellipse in pixels.")
    semi_minor: float | None = Field(description="Half width of the ellipse in pixels.")
    angle: float = Field(
        description="Angle of the major axis in degrees from the x axis towards the y axis."
    )
    inside: bool = Field(description="Whether the centre is inside the image.")


class Sky(BaseModel):
    """Place of an image on the sky."""

    ra: float = Field(description="ICRS right ascension of the centre in degrees.")
    dec: float = Field(description="ICRS declination of the centre in degrees.")
    width: float = Field(description="Width of the field in degrees.")
    height: float = Field(description="Height of the field in degrees.")
    pixel_scale: float = Field(description="Size of a pixel in arcseconds.")
    orientation: float = Field(
        description="Position angle of the image's up direction in degrees, north through east."
    )
    mirrored: bool
    source: str = Field(
        description="How the place was found: `header`, `avm` or the name of a plate solver."
    )
    wcs: str | None = Field(
        None,
        description="The WCS of the image as displayed, at full size, as cards of 80 characters of "
        "a FITS header. FITS pixel (1, 1) is the top left pixel. Null for classifications of "
        "earlier versions.",
    )


class CutoutPrediction(BaseModel):
    """Prediction of the network for the cutout of an object."""

    label: Label
    verdict: Verdict
    probabilities: dict[Label, float] = Field(description="Calibrated probability of each class.")


class Detection(BaseModel):
    """An object that was found in an image. The box is in pixels of the image at full size."""

    left: float = Field(description="Left edge; the first column extends from 0 to 1.")
    top: float = Field(description="Upper edge; the first row extends from 0 to 1.")
    right: float
    bottom: float
    label: Label
    probability: float = Field(description="Probability of the label, 0 to 1.")
    network: CutoutPrediction
    object: CatalogueEntry | None = Field(
        description="The object in the catalogue; null if the place on the sky is not known."
    )
    agreement: Agreement


class Detections(BaseModel):
    """Objects that were found in an image."""

    items: list[Detection] = Field(
        description="At most 100: objects of the catalogue by size, others by probability."
    )
    model: str
    model_version: str
    model_sha256: str = Field(description="SHA-256 of the network file.")


class DetectionQuery(BaseModel):
    """Query parameters for finding objects."""

    model_config = ConfigDict(extra="forbid")

    min_probability: float = Field(
        MIN_PROBABILITY,
        ge=0,
        le=1,
        description="Minimum probability of objects that are not in the catalogue.",
    )


class CombinedLabel(BaseModel):
    """Label according to the network and the object together."""

    label: Label
    probability: float


class Difference(BaseModel):
    """What contradicts an object."""

    kind: DifferenceKind = Field(
        description="`network`: the network sees something else. `position`: the field is "
        "elsewhere on the sky. `names`: the file name names another object than the header."
    )
    object: ObjectName = Field(description="The object that is contradicted.")
    found_by: FoundBy = Field(description="How this object was found.")
    other: ObjectName | None = Field(
        description="The object around which the field is, or the one that the file name names; "
        "null if the network contradicts, or if no object of the catalogue fits the field."
    )


class Subtype(BaseModel):
    """Kind of the object or scene that an image shows."""

    name: Kind | OtherKind = Field(
        description="Kind of the object or, for the label `other`, of the image."
    )
    probability: float | None = Field(
        description="Probability of this kind; null if it is that of the catalogue."
    )
    source: Literal["catalogue", "network"] = Field(
        description="Whether the kind is that of the object in the catalogue, or predicted from "
        "the pixels alone."
    )


class Identification(BaseModel):
    """Which object an image shows, and whether name, place on the sky and label agree."""

    subtype: Subtype | None = Field(
        description="Kind of the object, such as spiral galaxy, or of an image without a deep-sky "
        "object, such as planet; null if it is unsure."
    )
    object: IdentifiedObject | None = Field(
        description="The object that the image shows; null if it is not known."
    )
    objects: list[FieldObject] = Field(
        description="Objects in the field, the best fitting ones first; at most 100. Empty if the "
        "place on the sky is not known."
    )
    sky: Sky | None = Field(description="Place on the sky; null if it is not known.")
    sky_error: Reason | None = Field(
        description="Why plate solving has not placed the image; null if it has, or if plate "
        "solving was not requested.",
    )
    agreement: Agreement | None = Field(
        description="Whether the name of the object, the place on the sky and the label agree; "
        "null for classifications of earlier versions."
    )
    difference: Difference | None = Field(
        description="What contradicts the object, if `agreement` is `differs`; null for "
        "classifications of earlier versions."
    )
    agreement_message: str | None = Field(
        description="What differs, as an English sentence, if `agreement` is `differs`."
    )
    combined: CombinedLabel | None = Field(
        description="Label according to the network and the object together; null if the object "
        "is not known or contradicted, or if the field is wider than 10 degrees."
    )


class NetworkResult(BaseModel):
    """Image, and result of one model's network."""

    path: str = Field(
        description="Name of the uploaded file, shortened if it has more than 255 bytes."
    )
    label: Label = Field(description="The most probable class.")
    verdict: Verdict = Field(description="How reliable the classification is.")
    probabilities: dict[str, float] = Field(
        description="Calibrated probability of each of the model's labels. The sum is 1."
    )
    prediction_set: list[Label] = Field(
        description="Classes that cannot be ruled out at 95 % coverage (conformal prediction), "
        "most probable first. The list may be empty."
    )
    novelty: float = Field(
        ge=0,
        le=1,
        description="Distance from the model's training images, from 0 (familiar) to 1 "
        "(unfamiliar).",
    )
    model: str
    model_version: str
    model_sha256: str = Field(description="SHA-256 of the network file.")
    image_sha256: str = Field(description="SHA-256 of the uploaded file.")
    width: int = Field(
        description="Width of the image in pixels, after its Exif or TIFF orientation is applied."
    )
    height: int = Field(
        description="Height of the image in pixels, after its Exif or TIFF orientation is applied."
    )
    format: str = Field(
        description="Image format, such as JPEG or FITS, detected from the file's content."
    )
    stretch: str | None = Field(
        description="Name of the stretch that was applied; null if a finished image was not "
        "stretched."
    )


class Classification(Identification, NetworkResult):
    """Classification of one image by one model."""

    error: None = Field(
        description="Always null; images that could not be classified use the schema Unclassified."
    )
    id: str
    created_at: datetime
    elapsed_ms: ElapsedMs
    feedback: Feedback | None = Field(description="The latest feedback, or null if there is none.")
    share: str | None = Field(
        description="Token of the link by which the classification is shared; null if it is not."
    )


class Share(BaseModel):
    """The link by which a classification is shared."""

    token: str = Field(description="Random token, which cannot be guessed.")
    path: str = Field(description="Path of the page that shows the classification to everybody.")


class SharedClassification(Identification, NetworkResult):
    """A shared classification, without what concerns only its client."""

    path: str = Field(description="Always empty: the name of the file is not shared.")
    created_at: datetime


class Failure(BaseModel):
    """Reason why an image could not be classified."""

    code: str = Field(description="Stable, machine-readable error code.")
    message: str = Field(description="Human-readable description of the problem and its solution.")


class Unclassified(BaseModel):
    """Error item for an image that could not be classified; image and result fields are null."""

    path: str
    label: None
    verdict: None
    probabilities: None
    prediction_set: None
    novelty: None
    model: str
    model_version: str
    model_sha256: str
    image_sha256: None
    width: None
    height: None
    format: None
    stretch: None
    subtype: None
    object: None
    objects: None
    sky: None
    sky_error: None
    agreement: None
    difference: None
    agreement_message: None
    combined: None
    error: Failure


class ClassificationBatch(BaseModel):
    """Classifications of several images or by several models.

    The items are sorted by the position of the image in the request, then by model name.
    """

    items: list[Classification | Unclassified]


class Classified(RootModel[Classification | ClassificationBatch]):
    """One classification, or a list if the request has several images or selects all models."""


class ImageQuery(BaseModel):
    """Query parameters for a preview."""

    model_config = ConfigDict(extra="forbid")

    size: PreviewSize = Field(
        "large",
        description="Maximum length of the longer side: "
        + ", ".join(f"{side} pixels (`{size}`)" for size, side in SIDES.items())
        + ".",
    )


class AnnotationQuery(BaseModel):
    """Query parameters for an annotated image."""

    model_config = ConfigDict(extra="forbid")

    grid: bool = Field(
        False, description="Whether to draw lines of equal right ascension and declination."
    )


class UserAgreement(BaseModel):
    """How often users agreed with classifications that they had not seen.

    Feedback counts if it is `blind` and not `unsure`.
    """

    correct: int
    incorrect: int
    agreement: Estimate = Field(
        description="`correct` / (`correct` + `incorrect`), with the Wilson score interval."
    )


class ClassAgreement(UserAgreement):
    """How often users agreed with classifications that have a particular label."""

    label: Label


class ModelAgreement(UserAgreement):
    """How often users agreed with the classifications of a model."""

    model: str
    model_version: str
    model_sha256: str = Field(
        description="SHA-256 of the network file; equals `network.sha256` in the model card."
    )
    classes: list[ClassAgreement]


class FeedbackSummary(BaseModel):
    """How often users agreed with each model, based on the blind feedback from all clients."""

    models: list[ModelAgreement]


class Speed(BaseModel):
    """Speed of a model in recent classifications."""

    model: str
    model_version: str
    model_sha256: str = Field(
        description="SHA-256 of the network file; equals `network.sha256` in the model card."
    )
    answers: int = Field(description="Number of classifications on which the medians are based.")
    decode_ms: float = Field(description="Median time to read an image, in milliseconds.")
    infer_ms: float = Field(description="Median time to run the model, in milliseconds.")


class SpeedSummary(BaseModel):
    """Speed of each model that was used for recent classifications."""

    models: list[Speed]


class Headline(BaseModel):
    """Main performance metrics of a model on one split."""

    model_config = ConfigDict(from_attributes=True)

    macro_f1: Estimate
    accuracy: Estimate
    images: int
    fields: int


class NetworkSummary(BaseModel):
    """Identity and size of a network; for an ensemble, the total size of its members."""

    model_config = ConfigDict(from_attributes=True)

    sha256: str
    bytes: int
    parameters: int


class ModelSummary(BaseModel):
    """Main fields of a model card, with the same names as in the card."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    title: str
    version: str
    created: date
    labels: list[Label]
    metrics: dict[str, Headline] = Field(
        description="Main metrics on each split on which the model was evaluated: `source_test` "
        "(new sources), `test` (new objects) and `validation`."
    )
    network: NetworkSummary
    members: list[Member] = Field(
        description="Members of the ensemble; empty if the model is not an ensemble."
    )
    predicts_kinds: bool = Field(description="Whether the model predicts kinds of objects.")


class Health(BaseModel):
    """Health of the server."""

    status: Literal["ok", "degraded"] = Field(
        description="`degraded` if the database or the image folder cannot be used."
    )
    ready: bool = Field(
        description="Whether the default model is loaded and the storage is usable."
    )
    version: str = Field(description="Version of deepsky.")
    loaded: list[str] = Field(description="Names of the loaded models.")
    solver: str | None = Field(
        description="Name of the plate solver that finds the places of images on the sky; null if "
        "the server does not."
    )


class PublicLimits(BaseModel):
    """Limits on the images in a request."""

    max_bytes: int = Field(
        description="Maximum size of an image file, and of all images in a request, in bytes."
    )
    max_pixels: int = Field(description="Maximum number of pixels of an image.")
    max_frames: int = Field(description="Maximum number of frames, pages or planes of a file.")
    max_images: int = Field(description="Maximum number of images in a request.")


class FormatSummary(BaseModel):
    """An image format that the server reads."""

    name: str = Field(description="Name in classifications, such as `CR3`.")
    title: str = Field(description="Name for people, such as `Canon raw (CR3)`.")
    suffixes: list[str] = Field(description="Usual suffixes of file names, in lower case.")


class PublicSettings(BaseModel):
    """Settings of the server that concern its users."""

    version: str = Field(description="Version of deepsky.")
    access: Literal["open", "keys"] = Field(
        description="`keys` if requests such as this one need an API key."
    )
    client: Literal["session", "key"] = Field(
        description="How the server identifies the client that sent this request: by its browser "
        "session, or by its API key, which several people may share."
    )
    retention_days: int | None = Field(
        description="Age in days at which classifications and their images are deleted; null if "
        "they are kept until the client deletes them."
    )
    default_model: str = Field(description="Model that classifies if a request names none.")
    solver: str | None = Field(
        description="Name of the plate solver that finds the places of images on the sky; null if "
        "the server does not."
    )
    limits: PublicLimits
    formats: list[FormatSummary]
