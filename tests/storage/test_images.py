"""Image files are stored completely and only once, and only their owner can read them."""

import hashlib
import io
import os
import stat
import time
from pathlib import Path

import pytest

from deepsky.errors import StorageError
from deepsky.storage import ImageStore, Storage
from tests.storing import PREVIEW

CONTENT = b"an image" * 500_000


@pytest.fixture
def store(tmp_path: Path) -> ImageStore:
    return ImageStore(tmp_path / "data" / "images")


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_upload_is_stored_unchanged(store: ImageStore) -> None:
    with store.receive(io.BytesIO(CONTENT)) as incoming:
        assert incoming.sha256 == hashlib.sha256(CONTENT).hexdigest()
        assert incoming.bytes == len(CONTENT)
        assert incoming.path.read_bytes() == CONTENT
        store.save(incoming)

    assert store.path(incoming.sha256).read_bytes() == CONTENT
    assert list(store.list_images()) == [incoming.sha256]


def test_failed_owner_file_is_removed(
    store: ImageStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(StorageError, match="failed: No space"):
        store.claim("a database")
    assert store.owner is None
    assert files(tmp_path) == []


def test_unsaved_upload_is_deleted(store: ImageStore, tmp_path: Path) -> None:
    with store.receive(io.BytesIO(CONTENT)):
        assert len(files(tmp_path)) == 1
    assert files(tmp_path) == []


def test_interrupted_upload_is_deleted(store: ImageStore, tmp_path: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise ConnectionResetError
            return super().read(size)

    with pytest.raises(ConnectionResetError):
        store.receive(Broken(CONTENT))
    assert files(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot limit the size of files")
def test_full_disk_is_a_storage_error(store: ImageStore, tmp_path: Path) -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(StorageError, match=r"images failed: File too large"):
            store.receive(io.BytesIO(CONTENT))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert files(tmp_path) == []


def test_repeated_image_is_stored_once(store: ImageStore, tmp_path: Path) -> None:
    for _ in range(2):
        with store.receive(io.BytesIO(CONTENT)) as incoming:
            store.save(incoming)

    assert files(tmp_path) == [store.path(incoming.sha256)]


def test_preview_without_image_is_refused(store: ImageStore, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        store.save_preview("0" * 64, PREVIEW)
    assert files(tmp_path) == []


def test_removing_deletes_image_and_preview(store: ImageStore, tmp_path: Path) -> None:
    with store.receive(io.BytesIO(CONTENT)) as incoming:
        store.save(incoming)
    store.save_preview(incoming.sha256, PREVIEW)
    assert files(tmp_path) == [store.path(incoming.sha256), store.preview_path(incoming.sha256)]
    for _ in range(2):
        store.remove(incoming.sha256)
        assert files(tmp_path) == []


def test_only_abandoned_uploads_are_removed(store: ImageStore) -> None:
    old, new = store.receive(io.BytesIO(b"old")), store.receive(io.BytesIO(b"new"))
    os.utime(old.path, (1000, 1000))
    store.remove_abandoned(time.time() - 3600)

    assert (old.path.exists(), new.path.exists()) == (False, True)


def test_other_files_are_not_listed(store: ImageStore) -> None:
    with store.receive(io.BytesIO(CONTENT)) as incoming:
        store.save(incoming)
    for name in (".DS_Store", "x" * 100):
        store.path(incoming.sha256).with_name(name).touch()

    assert list(store.list_images()) == [incoming.sha256]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no POSIX permissions")
def test_files_are_readable_by_the_owner_only(store: ImageStore, tmp_path: Path) -> None:
    with store.receive(io.BytesIO(CONTENT)) as incoming:
        store.save(incoming)
    store.save_preview(incoming.sha256, PREVIEW)

    for path in (tmp_path / "data").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_folder_that_cannot_be_created_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot be used"):
        Storage(f"sqlite:///{tmp_path / 'deepsky.db'}", tmp_path / "file" / "images")
