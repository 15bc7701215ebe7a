"""Only the latest feedback on a classification is stored."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from deepsky.storage import Storage
from deepsky.storage.classifications import delete_classification
from deepsky.storage.feedback import (
    Assessment,
    Vote,
    count_agreement,
    label_votes,
    record_feedback,
    withdraw_feedback,
)
from deepsky.storage.tables import Feedback, Judgement, ModelKey
from deepsky.taxonomy import Label
from tests.storing import store

GiveFeedback = Callable[..., None]


@pytest.fixture
def give_feedback(storage: Storage) -> GiveFeedback:
    """Return a function that stores a classification and feedback on this classification."""

    def make(
        client: int,
        content: bytes,
        verdict: Judgement,
        label: Label | None = None,
        model: str = "efficientnet",
        second: Label | None = None,
    ) -> None:
        classification = store(storage, client, content, model=model)
        with storage.database.write() as session:
            record_feedback(session, classification, client, Assessment(verdict, label, second))

    return make


def votes(storage: Storage) -> list[dict[Vote, int]]:
    with storage.database.read() as session:
        return [dict(counted) for counted in label_votes(session).values()]


def stored_feedback(storage: Storage) -> list[tuple[str, str | None, str | None]]:
    with storage.database.read() as session:
        return [(f.verdict, f.label, f.comment) for f in session.scalars(select(Feedback))]


def test_new_feedback_replaces_earlier_feedback(storage: Storage, client: int) -> None:
    classification = store(storage, client)
    given: list[tuple[Judgement, Label | None, str | None]] = [
        ("correct", "galaxy", None),
        ("incorrect", None, None),
        ("incorrect", "nebula", None),
        ("incorrect", "nebula", "it glows"),
        ("correct", "galaxy", None),
    ]
    for each in given:
        for _ in range(2):
            with storage.database.write() as session:
                verdict, label, comment = each
                assessment = Assessment(verdict, label, comment=comment)
                feedback = record_feedback(session, classification, client, assessment)
            assert (feedback.verdict, feedback.label, feedback.comment) == each
            assert stored_feedback(storage) == [each]


def test_withdrawn_feedback_is_not_stored(storage: Storage, client: int) -> None:
    classification = store(storage, client)
    for _ in range(2):
        with storage.database.write() as session:
            record_feedback(
                session, classification, client, Assessment("incorrect", comment="a comment")
            )
        with storage.database.write() as session:
            withdraw_feedback(session, classification)
        assert stored_feedback(storage) == []


def test_feedback_is_deleted_with_its_classification(storage: Storage, client: int) -> None:
    classification = store(storage, client)
    with storage.database.write() as session:
        record_feedback(session, classification, client, Assessment("correct", "galaxy"))
    with storage.database.write() as session:
        delete_classification(session, client, classification.id)

    assert stored_feedback(storage) == []


def test_agreement_counts_the_latest_feedback_if_it_is_blind(storage: Storage, client: int) -> None:
    given: list[tuple[str, Label, list[Judgement]]] = [
        ("efficientnet", "galaxy", ["correct"]),
        ("efficientnet", "galaxy", ["incorrect", "correct"]),
        ("efficientnet", "galaxy", ["correct", "incorrect"]),
        ("efficientnet", "nebula", ["incorrect"]),
        ("efficientnet", "other", []),
        ("vgg16", "galaxy", ["correct"]),
        ("vgg16 retrained", "galaxy", ["incorrect"]),
    ]
    for title, label, verdicts in given:
        model, _, retrained = title.partition(" ")
        sha256 = ("f" if retrained else "e") * 64
        classification = store(storage, client, model=model, model_sha256=sha256, label=label)
        with storage.database.write() as session:
            for verdict in verdicts:
                record_feedback(session, classification, client, Assessment(verdict, blind=True))
        seen = store(storage, client, model=model, model_sha256=sha256, label=label)
        with storage.database.write() as session:
            record_feedback(session, seen, client, Assessment("correct"))

    with storage.database.read() as session:
        assert count_agreement(session) == {
            ModelKey("efficientnet", "1.0.0", "e" * 64): {
                "galaxy": {"correct": 2, "incorrect": 1},
                "nebula": {"incorrect": 1},
            },
            ModelKey("vgg16", "1.0.0", "e" * 64): {"galaxy": {"correct": 1}},
            ModelKey("vgg16", "1.0.0", "f" * 64): {"galaxy": {"incorrect": 1}},
        }


def test_agreement_is_empty_without_feedback(storage: Storage, client: int) -> None:
    store(storage, client)
    with storage.database.read() as session:
        assert count_agreement(session) == {}
    assert votes(storage) == []


def test_client_has_one_vote_per_image(
    client: int, storage: Storage, give_feedback: GiveFeedback
) -> None:
    give_feedback(client, b"one", "correct")
    give_feedback(client, b"one", "incorrect", "nebula", model="vgg16")

    assert votes(storage) == [{("nebula", None): 1}]


def test_votes_of_clients_are_counted_separately(
    storage: Storage, new_client: Callable[[], int], give_feedback: GiveFeedback
) -> None:
    for verdict, label in [("correct", None), ("incorrect", "nebula"), ("incorrect", "nebula")]:
        give_feedback(new_client(), b"one", verdict, label)
    give_feedback(new_client(), b"two", "incorrect", "other")

    found = votes(storage)
    assert len(found) == 2
    assert {("galaxy", None): 1, ("nebula", None): 2} in found
    assert {("other", None): 1} in found


def test_feedback_without_label_is_no_vote(
    storage: Storage, new_client: Callable[[], int], give_feedback: GiveFeedback
) -> None:
    give_feedback(new_client(), b"one", "incorrect")

    assert votes(storage) == []


def test_rejecting_a_label_removes_the_vote_for_it(
    storage: Storage, client: int, give_feedback: GiveFeedback
) -> None:
    give_feedback(client, b"one", "correct")
    give_feedback(client, b"one", "incorrect", model="vgg16")

    assert votes(storage) == []


def test_two_labels_are_one_vote_in_either_order(
    storage: Storage, new_client: Callable[[], int], give_feedback: GiveFeedback
) -> None:
    give_feedback(new_client(), b"one", "incorrect", "nebula", second="star_cluster")
    give_feedback(new_client(), b"one", "incorrect", "star_cluster", second="nebula")
    give_feedback(new_client(), b"one", "incorrect", "nebula")

    assert votes(storage) == [{("nebula", "star_cluster"): 2, ("nebula", None): 1}]


def test_a_client_that_does_not_know_has_no_vote(
    storage: Storage, client: int, give_feedback: GiveFeedback
) -> None:
    give_feedback(client, b"one", "incorrect", "nebula")
    give_feedback(client, b"one", "unsure", model="vgg16")

    assert votes(storage) == []
