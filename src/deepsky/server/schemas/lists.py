"""Schemas of requests and responses about lists of classifications."""

import re
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, create_model
from pydantic_core import PydanticCustomError

from deepsky.server.schemas.classifications import Classification
from deepsky.server.schemas.text import MAX_NAME, NO_NULL
from deepsky.server.serialization import NOT_IN_LISTS
from deepsky.storage.lists import Order
from deepsky.storage.tables import Judgement
from deepsky.taxonomy import Label, Verdict

__all__ = [
    "ClassificationCounts",
    "ClassificationIds",
    "ClassificationList",
    "ClassificationQuery",
    "CountQuery",
    "Deleted",
    "ExportForm",
    "ExportQuery",
    "IdList",
    "SelectionQuery",
]

MAX_CURSOR: Final = 2000
"""Maximum length of cursors, which can contain a file name, in characters."""

MAX_IDS: Final = 10_000
"""Maximum number of classifications in one request."""

TIME: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})", re.ASCII | re.IGNORECASE
)
"""Format of times (RFC 3339)."""


def _check_time(value: object) -> object:
    """Reject the other formats that Pydantic accepts, such as a number of seconds."""
    if not isinstance(value, str) or TIME.fullmatch(value) is None:
        code = "invalid_time"
        message = "Send a time with a time zone (RFC 3339), such as 2026-01-31T18:30:00Z."
        raise PydanticCustomError(code, message)
    return value


Time = Annotated[AwareDatetime, BeforeValidator(_check_time)]
Name = Annotated[str, Field(max_length=MAX_NAME, pattern=NO_NULL)]
ExportFormat = Literal["csv", "json"]


class CountQuery(BaseModel):
    """Filters for lists of classifications."""

    model_config = ConfigDict(extra="forbid")

    label: Name | None = None
    verdict: Verdict | None = None
    model: Name | None = None
    feedback: Judgement | Literal["none"] | None = Field(
        None,
        description="Verdict of the latest feedback; `none` selects classifications without "
        "feedback.",
    )
    text: Name | None = Field(
        None,
        description="Text in the file name, or in the designation or a name of the object. Spaces "
        "and the case of ASCII letters are ignored.",
    )
    since: Time | None = Field(
        None, description="Earliest time of the classification, with a time zone (RFC 3339)."
    )
    until: Time | None = Field(
        None, description="Time before which the image was classified, with a time zone (RFC 3339)."
    )


class SelectionQuery(CountQuery):
    """Filters and sort order for lists of classifications."""

    sort: Order = Field(
        "newest",
        description="`most_uncertain` and `most_certain` sort by confidence; `label` sorts by "
        "label, and each label by confidence.",
    )


class ClassificationQuery(SelectionQuery):
    """Filters, sort order and position of a page of classifications."""

    cursor: str | None = Field(
        None, max_length=MAX_CURSOR, description="`next_cursor` from the previous page."
    )
    limit: int = Field(50, ge=1, le=200, description="Maximum number of items per page.")


class ExportQuery(SelectionQuery):
    """Filters, sort order and format of an export."""

    format: ExportFormat = "csv"


_SUMMARY_FIELDS: Final[dict[str, Any]] = {
    name: (field.annotation, field)
    for name, field in Classification.model_fields.items()
    if name not in NOT_IN_LISTS
}
ClassificationSummary = create_model(
    "ClassificationSummary",
    __doc__="Classification in a list: without the objects in the field and the place on the sky.",
    **_SUMMARY_FIELDS,
)


class ClassificationList(BaseModel):
    """A page of the client's own classifications."""

    items: list[ClassificationSummary]  # type: ignore[valid-type]
    next_cursor: str | None = Field(description="Cursor for the next page; null on the last page.")


class ClassificationCounts(BaseModel):
    """Numbers of classifications that match a filter."""

    total: int = Field(description="Number of classifications that match all conditions.")
    verdicts: dict[Verdict, int] = Field(
        description="Number for each verdict; the condition on the verdict is ignored."
    )
    labels: dict[Label, int] = Field(
        description="Number for each label; the condition on the label is ignored."
    )
    models: dict[str, int] = Field(
        description="Number for each model; the condition on the model is ignored."
    )
    first: datetime | None = Field(description="Time of the oldest of the `total` classifications.")
    last: datetime | None = Field(description="Time of the newest of the `total` classifications.")


class ClassificationIds(BaseModel):
    """Identifiers of all classifications that match a filter."""

    ids: list[str]


class IdList(BaseModel):
    """Identifiers of classifications."""

    model_config = ConfigDict(extra="forbid")

    ids: list[Annotated[str, Field(pattern="^[0-9a-f]{32}$")]] = Field(
        min_length=1,
        max_length=MAX_IDS,
        description="Unknown identifiers and those of other clients are skipped.",
    )


class ExportForm(IdList):
    """Identifiers of classifications, and the format of their export."""

    format: ExportFormat = "csv"


class Deleted(BaseModel):
    """Result of a deletion."""

    deleted: int = Field(description="Number of classifications that were deleted.")
