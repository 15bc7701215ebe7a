"""Authenticate browsers by session cookies, and other clients by API keys.

Each client has access only to its own classifications. Pages on other websites cannot send requests
on behalf of a user: browsers do not send the cookie with cross-site requests (``SameSite``), and
the server rejects cross-site requests that change data.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from apiflask import APIFlask
from flask import Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session as OrmSession

from deepsky.errors import StorageError
from deepsky.server.addresses import subscriber
from deepsky.server.forwarding import FORWARDED
from deepsky.server.problems import ProblemError
from deepsky.server.screening import SCREENED
from deepsky.server.state import state
from deepsky.server.waiting_client import CLIENT_HAS_GONE, Client
from deepsky.storage.clients import (
    find_key,
    find_session,
    new_session_secret,
    offer_session,
    use_session,
)

__all__ = [
    "API",
    "COOKIE",
    "PUBLIC",
    "SHARED",
    "ensure_client_id",
    "find_client_id",
    "needs_key",
    "register_clients",
    "remembers",
    "waiting_client",
]

API: Final = "/api/v1/"
PUBLIC: Final = frozenset({"/api/v1/health", "/api/v1/openapi.json", "/api/v1/settings"})
"""Paths that never require an API key, for monitoring, documentation and the web page."""

SHARED: Final = "/api/v1/shared/"
"""Beginning of the paths of what clients share. They ignore API keys and sessions."""

COOKIE: Final = "deepsky_session"
YEAR: Final = 365 * 24 * 3600

RENEWED_AFTER: Final = timedelta(days=1)
"""Time after which a session that is used is renewed, together with its cookie."""

UNSAFE: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
CHALLENGE: Final = {"WWW-Authenticate": "Bearer"}


def register_clients(app: APIFlask) -> None:
    """Register the functions that identify the client of each API request.

    Parameters
    ----------
    app : APIFlask
    """
    app.before_request(_identify)
    app.after_request(_set_cookie)


def find_client_id(session: OrmSession) -> int | None:
    """Return the id of the client that sent the request.

    Parameters
    ----------
    session : sqlalchemy.orm.Session

    Returns
    -------
    int or None
        None if the request has neither an API key nor a valid session cookie.
    """
    key_id: int | None = g.key_id
    if key_id is not None:
        return key_id
    secret = request.cookies.get(COOKIE)
    found = find_session(session, secret) if secret else None
    if secret is None or found is None:
        return None
    g.session_remembered = found.remembered is not False
    if found.claim is not None:
        return found.id if _use_session(session, found.id, secret) else None
    if datetime.now(UTC) - (found.used_at or found.created_at) > RENEWED_AFTER:
        try:
            if _use_session(session, found.id, secret):
                g.session_secret = secret
        except (SQLAlchemyError, StorageError) as error:  # renewed by the next request
            current_app.logger.warning("A session could not be renewed: %s", error)
    return found.id


def remembers() -> bool:
    """Return whether new sessions are kept after the browser is closed.

    They are on a server that only this machine can reach, which is usually used by one person.
    """
    return not state().settings.is_public


def waiting_client() -> Client:
    """Return the client that waits for the response to the current request."""
    has_gone = request.environ.get(CLIENT_HAS_GONE, lambda: False)
    if g.key_id is not None:
        return Client(f"key {g.key_id}", has_gone)
    return Client(f"address {subscriber(request.remote_addr or '')}", has_gone)


def ensure_client_id(describe: Callable[[], str | None] = lambda: None) -> int:
    """Return the id of the client that sent the request; offer a session to a new browser.

    A new session always gets a new secret, and cookies that the server did not issue are ignored.
    This prevents session fixation.

    Parameters
    ----------
    describe : callable
        Function that returns a text that identifies the request, or None; called if the client has
        no session. If the request is repeated because its response was lost, the client has no
        cookie yet. If the IP address and this text are the same, the client is offered the same
        session again, until one of the offered cookies is sent back.
    """
    database = state().storage.database
    with database.read() as session:  # Existing clients need no write lock.
        found = find_client_id(session)
    if found is not None:
        return found
    secret = new_session_secret()
    description = describe()
    claim = secret if description is None else f"{request.remote_addr} {description}"
    with database.write() as session:
        added = offer_session(session, secret, claim, remembered=remembers())
    g.session_secret, g.session_remembered = secret, remembers()
    return added


def needs_key() -> bool:
    """Return whether requests such as the current one need an API key."""
    return bool(_why_key_required())


def _use_session(session: OrmSession, id: int, secret: str) -> bool:  # noqa: A002
    if session.info.get("writes"):
        return use_session(session, id, secret)
    with state().storage.database.write() as writing:
        return use_session(writing, id, secret)


def _identify() -> None:
    g.key_id = None
    _refuse_other_hosts()
    if not request.path.startswith(API) or request.path.startswith(SHARED):
        return
    key = _bearer()
    if key is not None:
        with state().storage.database.read() as session:
            g.key_id = find_key(session, key)
        if g.key_id is None:
            detail = (
                "The API key is unknown or has been revoked. Request a new key from the operator."
            )
            raise ProblemError(401, "invalid_key", detail, CHALLENGE)
    elif request.path not in PUBLIC and (reason := _why_key_required()):
        raise ProblemError(401, "key_required", reason, CHALLENGE)
    else:
        _refuse_other_sites()
    if request.method in UNSAFE and SCREENED not in request.environ:
        state().rate_limit.count(waiting_client().name)


def _why_key_required() -> str | None:
    """Return why the request needs an API key and how to get one, or None if it needs none."""
    settings = state().settings
    advice = (
        "send the header 'Authorization: Bearer KEY'. The operator creates keys with "
        "'deepsky keys add'"
    )
    if settings.requires_keys:
        return f"This server requires an API key: {advice}."
    if settings.access == "auto" and FORWARDED in request.environ:
        return (
            f"Requests through a proxy require an API key: {advice}, or gives access without keys "
            "with DEEPSKY_ACCESS=open."
        )
    return None


def _bearer() -> str | None:
    """Return the bearer token from the request's Authorization header.

    Return None if the request has no Authorization header, and an empty string if the header
    contains no bearer token.
    """
    authorization = request.authorization
    if authorization is None:
        return None
    return authorization.token or "" if authorization.type == "bearer" else ""


def _refuse_other_hosts() -> None:
    hosts = state().settings.hosts  # Flask's own TRUSTED_HOSTS does not support IPv6 addresses
    name = urlsplit(f"//{request.host}").hostname or ""
    if hosts is not None and name not in hosts:
        detail = (
            f"The server does not accept requests for the host {name!r}. The operator can add "
            "this host to DEEPSKY_TRUSTED_HOSTS."
        )
        raise ProblemError(421, "misdirected_request", detail)


def _refuse_other_sites() -> None:
    """Reject cross-site requests that change data.

    Modern browsers identify cross-site requests in the ``Sec-Fetch-Site`` header. Older browsers
    send only the ``Origin`` header, which is compared with the host of this server.
    """
    if request.method not in UNSAFE:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        foreign = site not in ("same-origin", "none")
    else:
        foreign = origin is not None and origin.partition("://")[2] != request.host
    if foreign:
        detail = "Requests from other websites are not allowed."
        raise ProblemError(403, "cross_site_request", detail)


def _set_cookie(response: Response) -> Response:
    secret = g.get("session_secret")
    if secret is not None:
        response.set_cookie(
            COOKIE,
            secret,
            max_age=YEAR if g.get("session_remembered", True) else None,
            path=f"{request.script_root}/api/",
            secure=request.is_secure,
            httponly=True,
            samesite="Strict",
        )
    return response
