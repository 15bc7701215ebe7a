"""Schemas of the session of a browser."""

from pydantic import BaseModel, ConfigDict, Field, StrictBool

__all__ = ["SessionForm", "SessionState"]


class SessionForm(BaseModel):
    """Properties of a session that its user can change."""

    model_config = ConfigDict(extra="forbid")

    remembered: StrictBool = Field(
        description="Whether the session continues after the browser is closed."
    )


class SessionState(BaseModel):
    """The session of a browser."""

    exists: bool = Field(description="Whether the browser has a session with classifications.")
    has_key: bool = Field(description="Whether the client uses an API key instead of a session.")
    remembered: bool = Field(
        description="Whether the session, or the next one, continues after the browser is closed."
    )
    previous: int = Field(
        description="Number of classifications of the previous person in this browser, which can "
        "still be deleted."
    )
