"""Database queries for clients: browser sessions and API keys.

The secrets of clients are random 256-bit numbers, stored as SHA-256 hashes. A slow password hash
would not add security, because secrets of this length cannot be guessed.
"""

import hashlib
import secrets
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session as OrmSession

from deepsky.errors import StorageError
from deepsky.storage.database import insert_into
from deepsky.storage.tables import ApiKey, Client, OfferedSecret, Session

__all__ = [
    "add_key",
    "add_session",
    "client_exists",
    "end_session",
    "find_ended_session",
    "find_key",
    "find_session",
    "list_keys",
    "new_session_secret",
    "offer_session",
    "remember_session",
    "revoke_key",
    "use_session",
]

KEY_PREFIX: Final = "dsk_"
"""Prefix of all API keys; it makes keys recognisable to people and secret scanners."""


ENDED: Final = "ended:"
"""Prefix of the text whose hash identifies a session that has ended, so that its token is not a
valid session cookie."""


def new_session_secret() -> str:
    """Return a new random secret for a browser session."""
    return secrets.token_urlsafe(32)


def find_session(session: OrmSession, secret: str) -> Session | None:
    """Return a browser session.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
    secret : str
        Value of the session cookie.

    Returns
    -------
    Session or None
        None if the server did not issue this secret, or has since removed the session.
    """
    hashed = _hash(secret)
    offered = select(OfferedSecret.client_id).where(OfferedSecret.secret_sha256 == hashed)
    return session.scalar(
        select(Session).where(
            (Session.secret_sha256 == hashed) | Session.id.in_(offered.scalar_subquery())
        )
    )


def add_session(session: OrmSession, secret: str) -> int:
    """Store a new, confirmed browser session.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        Session from `Database.write`.
    secret : str
        Secret from `new_session_secret`.

    Returns
    -------
    int
        Client id of the new browser session.
    """
    added = Session(secret_sha256=_hash(secret), created_at=datetime.now(UTC))
    session.add(added)
    session.flush()
    return added.id


def offer_session(
    session: OrmSession, secret: str, request: str, *, remembered: bool = True
) -> int:
    """Store a browser session that is not confirmed yet, or add a secret to it.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        Session from `Database.write`.
    secret : str
        Secret from `new_session_secret`.
    request : str
        Text that identifies the request for which the session is offered. If an unconfirmed session
        was offered for the same request, it is offered again.
    remembered : bool
        Whether the cookie of a new session is kept after the browser is closed.

    Returns
    -------
    int
        Client id of the browser session.
    """
    hashed = _hash(secret)
    insert = insert_into(session, Session).values(
        kind="session",
        secret_sha256=hashed,
        claim=_hash(request),
        created_at=datetime.now(UTC),
        remembered=remembered,
    )
    # If the row exists, this update has no effect except that its columns are returned.
    insert = insert.on_conflict_do_update(
        index_elements=[Session.claim], set_={"claim": insert.excluded.claim}
    )
    columns = Client.__table__.c
    id, first = session.execute(insert.returning(columns.id, columns.secret_sha256)).one()  # noqa: A001
    if first != hashed:
        session.add(OfferedSecret(secret_sha256=hashed, client_id=id))
        session.flush()
    return int(id)


def use_session(session: OrmSession, id: int, secret: str) -> bool:  # noqa: A002
    """Confirm a browser session, and store that it has been used.

    The other secrets that were offered for the session become invalid.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        Session from `Database.write`.
    id : int
        Client id of the browser session.
    secret : str
        Secret that the browser has sent.

    Returns
    -------
    bool
        False if the session has been removed, or was confirmed with another secret.
    """
    hashed = _hash(secret)
    is_same = (Session.claim.is_not(None)) | (Session.secret_sha256 == hashed)
    confirm = (
        update(Session)
        .where(Session.id == id, is_same)
        .values(secret_sha256=hashed, claim=None, used_at=datetime.now(UTC))
        .returning(Session.id)
    )
    options = {"synchronize_session": False}
    offered = delete(OfferedSecret).where(OfferedSecret.client_id == id)
    session.execute(offered, execution_options=options)
    return session.scalar(confirm, execution_options=options) is not None


def remember_session(session: OrmSession, id: int, *, remembered: bool) -> None:  # noqa: A002
    """Store whether the cookie of a session is kept after the browser is closed.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        Session from `Database.write`.
    id : int
        Client id of the browser session.
    remembered : bool
    """
    change = update(Session).where(Session.id == id).values(remembered=remembered)
    session.execute(change, execution_options={"synchronize_session": False})


def end_session(session: OrmSession, id: int) -> str:  # noqa: A002
    """End a browser session: its secret becomes invalid, and its data are kept.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        Session from `Database.write`.
    id : int
        Client id of the browser session.

    Returns
    -------
    str
        Token for `find_ended_session`, which gives no access to the data except to delete them.
    """
    token = new_session_secret()
    change = update(Session).where(Session.id == id).values(secret_sha256=_hash(ENDED + token))
    session.execute(change, execution_options={"synchronize_session": False})
    session.execute(delete(OfferedSecret).where(OfferedSecret.client_id == id))
    return token


def find_ended_session(session: OrmSession, token: str) -> int | None:
    """Return the client id of a session that has ended.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
    token : str
        Token from `end_session`.

    Returns
    -------
    int or None
        None if the token is invalid, or if the session has been removed.
    """
    return session.scalar(select(Session.id).where(Session.secret_sha256 == _hash(ENDED + token)))


def client_exists(session: OrmSession, id: int) -> bool:  # noqa: A002
    """Return whether a client has not been removed.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
    id : int
        Client id.
    """
    return session.scalar(select(Client.id).where(Client.id == id)) is not None


def add_key(session: OrmSession, name: str) -> str:
    """Create an API key.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        Session from `Database.write`.
    name : str
        Name of the key. It must differ from the names of all other keys in use.

    Returns
    -------
    str
        The key. Only its hash is stored, so the key cannot be shown again.

    Raises
    ------
    StorageError
        If another key in use has this name.
    """
    if session.scalar(select(ApiKey).where(ApiKey.name == name)):
        msg = (
            f"A key named {name!r} already exists. Choose another name, or revoke the existing key "
            "first."
        )
        raise StorageError(msg)
    secret = KEY_PREFIX + secrets.token_urlsafe(32)
    session.add(ApiKey(name=name, secret_sha256=_hash(secret), created_at=datetime.now(UTC)))
    return secret


def find_key(session: OrmSession, secret: str) -> int | None:
    """Return the client id of an API key.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
    secret : str
        The API key.

    Returns
    -------
    int or None
        None if the key does not exist or has been revoked.
    """
    is_key = ApiKey.secret_sha256 == _hash(secret)
    return session.scalar(select(ApiKey.id).where(is_key, ApiKey.revoked_at.is_(None)))


def list_keys(session: OrmSession) -> list[ApiKey]:
    """Return the API keys that have not been revoked, oldest first.

    Parameters
    ----------
    session : sqlalchemy.orm.Session

    Returns
    -------
    list of ApiKey
    """
    in_use = select(ApiKey).where(ApiKey.revoked_at.is_(None))
    return list(session.scalars(in_use.order_by(ApiKey.created_at)))


def revoke_key(session: OrmSession, name: str) -> None:
    """Revoke an API key; the classifications created with this key are kept.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        Session from `Database.write`.
    name : str
        Name of the key.

    Raises
    ------
    StorageError
        If no key with this name is in use.
    """
    key = session.scalar(select(ApiKey).where(ApiKey.name == name))
    if key is None:
        names = ", ".join(str(key.name) for key in list_keys(session)) or "none"
        msg = f"There is no key named {name!r}. Keys in use: {names}."
        raise StorageError(msg)
    key.revoked_at = datetime.now(UTC)
    key.name = None  # allows a new key with the same name


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
