"""The database and the image folder remain consistent."""

import io
import os
import random
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError

from deepsky.errors import StorageError
from deepsky.storage import Storage
from deepsky.storage.classifications import delete_classification, find_classification
from deepsky.storage.clients import add_key, add_session, find_key, find_session, list_keys
from deepsky.storage.feedback import Assessment, record_feedback
from deepsky.storage.tables import (
    ApiKey,
    Base,
    Classification,
    Feedback,
    Session,
    StoredImage,
)
from tests.storing import PREVIEW, make_classification, make_stored_image, store


def count(storage: Storage, table: type[Base]) -> int:
    with storage.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def delete(storage: Storage, classification: Classification) -> None:
    """Delete a classification, and its image if no other classification uses it."""
    with storage.database.write() as session:
        sha256 = delete_classification(session, classification.client_id, classification.id)
    assert sha256 == classification.image_sha256
    storage.remove_if_unused(sha256)


def is_stored(storage: Storage, sha256: str) -> bool:
    """Return whether the database has a row for an image; check that its files are consistent."""
    with storage.database.read() as session:
        row = session.get(StoredImage, sha256) is not None
    assert storage.images.path(sha256).exists() == row
    assert row or not storage.images.preview_path(sha256).exists()
    return row


def test_image_is_stored_with_its_classifications(storage: Storage, client: int) -> None:
    with storage.images.receive(io.BytesIO(b"one")) as incoming:
        classifications = [
            make_classification(client, incoming.sha256, model=model) for model in ("a", "b")
        ]
        storage.save(incoming, make_stored_image(incoming), classifications)

    assert is_stored(storage, incoming.sha256)
    assert count(storage, Classification) == 2
    assert storage.check().is_consistent


def test_failed_commit_leaves_no_file(storage: Storage, client: int) -> None:
    before = store(storage, client, b"before", request_key="a", request_part=0)
    with storage.images.receive(io.BytesIO(b"one")) as incoming:
        classifications = [
            make_classification(client, incoming.sha256),
            make_classification(client, incoming.sha256, request_key="a", request_part=0),
        ]
        with pytest.raises(IntegrityError):
            storage.save(incoming, make_stored_image(incoming), classifications)

    assert count(storage, Classification) == count(storage, StoredImage) == 1
    assert storage.check().is_consistent
    assert not is_stored(storage, incoming.sha256)
    assert is_stored(storage, before.image_sha256)


def test_failing_disk_leaves_no_rows(
    storage: Storage, client: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", fail)
        with pytest.raises(StorageError, match="failed: No space"):
            store(storage, client)

    assert count(storage, Classification) == count(storage, StoredImage) == 0
    storage.clean_up()
    assert storage.check().is_consistent


def test_image_of_two_clients_is_kept_until_both_delete_it(
    storage: Storage, new_client: Callable[[], int]
) -> None:
    first, second = store(storage, new_client()), store(storage, new_client())
    assert first.image_sha256 == second.image_sha256
    assert count(storage, StoredImage) == 1

    delete(storage, first)
    assert is_stored(storage, second.image_sha256)
    delete(storage, second)
    assert not is_stored(storage, second.image_sha256)


def test_row_of_an_image_is_complete_after_removal_and_upload(
    storage: Storage, client: int
) -> None:
    classification = store(storage, client)
    storage.remove_if_unused(classification.image_sha256)
    store(storage, client)

    with storage.database.read() as session:
        found = session.get_one(StoredImage, classification.image_sha256)
    assert (found.width, found.height, found.format, found.bytes) == (64, 48, "PNG", 8)


def test_removing_an_unknown_image_does_nothing(storage: Storage) -> None:
    storage.remove_if_unused("0" * 64)
    assert count(storage, StoredImage) == 0


def test_expired_classifications_are_removed_with_images_and_feedback(
    storage: Storage, client: int
) -> None:
    now = datetime.now(UTC)
    old = store(storage, client, b"old", created_at=now - timedelta(days=30, minutes=1))
    both = store(storage, client, b"both", created_at=now - timedelta(days=31))
    new = store(storage, client, b"new", created_at=now - timedelta(days=29, hours=23))
    store(storage, client, b"both")
    with storage.database.write() as session:
        for classification in (old, both, new):
            record_feedback(session, classification, client, Assessment("correct", "galaxy"))

    storage.clean_up()
    assert count(storage, Classification) == 4
    storage.clean_up(keep_days=30)

    assert count(storage, Classification) == 2
    assert count(storage, Feedback) == 1
    assert not is_stored(storage, old.image_sha256)
    assert is_stored(storage, both.image_sha256)
    with storage.database.read() as session:
        assert find_classification(session, client, new.id) is not None
    assert storage.check().is_consistent


def test_idle_sessions_are_removed_but_keys_are_kept(storage: Storage) -> None:
    with storage.database.write() as session:
        key = add_key(session, "old key")
        revoked = add_key(session, "revoked")
        idle, used = add_session(session, "idle"), add_session(session, "used")
        session.execute(update(ApiKey).values(created_at=datetime(2020, 1, 1, tzinfo=UTC)))
        session.execute(update(Session).values(created_at=datetime(2020, 1, 1, tzinfo=UTC)))
        add_session(session, "new")
    assert idle != used
    store(storage, used)

    storage.clean_up()

    with storage.database.read() as session:
        assert find_session(session, "idle") is None
        found = find_session(session, "used")
        assert found is not None
        assert found.id == used
        assert find_session(session, "new") is not None
        assert find_key(session, key) is not None
        assert find_key(session, revoked) is not None
        assert len(list_keys(session)) == 2


def test_abandoned_upload_is_removed_after_an_hour(storage: Storage) -> None:
    uploads = [storage.images.receive(io.BytesIO(b"upload")) for _ in range(2)]
    before = (datetime.now(UTC) - timedelta(minutes=61)).timestamp()
    os.utime(uploads[0].path, (before, before))
    storage.clean_up()

    assert [upload.path.exists() for upload in uploads] == [False, True]


def test_clean_up_stops_on_request(storage: Storage) -> None:
    for content in (b"one", b"two", b"three"):
        with storage.images.receive(io.BytesIO(content)) as incoming:
            storage.images.save(incoming)
    storage.clean_up(stop=lambda: len(list(storage.images.list_images())) < 3)
    assert len(storage.check().orphans) == 2
    storage.clean_up()
    assert storage.check().is_consistent


def test_clean_up_ignores_other_files(storage: Storage, client: int) -> None:
    classification = store(storage, client)
    storage.images.path(classification.image_sha256).with_name("x" * 200).touch()
    delete(storage, classification)
    storage.clean_up()

    assert storage.check().is_consistent


def test_check_reports_missing_and_orphaned_images(storage: Storage, client: int) -> None:
    present, lost = store(storage, client, b"present"), store(storage, client, b"lost")
    storage.images.path(lost.image_sha256).unlink()
    with storage.images.receive(io.BytesIO(b"orphan")) as incoming:
        storage.images.save(incoming)

    report = storage.check()
    assert not report.is_consistent
    assert report.missing == [lost.image_sha256]
    assert report.orphans == [incoming.sha256]
    assert report.database == []

    storage.clean_up()
    assert storage.check().orphans == []
    assert is_stored(storage, present.image_sha256)


def test_check_of_contents_reports_damaged_images(storage: Storage, client: int) -> None:
    store(storage, client, b"intact")
    changed, lost = store(storage, client, b"changed"), store(storage, client, b"lost")
    storage.images.path(changed.image_sha256).write_bytes(b"changeD")
    storage.images.path(lost.image_sha256).unlink()

    report = storage.check(contents=True)
    assert report.damaged == [changed.image_sha256]
    assert report.missing == [lost.image_sha256]
    delete(storage, lost)
    assert storage.check().is_consistent
    assert not storage.check(contents=True).is_consistent


def test_preview_is_rendered_on_the_first_call(storage: Storage, client: int) -> None:
    made: list[bytes] = []

    def render(path: Path) -> bytes:
        made.append(path.read_bytes())
        return PREVIEW

    with storage.images.receive(io.BytesIO(b"an image")) as incoming:
        image = make_stored_image(incoming)
        classification = make_classification(client, incoming.sha256)
        storage.save(incoming, image, [classification])
    for _ in range(2):
        assert storage.preview(image, render).read_bytes() == PREVIEW
    assert made == [b"an image"]

    storage.images.preview_path(image.sha256).unlink()
    assert storage.check().is_consistent
    assert storage.preview(image, render).read_bytes() == PREVIEW
    delete(storage, classification)
    assert not is_stored(storage, image.sha256)


def test_preview_of_an_image_removed_while_rendering_is_not_stored(
    storage: Storage, client: int
) -> None:
    with storage.images.receive(io.BytesIO(b"an image")) as incoming:
        image = make_stored_image(incoming)
        classification = make_classification(client, incoming.sha256)
        storage.save(incoming, image, [classification])

    def render(_: Path) -> bytes:
        delete(storage, classification)
        return PREVIEW

    with pytest.raises(FileNotFoundError):
        storage.preview(image, render)
    assert not is_stored(storage, image.sha256)


def test_database_without_tables_cannot_be_checked(storage_url: str, tmp_path: Path) -> None:
    storage = Storage(storage_url, tmp_path / "images")
    with pytest.raises(StorageError, match="cannot be read"):
        storage.check()
    storage.close()


def test_check_reports_broken_references(tmp_path: Path) -> None:
    storage = Storage(f"sqlite:///{tmp_path / 'deepsky.db'}", tmp_path / "images")
    storage.database.upgrade()
    with storage.database.write() as session:
        client = add_session(session, "secret")
    store(storage, client)
    connection = storage.database.engine.raw_connection()
    connection.cursor().execute("PRAGMA foreign_keys = OFF")
    connection.cursor().execute("DELETE FROM clients")
    connection.close()

    assert storage.check().database == [
        "classifications, row 1: the referenced row in clients is missing"
    ]
    storage.close()


@pytest.mark.parametrize("damage", ["no database", "truncated", "overwritten"])
def test_check_reports_a_damaged_database(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "deepsky.db"
    storage = Storage(f"sqlite:///{path}", tmp_path / "images")
    storage.database.upgrade()
    with storage.database.write() as session:
        client = add_session(session, "secret")
    for number in range(10):
        store(storage, client, f"image {number}".encode(), path="x" * 5000)
    with storage.database.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")  # SQLAlchemy has already started a transaction.
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    storage.close()

    content = path.read_bytes()
    if damage == "no database":
        path.write_bytes(random.Random(1).randbytes(len(content)))
    elif damage == "truncated":
        path.write_bytes(content[: len(content) // 2])
    else:
        noise = random.Random(1).randbytes(len(content) - 8192)
        path.write_bytes(content[:8192] + noise)

    storage = Storage(f"sqlite:///{path}", tmp_path / "images")
    try:
        complaints = "\n".join(storage.check().database)
    except StorageError as error:
        complaints = str(error)
    storage.close()
    assert complaints


def test_unreachable_database_is_not_usable(tmp_path: Path) -> None:
    storage = Storage(f"postgresql+psycopg://deepsky@/name?host={tmp_path}", tmp_path / "images")
    assert not storage.is_usable()
    with pytest.raises(StorageError, match="cannot be read"):
        storage.check()
    storage.close()


def test_reachable_database_is_usable(storage: Storage) -> None:
    assert storage.is_usable()
    with storage.database.read() as session:
        assert session.scalar(text("SELECT 1")) == 1


def test_full_disk_is_not_usable(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=0))

    assert not storage.is_usable()


def test_images_of_another_database_are_an_error(
    storage: Storage, client: int, tmp_path: Path
) -> None:
    storage.prepare()
    classification = store(storage, client)
    other = Storage(f"sqlite:///{tmp_path / 'other.db'}", tmp_path / "images")

    with pytest.raises(StorageError, match="belong to another database"):
        other.prepare()
    other.close()
    storage.prepare()
    assert storage.images.contains(classification.image_sha256)
