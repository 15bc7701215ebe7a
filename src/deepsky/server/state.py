"""What the requests of one server share."""

from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from flask import current_app

from deepsky.classifier import Classifier, load_classifier
from deepsky.models import DEFAULT_MODEL
from deepsky.server.answers import Answers
from deepsky.server.settings import Settings

__all__ = ["Classifiers", "State", "state"]


class Classifiers:
    """The models in use, each loaded once. Safe to use from several threads."""

    def __init__(self) -> None:
        self._loaded: dict[str, Classifier] = {}
        self._loading = Lock()

    @property
    def loaded(self) -> list[str]:
        """Names of the models that answer at once."""
        return sorted(self._loaded)

    def get(self, name: str = DEFAULT_MODEL) -> Classifier:
        """Give a model, loading it where that has not happened yet.

        Raises
        ------
        ModelNotFoundError
            If no model of that name is installed.
        ModelCorruptError
            If its files are missing, damaged or do not belong together.
        """
        if name not in self._loaded:
            with self._loading:
                if name not in self._loaded:
                    self._loaded[name] = load_classifier(name)
        return self._loaded[name]


@dataclass(frozen=True, slots=True)
class State:
    """What the requests of one server share."""

    settings: Settings
    classifiers: Classifiers
    answers: Answers
    page: Path


def state() -> State:
    """Give the state of the server that handles the current request."""
    found: State = current_app.extensions["deepsky"]
    return found
