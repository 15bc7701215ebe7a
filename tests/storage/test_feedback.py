"""Every word is kept, the last one counts."""

from collections.abc import Callable

import pytest

from deepsky.storage import Storage
from deepsky.storage.classifications import delete_classification
from deepsky.storage.feedback import count_agreement, feedback_history, label_votes, record_feedback
from deepsky.storage.tables import Judgement, ModelKey
from deepsky.taxonomy import Label
from tests.storing import keep

Say = Callable[..., None]


@pytest.fixture
def image_says(storage: Storage) -> Say:
    """Has a client say something of a new answer about an image."""

    def make(
        client: int,
        content: bytes,
        verdict: Judgement,
        label: Label | None = None,
        model: str = "efficientnet",
    ) -> None:
        answer = keep(storage, client, content, model=model)
        with storage.database.write() as session:
            record_feedback(session, answer, client, verdict, label)

    return make


def labels(storage: Storage) -> list[dict[Label, int]]:
    with storage.database.read() as session:
        return [dict(counted) for counted in label_votes(session).values()]


def test_other_words_are_added_and_the_same_are_not(storage: Storage, client: int) -> None:
    answer = keep(storage, client)
    words: list[tuple[Judgement, Label | None, str | None]] = [
        ("correct", "galaxy", None),
        ("incorrect", None, None),
        ("incorrect", "nebula", None),
        ("incorrect", "nebula", "it glows"),
        ("withdrawn", None, None),
        ("correct", "galaxy", None),
    ]
    for word in words:
        for _ in range(2):
            with storage.database.write() as session:
                said = record_feedback(session, answer, client, *word)
            assert (said.verdict, said.label, said.comment) == word

    with storage.database.read() as session:
        found = feedback_history(session, answer)
    assert [(said.verdict, said.label, said.comment) for said in found] == words
    assert [said.created_at for said in found] == sorted(said.created_at for said in found)


def test_what_was_said_goes_with_the_answer(storage: Storage, client: int) -> None:
    answer = keep(storage, client)
    with storage.database.write() as session:
        record_feedback(session, answer, client, "correct", "galaxy")
    with storage.database.write() as session:
        delete_classification(session, client, answer.id)

    with storage.database.read() as session:
        assert feedback_history(session, answer) == []


def test_agreement_counts_the_last_word_on_each_answer(storage: Storage, client: int) -> None:
    given: list[tuple[str, Label, list[Judgement]]] = [
        ("efficientnet", "galaxy", ["correct"]),
        ("efficientnet", "galaxy", ["incorrect", "correct"]),
        ("efficientnet", "galaxy", ["correct", "incorrect"]),
        ("efficientnet", "galaxy", ["correct", "withdrawn"]),
        ("efficientnet", "nebula", ["incorrect"]),
        ("efficientnet", "other", []),
        ("vgg16", "galaxy", ["correct"]),
        ("vgg16 retrained", "galaxy", ["incorrect"]),
    ]
    for title, label, verdicts in given:
        model, _, retrained = title.partition(" ")
        sha256 = ("f" if retrained else "e") * 64
        answer = keep(storage, client, model=model, model_sha256=sha256, label=label)
        with storage.database.write() as session:
            for verdict in verdicts:
                record_feedback(session, answer, client, verdict)

    with storage.database.read() as session:
        assert count_agreement(session) == {
            ModelKey("efficientnet", "1.0.0", "e" * 64): {
                "galaxy": {"correct": 2, "incorrect": 1},
                "nebula": {"incorrect": 1},
            },
            ModelKey("vgg16", "1.0.0", "e" * 64): {"galaxy": {"correct": 1}},
            ModelKey("vgg16", "1.0.0", "f" * 64): {"galaxy": {"incorrect": 1}},
        }


def test_nothing_was_said_yet(storage: Storage, client: int) -> None:
    keep(storage, client)
    with storage.database.read() as session:
        assert count_agreement(session) == {}
    assert labels(storage) == []


def test_a_client_counts_once_for_an_image_by_what_it_said_last(
    client: int, storage: Storage, image_says: Say
) -> None:
    image_says(client, b"one", "correct")
    image_says(client, b"one", "incorrect", "nebula", model="vgg16")

    assert labels(storage) == [{"nebula": 1}]


def test_clients_who_disagree_are_counted_apart(
    storage: Storage, new_client: Callable[[], int], image_says: Say
) -> None:
    for verdict, label in [("correct", None), ("incorrect", "nebula"), ("incorrect", "nebula")]:
        image_says(new_client(), b"one", verdict, label)
    image_says(new_client(), b"two", "incorrect", "other")

    found = labels(storage)
    assert len(found) == 2
    assert {"galaxy": 1, "nebula": 2} in found
    assert {"other": 1} in found


def test_who_names_no_label_or_takes_it_back_is_not_counted(
    storage: Storage, new_client: Callable[[], int], image_says: Say
) -> None:
    image_says(new_client(), b"one", "incorrect")
    image_says(new_client(), b"two", "withdrawn")

    assert labels(storage) == []


def test_who_calls_the_label_wrong_in_the_end_is_not_counted_for_it(
    storage: Storage, client: int, image_says: Say
) -> None:
    image_says(client, b"one", "correct")
    image_says(client, b"one", "incorrect", model="vgg16")

    assert labels(storage) == []
