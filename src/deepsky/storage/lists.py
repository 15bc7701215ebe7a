"""Lists of a client's classifications: filters, orders, pages and counts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.orm import Session as OrmSession

from deepsky.storage.classifications import (
    ClassificationAndFeedback,
    is_latest_feedback,
    with_feedback,
)
from deepsky.storage.tables import Classification, Feedback, Judgement
from deepsky.taxonomy import Label, Verdict, order_labels

__all__ = [
    "SORT_TYPES",
    "Counts",
    "Filter",
    "Order",
    "Page",
    "Position",
    "count_classifications",
    "find_classifications",
    "find_labels",
    "list_classifications",
    "list_ids",
]

Order = Literal[
    "newest",
    "oldest",
    "most_uncertain",
    "most_certain",
    "name",
    "name_descending",
    "label",
    "model",
]
Position = tuple[float | str, ...]
"""Values of the columns by which a list is sorted, in the last row of a page."""

CHUNK: Final = 200
"""Number of classifications to read at a time."""


class _Sorting(NamedTuple):
    """Columns by which a list is sorted, the types of their values, and the direction."""

    columns: tuple[ColumnElement[Any], ...]
    types: tuple[type, ...]
    is_descending: bool = False


# The number makes each position unique.
_NUMBER: Final = Classification.number.expression
_CONFIDENCE: Final = Classification.confidence.expression
_NAME: Final = func.lower(Classification.path)

_SORTINGS: Final[dict[Order, _Sorting]] = {
    "newest": _Sorting((_NUMBER,), (int,), is_descending=True),
    "oldest": _Sorting((_NUMBER,), (int,)),
    "most_uncertain": _Sorting((_CONFIDENCE, _NUMBER), (float, int)),
    "most_certain": _Sorting((_CONFIDENCE, _NUMBER), (float, int), is_descending=True),
    "name": _Sorting((_NAME, _NUMBER), (str, int)),
    "name_descending": _Sorting((_NAME, _NUMBER), (str, int), is_descending=True),
    "label": _Sorting((Classification.label.expression, _CONFIDENCE, _NUMBER), (str, float, int)),
    "model": _Sorting((Classification.model.expression, _NUMBER), (str, int)),
}

SORT_TYPES: Final = {order: sorting.types for order, sorting in _SORTINGS.items()}
"""Types of the values of a `Position`, for each order."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions for selecting classifications; None disables a condition.

    Attributes
    ----------
    label, verdict, model : str or None
        Required values of these columns.
    feedback : {"correct", "incorrect", "unsure", "none"} or None
        Verdict of the feedback. ``"none"`` selects classifications without feedback.
    text : str or None
        Text that the file name, or the designation or a name of the object, must contain. Spaces
        and the case of ASCII letters are ignored.
    since, until : datetime or None
        Earliest time, and the time before which the classification must have been created.
    """

    label: Label | None = None
    verdict: Verdict | None = None
    model: str | None = None
    feedback: Judgement | Literal["none"] | None = None
    text: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list of classifications.

    Attributes
    ----------
    items : list of (Classification, Feedback or None)
        Classifications with their latest feedback.
    next_position : tuple or None
        Position after which the next page starts; None on the last page.
    """

    items: list[ClassificationAndFeedback]
    next_position: Position | None


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of classifications that match a filter.

    Attributes
    ----------
    total : int
        Number of classifications that match the whole filter.
    verdicts, labels, models : dict of str to int
        Numbers for each verdict, label and model. They match the filter except for its condition
        on the same column, so that they are the numbers that another choice would select.
    first, last : datetime or None
        Times of the oldest and the newest of the `total` classifications.
    """

    total: int
    verdicts: dict[str, int]
    labels: dict[str, int]
    models: dict[str, int]
    first: datetime | None
    last: datetime | None


def list_classifications(
    session: OrmSession,
    client_id: int,
    conditions: Filter,
    order: Order = "newest",
    after: Position | None = None,
    limit: int = 50,
) -> Page:
    """Return one page of a client's classifications.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
    client_id : int
    conditions : Filter
    order : str
        One of the values of `Order`. ``"most_uncertain"`` sorts by confidence, in ascending order;
        ``"label"`` sorts by label, and each label by confidence.
    after : tuple, optional
        `Page.next_position` of the previous page.
    limit : int
        Maximum number of items.

    Returns
    -------
    Page
    """
    columns, _, is_descending = _SORTINGS[order]
    query = with_feedback().add_columns(*columns).where(*_clauses(client_id, conditions))
    if after is not None:
        here, there = tuple_(*columns), tuple_(*after)
        query = query.where(here < there if is_descending else here > there)
    query = query.order_by(*_directed(order)).limit(limit + 1)
    rows = session.execute(query).all()
    items = [(row[0], row[1]) for row in rows[:limit]]
    next_position = tuple(rows[limit - 1][2:]) if len(rows) > limit else None
    return Page(items, next_position)


def list_ids(
    session: OrmSession, client_id: int, conditions: Filter, order: Order = "newest"
) -> list[str]:
    """Return the public identifiers of a client's classifications.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
    client_id : int
    conditions : Filter
    order : str
        One of the values of `Order`.

    Returns
    -------
    list of str
    """
    query = (
        select(Classification.id)
        .outerjoin(Feedback, is_latest_feedback())
        .where(*_clauses(client_id, conditions))
        .order_by(*_directed(order))
    )
    return list(session.scalars(query))


def count_classifications(session: OrmSession, client_id: int, conditions: Filter) -> Counts:
    """Count a client's classifications, also by verdict, label and model.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
    client_id : int
    conditions : Filter

    Returns
    -------
    Counts
    """

    def count_by(name: str) -> dict[str, int]:
        column = getattr(Classification, name)
        query = (
            select(column, func.count())
            .outerjoin(Feedback, is_latest_feedback())
            .where(*_clauses(client_id, replace(conditions, **{name: None})))
            .group_by(column)
        )
        return {row[0]: row[1] for row in session.execute(query)}

    time = Classification.created_at
    whole = (
        select(func.count(), func.min(time), func.max(time))
        .select_from(Classification)
        .outerjoin(Feedback, is_latest_feedback())
        .where(*_clauses(client_id, conditions))
    )
    total, first, last = session.execute(whole).one()
    labels = count_by("label")
    return Counts(
        total=total,
        verdicts=count_by("verdict"),
        labels={label: labels[label] for label in order_labels(labels)},
        models=dict(sorted(count_by("model").items())),
        first=first,
        last=last,
    )


def find_classifications(
    session: OrmSession, client_id: int, ids: Sequence[str]
) -> Iterator[ClassificationAndFeedback]:
    """Yield classifications of a client in the order of their identifiers, some at a time.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
    client_id : int
    ids : sequence of str
        Public identifiers. Those of other clients and unknown ones are skipped.

    Yields
    ------
    tuple of (Classification, Feedback or None)
    """
    for some in _chunks(ids):
        query = with_feedback().where(
            Classification.client_id == client_id, Classification.id.in_(some)
        )
        found = {row[0].id: (row[0], row[1]) for row in session.execute(query)}
        yield from (found[id] for id in some if id in found)  # noqa: A001
        session.expunge_all()


def find_labels(session: OrmSession, client_id: int, ids: Sequence[str]) -> tuple[Label, ...]:
    """Return the labels of the models of classifications.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
    client_id : int
    ids : sequence of str
        Public identifiers of classifications.

    Returns
    -------
    tuple of str
        The labels, without duplicates, in the order of `deepsky.taxonomy.order_labels`.
    """
    labels: set[Label] = set()
    for some in _chunks(ids):
        query = select(Classification.probabilities).where(
            Classification.client_id == client_id, Classification.id.in_(some)
        )
        labels.update(*session.scalars(query))
    return order_labels(labels)


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def _directed(order: Order) -> list[ColumnElement[Any]]:
    columns, _, is_descending = _SORTINGS[order]
    return [column.desc() if is_descending else column.asc() for column in columns]


def _clauses(client_id: int, conditions: Filter) -> list[ColumnElement[bool]]:
    clauses = [Classification.client_id == client_id]
    for name in ("label", "verdict", "model"):
        value = getattr(conditions, name)
        if value is not None:
            clauses.append(getattr(Classification, name) == value)
    if conditions.feedback == "none":
        clauses.append(Feedback.verdict.is_(None))
    elif conditions.feedback is not None:
        clauses.append(Feedback.verdict == conditions.feedback)
    if conditions.since is not None:
        clauses.append(Classification.created_at >= conditions.since)
    if conditions.until is not None:
        clauses.append(Classification.created_at < conditions.until)
    if conditions.text is not None:
        clauses.append(_contains(conditions.text))
    return clauses


def _contains(text: str) -> ColumnElement[bool]:
    """Return the condition that the file name or a name of the object contains a text."""
    found = Classification.identification["object"]
    names = [found[name].as_string() for name in ("name", "common_name", "common_name_de")]
    searched = text.replace(" ", "")
    return or_(
        *(
            func.replace(column, " ", "").icontains(searched, autoescape=True)
            for column in (Classification.path, *names)
        )
    )
