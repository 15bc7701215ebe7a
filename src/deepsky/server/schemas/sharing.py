"""Schemas of shared classifications."""

from datetime import datetime

from pydantic import BaseModel, Field

from deepsky.server.schemas.classifications import NetworkResult
from deepsky.server.schemas.identification import Identification

__all__ = ["Share", "SharedClassification"]


class Share(BaseModel):
    """The link by which a classification is shared."""

    token: str = Field(description="Random token, which cannot be guessed.")
    path: str = Field(description="Path of the page that shows the classification to everybody.")


class SharedClassification(Identification, NetworkResult):
    """A shared classification, without what concerns only its client."""

    path: str = Field(description="Always empty: the name of the file is not shared.")
    created_at: datetime
