"""Settings of the server, from the environment or the command line."""

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
"""Host names that programs on this machine use, such as health checks."""

OTHER_THREADS: Final = 4
"""Minimum number of threads that are not used for classifications."""

FREE_THREADS: Final = 2
"""Threads that neither classifications nor previews use: for health checks and the page."""

LONGEST_RETENTION: Final = 36_500
"""In days; Python's dates do not go back further than the year 1."""

NAME: Final = re.compile(r"""[^\s,"'\[\]]+""")
"""A name in a list that is separated by commas or written as JSON."""


def _is_rate(text: str) -> str:
    if text:
        parse(text)
    return text


def _counts_requests(address: str) -> str:
    try:
        SlidingWindowCounterRateLimiter(storage_from_string(address))
    except (ConfigurationError, NotImplementedError) as error:
        msg = "Use memory://, or redis://host:port, which needs pip install redis"
        raise ValueError(msg) from error
    return address


def _as_names(given: object) -> object:
    return NAME.findall(given) if isinstance(given, str) else given


class Settings(BaseSettings):
    """Settings of the server; each is read from the environment, as ``DEEPSKY_`` and its name."""

    model_config = SettingsConfigDict(env_prefix="DEEPSKY_", frozen=True)

    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(
        default=8000, ge=0, le=65535, description="Port to listen on; 0 chooses a free port."
    )
    access: Literal["auto", "open", "keys"] = Field(
        default="auto",
        description="Whether API keys are required. auto: if other machines can reach the server, "
        "directly or through a proxy.",
    )
    trusted_hosts: Annotated[list[str], NoDecode, BeforeValidator(_as_names)] = Field(
        default=[], description="Host names of the server; requests for other names are refused."
    )
    trusted_proxy: str = Field(
        default="", description="Address of the proxy whose X-Forwarded headers are trusted."
    )
    data: Path = Field(
        default=user_data_path("deepsky", appauthor=False),
        description="Folder of the database and the images.",
    )
    database_url: str = Field(
        default="", description="Address of the database; by default, SQLite in the data folder."
    )
    retention_days: int | None = Field(
        default=None,
        ge=1,
        le=LONGEST_RETENTION,
        description="Age in days at which classifications and their images are deleted.",
    )
    threads: int = Field(default=64, ge=1, description="Maximum number of requests in progress.")
    queue: int = Field(
        default=16, ge=1, description="Maximum number of classifications waiting or in progress."
    )
    readers: int = Field(
        default=os.cpu_count() or 1, ge=1, description="Number of reader processes."
    )
    read_seconds: float = Field(
        default=30, gt=0, description="Time limit for reading an image, in seconds."
    )
    rate_limit: Annotated[str, AfterValidator(_is_rate)] = Field(
        default="1200/minute", description="Rate limit of each client for changes; empty: no limit."
    )
    rate_limit_storage: Annotated[str, AfterValidator(_counts_requests)] = Field(
        default="memory://",
        description="Where requests are counted; redis://… for several servers.",
    )
    max_bytes: int = Field(
        default=256_000_000,
        ge=1,
        description="Maximum size of an image file, and of a request, in bytes.",
    )
    max_pixels: int = Field(
        default=64_000_000, ge=1, description="Maximum number of pixels of an image."
    )
    max_frames: int = Field(
        default=1_000, ge=1, description="Maximum number of frames, pages or planes of a file."
    )
    max_images: int = Field(default=32, ge=1, description="Maximum number of images per request.")

    @model_validator(mode="before")
    @classmethod
    def _drop_empty_values(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Treat empty values as not set, except for the rate limit, which they turn off."""
        return {name: value for name, value in given.items() if value != "" or name == "rate_limit"}

    @model_validator(mode="after")
    def _check_threads(self) -> Self:
        if self.threads < self.queue + OTHER_THREADS:
            msg = f"DEEPSKY_THREADS must be at least {OTHER_THREADS} more than DEEPSKY_QUEUE"
            raise ValueError(msg)
        return self

    @property
    def limits(self) -> Limits:
        """Limits for images."""
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
    def requires_keys(self) -> bool:
        """Whether requests need an API key."""
        if self.access == "auto":
            return self.is_public or bool(self.trusted_proxy or self.trusted_hosts)
        return self.access == "keys"

    @property
    def preview_places(self) -> int:
        """Maximum number of requests waiting for previews, which leaves threads for the others."""
        return self.threads - self.queue - FREE_THREADS

    @property
    def is_public(self) -> bool:
        """Whether other machines can reach the address that the server listens on."""
        if self.host == "localhost":
            return False
        try:
            return not ip_address(self.host).is_loopback
        except ValueError:
            return True

    @property
    def hosts(self) -> frozenset[str] | None:
        """Host names that requests may use, in lower case; None for any.

        A malicious page may point its own host name to this machine (DNS rebinding), so a server
        that only this machine can reach refuses such names.
        """
        if self.is_public and not self.trusted_hosts:
            return None
        own = set() if self.is_public else {self.host}
        return frozenset(name.lower() for name in (*LOOPBACK, *own, *self.trusted_hosts))
