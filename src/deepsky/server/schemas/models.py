"""Schemas of the installed models."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from deepsky.intervals import Estimate
from deepsky.models.card import Member
from deepsky.taxonomy import Label

__all__ = ["ModelSummary"]


class Headline(BaseModel):
    """Main performance metrics of a model on one split."""

    model_config = ConfigDict(from_attributes=True)

    macro_f1: Estimate
    accuracy: Estimate
    images: int
    fields: int


class NetworkSummary(BaseModel):
    """Identity and size of a network; for an ensemble, the total size of its members."""

    model_config = ConfigDict(from_attributes=True)

    sha256: str
    bytes: int
    parameters: int


class ModelSummary(BaseModel):
    """Main fields of a model card, with the same names as in the card."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    title: str
    version: str
    created: date
    labels: list[Label]
    metrics: dict[str, Headline] = Field(
        description="Main metrics on each split on which the model was evaluated: `source_test` "
        "(new sources), `test` (new objects) and `validation`."
    )
    network: NetworkSummary
    members: list[Member] = Field(
        description="Members of the ensemble; empty if the model is not an ensemble."
    )
    predicts_kinds: bool = Field(description="Whether the model predicts kinds of objects.")
