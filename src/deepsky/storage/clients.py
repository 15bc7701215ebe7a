"""Who asks: browser sessions and holders of API keys.

Their secrets are random numbers of 256 bits, so a plain SHA-256 keeps them: there is nothing to
guess that a slow hash would protect.
"""

import hashlib
import secrets
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session as OrmSession

from deepsky.errors import StorageError
from deepsky.storage.database import insert_into
from deepsky.storage.tables import ApiKey, Session

__all__ = [
    "add_key",
    "find_key",
    "find_session",
    "keys",
    "new_session_secret",
    "open_session",
    "revoke_key",
]

KEY_PREFIX: Final = "dsk_"
"""Lets people, and scanners of leaked secrets, tell what it is."""


def new_session_secret() -> str:
    """Draw the secret of a browser session, which begins when something is first kept for it."""
    return secrets.token_urlsafe(32)


def find_session(session: OrmSession, secret: str) -> int | None:
    """Find the id of a browser session by its secret."""
    return session.scalar(select(Session.id).where(Session.secret_sha256 == _hash(secret)))


def open_session(session: OrmSession, secret: str) -> int:
    """Give the id of a browser session, which begins now if it has not before."""
    insert = insert_into(session, Session).values(
        kind="session", secret_sha256=_hash(secret), created_at=datetime.now(UTC)
    )
    session.execute(insert.on_conflict_do_nothing())
    return session.scalars(select(Session.id).where(Session.secret_sha256 == _hash(secret))).one()


def add_key(session: OrmSession, name: str) -> str:
    """Make an API key; the key itself is told this once.

    Raises
    ------
    StorageError
        If a key of that name is in use.
    """
    if session.scalar(select(ApiKey).where(ApiKey.name == name)):
        msg = f"There is a key {name!r} already. Choose another name, or revoke that one first."
        raise StorageError(msg)
    secret = KEY_PREFIX + secrets.token_urlsafe(32)
    session.add(ApiKey(name=name, secret_sha256=_hash(secret), created_at=datetime.now(UTC)))
    return secret


def find_key(session: OrmSession, secret: str) -> int | None:
    """Find the id of a key that is in use."""
    mine = ApiKey.secret_sha256 == _hash(secret)
    return session.scalar(select(ApiKey.id).where(mine, ApiKey.revoked_at.is_(None)))


def keys(session: OrmSession) -> list[ApiKey]:
    """List the keys in use, the oldest first."""
    in_use = select(ApiKey).where(ApiKey.revoked_at.is_(None))
    return list(session.scalars(in_use.order_by(ApiKey.created_at)))


def revoke_key(session: OrmSession, name: str) -> None:
    """Have a key open nothing any more; what was asked with it is kept.

    Raises
    ------
    StorageError
        If no key of that name is in use.
    """
    key = session.scalar(select(ApiKey).where(ApiKey.name == name))
    if key is None:
        names = ", ".join(str(key.name) for key in keys(session)) or "none"
        msg = f"There is no key {name!r}. In use: {names}."
        raise StorageError(msg)
    key.revoked_at = datetime.now(UTC)
    key.name = None  # free for the next key


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
