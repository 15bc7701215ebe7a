"""Routes for listing, counting, exporting and deleting several classifications."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import asdict
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, Final, cast

from apiflask import APIBlueprint
from apiflask.schemas import FileSchema
from flask import Response, request, send_file

from deepsky.batch.provenance import Provenance
from deepsky.batch.writers import csv
from deepsky.batch.writers.json import write_array
from deepsky.server.clients import find_client_id
from deepsky.server.problems import ProblemError, problems
from deepsky.server.schemas.classifications import Classification
from deepsky.server.schemas.lists import (
    ClassificationCounts,
    ClassificationIds,
    ClassificationList,
    ClassificationQuery,
    CountQuery,
    Deleted,
    ExportForm,
    ExportFormat,
    ExportQuery,
    IdList,
    SelectionQuery,
)
from deepsky.server.serialization import serialize_classification, summarize_classification
from deepsky.server.state import state
from deepsky.storage.lists import (
    SORT_TYPES,
    Filter,
    Order,
    Position,
    count_classifications,
    find_classifications,
    find_labels,
    list_classifications,
    list_ids,
)
from deepsky.taxonomy import LABELS

__all__ = ["blueprint"]

blueprint = APIBlueprint("lists", __name__, url_prefix="/api/v1/classifications")

MAX_BYTES: Final = 1_000_000
"""Maximum size of a request, in bytes."""

IN_MEMORY: Final = 1_000_000
"""Maximum size of an export that is kept in memory, in bytes."""

INTEGER_LIMIT: Final = 2**63
"""Exclusive upper bound for the signed 64-bit integers that the database stores."""

FILE: Final = FileSchema(type="string", format="binary")
MEDIA_TYPES: Final = {"csv": "text/csv", "json": "application/json"}
JSON_EXPORT: Final[dict[int | str, Any]] = {
    200: {
        "content": {
            "application/json": {
                "schema": {
                    "type": "array",
                    "items": {"$ref": "#/components/schemas/Classification"},
                }
            }
        }
    }
}
"""OpenAPI description of an export as JSON."""

FILTER_FIELDS: Final = frozenset(CountQuery.model_fields)


@blueprint.before_request
def limit_size() -> None:
    """Limit the size of a request with identifiers."""
    request.max_content_length = MAX_BYTES


@blueprint.get("")
@blueprint.input(ClassificationQuery, location="query", arg_name="query")
@blueprint.output(ClassificationList, description="A page of classifications")
@blueprint.doc(operation_id="listClassifications", responses=problems(400, 401, 503))
def index(query: ClassificationQuery) -> dict[str, Any]:
    """List the client's own classifications.

    The items do not contain the objects in the field and the place on the sky; get the
    classification for these.
    """
    after = _decode_cursor(query.cursor, query.sort) if query.cursor is not None else None
    with state().storage.database.read() as session:
        client = find_client_id(session)
        if client is None:
            return {"items": [], "next_cursor": None}
        page = list_classifications(session, client, _filter(query), query.sort, after, query.limit)
    position = page.next_position
    return {
        "items": [summarize_classification(*item) for item in page.items],
        "next_cursor": _encode_cursor(position, query.sort) if position else None,
    }


@blueprint.get("/counts")
@blueprint.input(CountQuery, location="query", arg_name="query")
@blueprint.output(ClassificationCounts, description="The numbers")
@blueprint.doc(operation_id="countClassifications", responses=problems(400, 401, 503))
def counts(query: CountQuery) -> dict[str, Any]:
    """Count the client's own classifications, also by verdict, label and model."""
    with state().storage.database.read() as session:
        client = find_client_id(session)
        # A new browser has no classifications; the ids of clients are positive.
        return asdict(count_classifications(session, client or 0, _filter(query)))


@blueprint.get("/ids")
@blueprint.input(SelectionQuery, location="query", arg_name="query")
@blueprint.output(ClassificationIds, description="The identifiers")
@blueprint.doc(operation_id="listClassificationIds", responses=problems(400, 401, 503))
def ids(query: SelectionQuery) -> dict[str, Any]:
    """List the identifiers of all of the client's own classifications that match a filter."""
    return {"ids": _own_ids(query)}


@blueprint.get("/export")
@blueprint.input(ExportQuery, location="query", arg_name="query")
@blueprint.output(FILE, content_type="text/csv", description="CSV or JSON")
@blueprint.doc(
    operation_id="exportClassifications", responses=JSON_EXPORT | problems(400, 401, 503)
)
def export(query: ExportQuery) -> Response:
    """Download the client's own classifications that match a filter.

    CSV has the same columns as the output of `deepsky classify`. JSON is an array of
    classifications with all fields.
    """
    return _export(_own_ids(query), query.format)


@blueprint.post("/export")
@blueprint.input(ExportForm, arg_name="form")
@blueprint.output(FILE, content_type="text/csv", description="CSV or JSON")
@blueprint.doc(
    operation_id="exportSelected",
    responses=JSON_EXPORT | problems(400, 401, 403, 413, 429, 503),
)
def export_selected(form: ExportForm) -> Response:
    """Download classifications by their identifiers, in the order of the request."""
    return _export(form.ids, form.format)


@blueprint.post("/delete")
@blueprint.input(IdList, arg_name="form")
@blueprint.output(Deleted, description="The number of deleted classifications")
@blueprint.doc(
    operation_id="deleteClassifications", responses=problems(400, 401, 403, 413, 429, 503)
)
def delete(form: IdList) -> dict[str, int]:
    """Delete several classifications with their feedback, and the images that are now unused.

    If the response is an error, some of them may have been deleted; the request can be repeated.
    """
    storage = state().storage
    with storage.database.read() as session:
        client = find_client_id(session)
    return {"deleted": storage.delete_several(client, form.ids) if client is not None else 0}


def _filter(query: CountQuery) -> Filter:
    return Filter(**query.model_dump(include=set(FILTER_FIELDS)))


def _own_ids(query: SelectionQuery) -> list[str]:
    with state().storage.database.read() as session:
        client = find_client_id(session)
        return list_ids(session, client, _filter(query), query.sort) if client is not None else []


def _export(ids: Sequence[str], kind: ExportFormat) -> Response:
    file = cast("BinaryIO", SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115  # closed by the response
    with state().storage.database.read() as session:
        client = find_client_id(session) or 0
        found = find_classifications(session, client, ids)
        items = (serialize_classification(*each) for each in found)
        if kind == "csv":
            labels = find_labels(session, client, ids) or LABELS
            csv.write(items, file, Provenance("", "", "", labels=labels))  # type: ignore[arg-type]
        else:
            write_array((Classification(**item).model_dump_json() for item in items), file)
    file.seek(0)
    return send_file(file, MEDIA_TYPES[kind], as_attachment=True, download_name=f"deepsky.{kind}")


def _encode_cursor(position: Position, sort: Order) -> str:
    """Return a cursor that encodes the start position of a page and the sort order of the list."""
    text = json.dumps([sort, *position], ensure_ascii=False)
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode_cursor(cursor: str, sort: Order) -> Position:
    try:
        order, *position = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError, RecursionError):
        order, position = None, []
    types = SORT_TYPES[sort]
    is_valid = len(position) == len(types) and all(map(_is_valid, position, types))
    if order != sort or not is_valid:
        detail = "cursor: Send the next_cursor from a page with the same sort order, or omit it."
        raise ProblemError(400, "invalid_request", detail)
    return tuple(position)


def _is_valid(value: object, kind: type) -> bool:
    """Return whether a value of a cursor can be compared with a column."""
    if isinstance(value, str):
        return kind is str and "\x00" not in value and value.isprintable()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return kind is not str and abs(value) < INTEGER_LIMIT
