"""Authenticate browsers by session cookies, and other clients by API keys.

Each client has access only to its own classifications. Pages on other websites cannot send requests
on behalf of a user: browsers do not send the cookie with cross-site requests (``SameSite``), and
the server rejects cross-site requests that change data.
"""

from typing import Final
from urllib.parse import urlsplit

from apiflask import APIFlask
from flask import Response, g, request
from sqlalchemy.orm import Session as OrmSession

from deepsky.server.addresses import subscriber
from deepsky.server.problems import ProblemError
from deepsky.server.screening import SCREENED
from deepsky.server.state import state
from deepsky.server.waiting_client import CLIENT_HAS_GONE, Client
from deepsky.storage.clients import add_session, find_key, find_session, new_session_secret

__all__ = [
    "COOKIE",
    "PUBLIC",
    "ensure_client_id",
    "find_client_id",
    "register_clients",
    "waiting_client",
]

API: Final = "/api/v1/"
PUBLIC: Final = frozenset({"/api/v1/health", "/api/v1/openapi.json"})
"""Paths that never require an API key, for monitoring and documentation."""

COOKIE: Final = "deepsky_session"
YEAR: Final = 365 * 24 * 3600
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
    return find_session(session, secret) if secret else None


def waiting_client() -> Client:
    """Return the client that waits for the response to the current request."""
    has_gone = request.environ.get(CLIENT_HAS_GONE, lambda: False)
    if g.key_id is not None:
        return Client(f"key {g.key_id}", has_gone)
    return Client(f"address {subscriber(request.remote_addr or '')}", has_gone)


def ensure_client_id() -> int:
    """Return the id of the client that sent the request; create a session for a new browser.

    A new session always gets a new secret, and cookies that the server did not issue are ignored.
    This prevents session fixation.
    """
    database = state().storage.database
    with database.read() as session:  # Existing clients need no write lock.
        found = find_client_id(session)
    if found is not None:
        return found
    secret = new_session_secret()
    with database.write() as session:
        added = add_session(session, secret)
    g.new_session_secret = secret
    return added


def _identify() -> None:
    g.key_id = None
    _refuse_other_hosts()
    if not request.path.startswith(API):
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
    elif state().settings.requires_keys and request.path not in PUBLIC:
        detail = (
            "This server requires an API key: send the header 'Authorization: Bearer KEY'. "
            "The operator creates keys with 'deepsky keys add'."
        )
        raise ProblemError(401, "key_required", detail, CHALLENGE)
    else:
        _refuse_other_sites()
    if request.method in UNSAFE and SCREENED not in request.environ:
        state().rate_limit.count(waiting_client().name)


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
    secret = g.get("new_session_secret")
    if secret is not None:
        response.set_cookie(
            COOKIE,
            secret,
            max_age=YEAR,
            path=f"{request.script_root}/api/",
            secure=request.is_secure,
            httponly=True,
            samesite="Strict",
        )
    return response
