"""Who asks, and whether they may.

A browser is known again by a cookie, anybody else by an API key; each sees only their own answers.
Other people's pages cannot act in a visitor's name: the cookie is not sent with their requests
(SameSite), and what says that it comes from elsewhere is refused.
"""

import re
from typing import Final
from urllib.parse import urlsplit

from apiflask import APIFlask
from flask import Response, g, request
from sqlalchemy.orm import Session as OrmSession

from deepsky.server.problems import Refusal
from deepsky.server.state import state
from deepsky.storage.clients import find_key, find_session, new_session_secret, open_session

__all__ = ["COOKIE", "OPEN", "client_id", "known_client_id", "new_client_id", "register_clients"]

API: Final = "/api/v1/"
OPEN: Final = frozenset({"/api/v1/health", "/api/v1/openapi.json"})
"""What never asks for a key: monitoring and documentation."""

COOKIE: Final = "deepsky_session"
SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")
YEAR: Final = 365 * 24 * 3600
UNSAFE: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
CHALLENGE: Final = {"WWW-Authenticate": "Bearer"}


def register_clients(app: APIFlask) -> None:
    """Have each request of the API tell who it is from."""
    app.before_request(_identify)
    app.after_request(_remember)


def known_client_id(session: OrmSession) -> int | None:
    """Give the client's id; None for a browser that nothing is kept for yet."""
    found: int | None = g.key_id
    return found if found is not None else find_session(session, g.session_secret)


def client_id(session: OrmSession) -> int:
    """Give the client's id, which a browser gets when something is first kept for it."""
    found: int | None = g.key_id
    return found if found is not None else open_session(session, g.session_secret)


def new_client_id() -> int:
    """Give the client's id, without waiting for other writers where it has one."""
    with state().storage.database.read() as session:
        found = known_client_id(session)
    if found is None:
        with state().storage.database.write() as session:
            found = client_id(session)
    return found


def _identify() -> None:
    g.key_id = None
    _refuse_other_names()
    if not request.path.startswith(API):
        return
    key = _bearer()
    if key is not None:
        with state().storage.database.read() as session:
            g.key_id = find_key(session, key)
        if g.key_id is None:
            detail = "There is no such API key, or no longer. Ask whoever runs this server for one."
            raise Refusal(401, "invalid_key", detail, CHALLENGE)
    elif state().settings.asks_for_keys and request.path not in OPEN:
        detail = (
            "This server asks for an API key: send the header 'Authorization: Bearer KEY'. "
            "Whoever runs the server makes one with 'deepsky keys add'."
        )
        raise Refusal(401, "key_required", detail, CHALLENGE)
    else:
        _refuse_other_sites()
        g.session_secret = _session_secret()
    if request.method in UNSAFE:
        state().rate_limit.count(f"key {g.key_id}" if key else f"address {request.remote_addr}")


def _bearer() -> str | None:
    given = request.authorization
    if given is None:
        return None
    return given.token or "" if given.type == "bearer" else ""


def _session_secret() -> str:
    given = request.cookies.get(COOKIE, "")
    if SECRET.fullmatch(given):
        return given
    secret = new_session_secret()
    if request.method in UNSAFE:  # else nothing is kept, and a slow answer must replace no cookie
        g.new_session_secret = secret
    return secret


def _refuse_other_names() -> None:
    hosts = state().settings.hosts  # Flask's own TRUSTED_HOSTS knows no IPv6 addresses
    name = urlsplit(f"//{request.host}").hostname or ""
    if hosts is not None and name not in hosts:
        detail = f"This server does not go by the name {name!r}. See DEEPSKY_TRUSTED_HOSTS."
        raise Refusal(421, "misdirected_request", detail)


def _refuse_other_sites() -> None:
    """Refuse changes that another site's page asks for, whatever cookies come with them.

    Browsers say where a request comes from, in Sec-Fetch-Site or, the older ones, in Origin.
    """
    if request.method not in UNSAFE:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        foreign = site not in ("same-origin", "none")
    else:
        foreign = origin is not None and origin.partition("://")[2] != request.host
    if foreign:
        detail = "The request comes from another site's page, which may not act in your name."
        raise Refusal(403, "cross_site_request", detail)


def _remember(response: Response) -> Response:
    secret = g.get("new_session_secret")
    if secret is not None:
        response.set_cookie(
            COOKIE,
            secret,
            max_age=YEAR,
            path="/api/",
            secure=request.is_secure,
            httponly=True,
            samesite="Strict",
        )
    return response
