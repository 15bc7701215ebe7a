"""What can be set about the server, from the environment or by the command line."""

import os
import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from limits import parse
from limits.errors import ConfigurationError
from limits.storage import storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter
from platformdirs import user_data_path
from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import URL

from deepsky.imaging import Limits

__all__ = ["Settings"]

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
"""Names by which this machine's own programs, such as health checks, ask."""

THREADS_BESIDE_QUEUE: Final = 4
"""Requests that must be answered even when all classifications wait: refusals, and health."""

LONGEST_RETENTION: Final = 36_500
"""In days: dates do not go back for ever."""

NAME: Final = re.compile(r"""[^\s,"'\[\]]+""")
"""In a list that is written with commas or as JSON."""


def _is_rate(text: str) -> str:
    if text:
        parse(text)
    return text


def _counts_requests(address: str) -> str:
    try:
        SlidingWindowCounterRateLimiter(storage_from_string(address))
    except (ConfigurationError, NotImplementedError) as error:
        msg = "Write memory://, or redis://host:port, which needs pip install redis"
        raise ValueError(msg) from error
    return address


def _as_names(given: object) -> object:
    return NAME.findall(given) if isinstance(given, str) else given


class Settings(BaseSettings):
    """Settings of the server: each is read from ``DEEPSKY_`` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="DEEPSKY_", frozen=True)

    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(
        default=8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one."
    )
    access: Literal["auto", "open", "keys"] = Field(
        default="auto",
        description="Whether API keys are asked for; auto: where other machines can reach it.",
    )
    trusted_hosts: Annotated[list[str], NoDecode, BeforeValidator(_as_names)] = Field(
        default=[], description="Names that the server goes by; others are refused."
    )
    trusted_proxy: str = Field(
        default="", description="Address of the proxy whose X-Forwarded headers are believed."
    )
    data: Path = Field(
        default=user_data_path("deepsky", appauthor=False),
        description="Folder of the database and the images.",
    )
    database_url: str = Field(default="", description="The database, if not SQLite in that folder.")
    retention_days: int | None = Field(
        default=None,
        ge=1,
        le=LONGEST_RETENTION,
        description="Age at which answers and their images are deleted.",
    )
    threads: int = Field(default=32, ge=1, description="Requests that are worked on at once.")
    queue: int = Field(
        default=16, ge=1, description="Classifications that wait or are worked on at once."
    )
    readers: int = Field(
        default=os.cpu_count() or 1, ge=1, description="Processes that read images."
    )
    read_seconds: float = Field(
        default=30, gt=0, description="Longest time that reading an image may take."
    )
    rate_limit: Annotated[str, AfterValidator(_is_rate)] = Field(
        default="1200/minute", description="Changes that one client may ask for; empty: no limit."
    )
    rate_limit_storage: Annotated[str, AfterValidator(_counts_requests)] = Field(
        default="memory://", description="Where they are counted; redis://… for several servers."
    )
    max_bytes: int = Field(
        default=256_000_000, ge=1, description="Largest image file, and request, in bytes."
    )
    max_pixels: int = Field(default=64_000_000, ge=1, description="Most pixels of an image.")
    max_frames: int = Field(
        default=1_000, ge=1, description="Most frames, pages or planes of a file."
    )
    max_images: int = Field(default=32, ge=1, description="Most images in one request.")

    @model_validator(mode="before")
    @classmethod
    def _leaves_out_what_is_empty(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Take what is set to nothing as not set; only to the rate that means something."""
        return {name: value for name, value in given.items() if value != "" or name == "rate_limit"}

    @model_validator(mode="after")
    def _leaves_threads_beside_the_queue(self) -> Self:
        if self.threads < self.queue + THREADS_BESIDE_QUEUE:
            msg = f"DEEPSKY_THREADS must be at least {THREADS_BESIDE_QUEUE} more than DEEPSKY_QUEUE"
            raise ValueError(msg)
        return self

    @property
    def limits(self) -> Limits:
        """How large an image may be."""
        return Limits(self.max_bytes, self.max_pixels, self.max_frames)

    @property
    def images(self) -> Path:
        """Folder of the images."""
        return self.data / "images"

    @property
    def resolved_database_url(self) -> str:
        """Address of the database."""
        file = str(self.data.absolute() / "deepsky.db")
        return self.database_url or URL.create("sqlite", database=file).render_as_string()

    @property
    def asks_for_keys(self) -> bool:
        """Whether requests must bear an API key."""
        return self.access == "keys" or (self.access == "auto" and self.is_public)

    @property
    def is_public(self) -> bool:
        """Whether other machines can reach the address."""
        if self.host == "localhost":
            return False
        try:
            return not ip_address(self.host).is_loopback
        except ValueError:
            return True

    @property
    def hosts(self) -> frozenset[str] | None:
        """Names that requests may be addressed to, in lower case; None for any.

        A page from elsewhere may have its own name point to this machine (DNS rebinding): a
        server that only this machine can reach knows itself by no such name.
        """
        if self.is_public and not self.trusted_hosts:
            return None
        own = set() if self.is_public else {self.host}
        return frozenset(name.lower() for name in (*LOOPBACK, *own, *self.trusted_hosts))
