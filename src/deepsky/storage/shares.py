"""Database queries for classifications that a client shares by a link."""

import re
import secrets
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session as OrmSession

from deepsky.storage.tables import Classification

__all__ = ["find_shared", "share", "withdraw_share"]

TOKEN: Final = re.compile(r"[\w-]{43}", re.ASCII)
"""Pattern that matches tokens: 256 random bits in base64url."""


def share(classification: Classification) -> str:
    """Share a classification, and return its token.

    Parameters
    ----------
    classification : Classification
        Row that is locked in a session from `Database.write`.

    Returns
    -------
    str
        The earlier token if the classification is already shared.
    """
    if classification.share is None:
        classification.share = secrets.token_urlsafe(32)
    return classification.share


def withdraw_share(classification: Classification) -> None:
    """Make the token of a classification invalid for ever.

    Parameters
    ----------
    classification : Classification
        Row that is locked in a session from `Database.write`.
    """
    classification.share = None


def find_shared(session: OrmSession, token: str) -> Classification | None:
    """Return the classification that is shared under a token.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
    token : str

    Returns
    -------
    Classification or None
        None if the token is unknown or has been withdrawn.
    """
    if not TOKEN.fullmatch(token):
        return None
    return session.scalar(select(Classification).where(Classification.share == token))
