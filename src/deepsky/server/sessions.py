"""Routes for the browser session: begin, remember, and hand over to another person."""

from typing import Any, Final

from apiflask import APIBlueprint
from flask import Response, after_this_request, g, request

from deepsky.server.clients import COOKIE, ensure_client_id, find_client_id, remembers
from deepsky.server.problems import ProblemError, problems
from deepsky.server.schemas.sessions import SessionForm, SessionState
from deepsky.server.state import state
from deepsky.storage.clients import (
    end_session,
    find_ended_session,
    new_session_secret,
    offer_session,
    remember_session,
)
from deepsky.storage.lists import Filter, count_classifications, list_ids

__all__ = ["blueprint"]

blueprint = APIBlueprint("session", __name__, url_prefix="/api/v1/session")

PREVIOUS: Final = "deepsky_previous"
"""Cookie with the token of the session that has ended last; it only allows deletion."""


@blueprint.get("")
@blueprint.output(SessionState, description="The session")
@blueprint.doc(operation_id="getSession", responses=problems(401, 503))
def show() -> dict[str, Any]:
    """Describe the session of the browser."""
    with state().storage.database.read() as session:
        client = find_client_id(session)
        ended = find_ended_session(session, request.cookies.get(PREVIOUS, ""))
        count = count_classifications(session, client, Filter()).total if client is not None else 0
        previous = count_classifications(session, ended, Filter()).total if ended else 0
    return {
        "exists": count > 0,
        "has_key": g.key_id is not None,
        "remembered": g.get("session_remembered", remembers()),
        "previous": previous,
    }


@blueprint.post("")
@blueprint.output({}, status_code=204, description="The client has a session or an API key")
@blueprint.doc(operation_id="beginSession", responses=problems(401, 403, 429, 500, 503))
def begin() -> str:
    """Begin a session: set the session cookie, unless the client has a session or an API key.

    If a session begins before the first upload, an upload whose response is lost can be repeated in
    the same session. A session that is not used within a day is removed.
    """
    ensure_client_id()
    return ""


@blueprint.put("")
@blueprint.input(SessionForm, arg_name="form")
@blueprint.output({}, status_code=204, description="Stored")
@blueprint.doc(operation_id="putSession", responses=problems(400, 401, 403, 429, 503))
def put(form: SessionForm) -> str:
    """Set whether the session continues after the browser is closed."""
    _require_no_key()
    client = ensure_client_id()
    with state().storage.database.write() as session:
        remember_session(session, client, remembered=form.remembered)
    g.session_secret = g.get("session_secret") or request.cookies[COOKIE]
    g.session_remembered = form.remembered
    return ""


@blueprint.post("/new")
@blueprint.output({}, status_code=204, description="The new session has begun")
@blueprint.doc(operation_id="newSession", responses=problems(401, 403, 429, 503))
def renew() -> str:
    """End the session and begin a new one, for the next person at this browser.

    The cookie of the old session becomes invalid. Its classifications are kept, and can only be
    deleted (`DELETE /session/previous`) until the browser is closed.
    """
    _require_no_key()
    secret, token = new_session_secret(), None
    with state().storage.database.write() as session:
        client = find_client_id(session)
        if client is not None:
            token = end_session(session, client)
        offer_session(session, secret, secret, remembered=remembers())
    g.session_secret, g.session_remembered = secret, remembers()
    if token is not None:
        _set_previous(token)
    return ""


@blueprint.delete("/previous")
@blueprint.output({}, status_code=204, description="Deleted")
@blueprint.doc(operation_id="deletePrevious", responses=problems(401, 403, 429, 503))
def delete_previous() -> str:
    """Delete the classifications, images and feedback of the previous person in this browser."""
    storage = state().storage
    with storage.database.read() as session:
        ended = find_ended_session(session, request.cookies.get(PREVIOUS, ""))
        ids = list_ids(session, ended, Filter()) if ended is not None else []
    if ended is not None:
        storage.delete_several(ended, ids)
    _set_previous("")
    return ""


def _require_no_key() -> None:
    if g.key_id is not None:
        detail = "This client uses an API key, not a session."
        raise ProblemError(403, "session_required", detail)


def _set_previous(token: str) -> None:
    """Set the cookie with the token of the ended session, or remove it if the token is empty."""

    @after_this_request
    def set_cookie(response: Response) -> Response:
        response.set_cookie(
            PREVIOUS,
            token,
            max_age=None if token else 0,
            path=f"{request.script_root}/api/",
            secure=request.is_secure,
            httponly=True,
            samesite="Strict",
        )
        return response
