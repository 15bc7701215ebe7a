"""The record: what deepsky says about one file, in one shape everywhere."""

from collections.abc import Iterator
from os import PathLike, fspath
from typing import Any, TypedDict

from deepsky.classifier import Classifier, Prediction
from deepsky.errors import ImageError
from deepsky.imaging import Limits, Picture, read_image
from deepsky.taxonomy import Label, Verdict

__all__ = ["Record", "RecordError", "classify_file"]
