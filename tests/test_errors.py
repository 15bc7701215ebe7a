"""Exceptions: messages, codes, pickling, and built-in base classes."""

import errno
import pickle
from pathlib import Path

import pytest

import deepsky
from deepsky import errors


@pytest.mark.parametrize("name", errors.__all__)
def test_error_keeps_its_message_and_type_when_pickled(name: str) -> None:
    error = getattr(errors, name)("The file is damaged; save it again.")
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert str(copy) == str(error) == "The file is damaged; save it again."
    assert copy.code == error.code


def test_codes_are_unique() -> None:
    codes = [getattr(errors, name).code for name in errors.__all__]
    assert len(set(codes)) == len(codes)


def test_missing_file_is_a_file_not_found_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no such file") as caught:
        deepsky.read_image(tmp_path / "missing.fits")
    assert caught.value.errno == errno.ENOENT


def test_folder_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(errors.ImageUnreadableError, match=r"^The path is a folder") as caught:
        deepsky.read_image(tmp_path)
    assert isinstance(caught.value, OSError)


def test_too_many_pixels_is_not_reported_as_corrupt_image() -> None:
    sample = Path(__file__).parents[1] / "samples" / "m-90.jpg"
    with pytest.raises(errors.TooManyPixelsError):
        deepsky.read_image(sample, limits=deepsky.Limits(max_pixels=10))


def test_unknown_model_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="efficientnet"):
        deepsky.load_classifier("alexnet")


def test_read_timeout_is_a_timeout_error() -> None:
    assert issubclass(errors.ReadTimeoutError, TimeoutError)
