"""Settings of the server, read from the environment or the command line."""

import os
import re
from ipaddress import ip_address, ip_network
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
from deepsky.imaging.limits import DEFAULT_LIMITS
from deepsky.sky.solving import OfflineSolverChoice
from deepsky.storage.tiles import MAX_TILE_BYTES

__all__ = ["ANY_PROXY", "ROOT_PATH", "Settings"]

ANY_PROXY: Final = "*"
"""Value of `Settings.trusted_proxy` that trusts all proxies."""

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
"""Host names that local programs, such as health checks, use to reach the server."""

OTHER_THREADS: Final = 4
"""Minimum number of threads reserved for requests other than classifications."""

FREE_THREADS: Final = 2
"""Number of threads reserved for requests that neither classify images nor wait for previews."""

LONGEST_RETENTION: Final = 36_500
"""Maximum retention period in days. It prevents dates before the year 1, the earliest in Python."""

NAME: Final = re.compile(r"""[^\s,"'\[\]]+""")
"""Pattern that matches each name in a comma-separated list or a JSON array."""

HOST_NAME: Final = re.compile(r"[\w-]+(\.[\w-]+)*", re.ASCII)
"""Pattern for a host name or an IPv4 address."""

ROOT_PATH: Final = re.compile(r"(/[\w.~-]+)+", re.ASCII)
"""Pattern for the path of a page without a slash at its end."""


def _is_rate(text: str) -> str:
    if text:
        parse(text)
    return text


def _counts_requests(address: str) -> str:
    try:
        SlidingWindowCounterRateLimiter(storage_from_string(address))
    except (ConfigurationError, NotImplementedError) as error:
        msg = "Use memory://, or redis://host:port (requires pip install redis)"
        raise ValueError(msg) from error
    return address


def _as_names(given: object) -> object:
    return NAME.findall(given) if isinstance(given, str) else given


def _check_host_names(names: list[str]) -> list[str]:
    for name in names:
        if not HOST_NAME.fullmatch(name) and not _is_address(name):
            msg = (
                f"{name!r} is not a host name. Use names without scheme, port and path, separated "
                "by commas, such as sky.example.org"
            )
            raise ValueError(msg)
    return names


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _check_proxy(text: str) -> str:
    if text in ("", ANY_PROXY):
        return text
    try:
        return str(ip_network(text, strict=False))
    except ValueError as error:
        msg = (
            f"{text!r} is not an IP address. Use the IP address of the proxy, such as 127.0.0.1, "
            "its network, such as 10.0.0.0/8, or * for any address"
        )
        raise ValueError(msg) from error


def _check_root_path(text: str) -> str:
    path = text.rstrip("/")
    if path and not ROOT_PATH.fullmatch(path):
        msg = f"{text!r} is not a path. Use a path such as /deepsky"
        raise ValueError(msg)
    return path


class Settings(BaseSettings):
    """Settings of the server.

    By default, each setting is read from an environment variable. The name of the variable is the
    name of the setting in upper case, with the prefix ``DEEPSKY_``.
    """

    model_config = SettingsConfigDict(env_prefix="DEEPSKY_", frozen=True)

    host: str = Field(default="127.0.0.1", description="Host name or IP address to listen on.")
    port: int = Field(
        default=8000, ge=0, le=65535, description="Port to listen on; 0 selects a free port."
    )
    access: Literal["auto", "open", "keys"] = Field(
        default="auto",
        description="Whether API keys are required: keys (always), open (never), or auto (if other "
        "machines can reach the server, directly or through a proxy; if the proxy is not "
        "configured, it is recognized by the headers that it adds).",
    )
    trusted_hosts: Annotated[
        list[str], NoDecode, BeforeValidator(_as_names), AfterValidator(_check_host_names)
    ] = Field(
        default=[],
        description="Host names of the server, separated by commas. Requests for any other host "
        "name are rejected.",
    )
    trusted_proxy: Annotated[str, AfterValidator(_check_proxy)] = Field(
        default="",
        description="IP address or network of the proxy whose X-Forwarded headers are trusted, "
        "or * for any address.",
    )
    root_path: Annotated[str, AfterValidator(_check_root_path)] = Field(
        default="",
        description="Path under which a proxy offers the service, such as /deepsky. A trusted "
        "proxy can send it in the header X-Forwarded-Prefix instead.",
    )
    data: Path = Field(
        default=user_data_path("deepsky", appauthor=False),
        description="Folder that contains the database and the images.",
    )
    database_url: str = Field(
        default="",
        description="URL of the database. By default, an SQLite file in the data folder is used.",
    )
    retention_days: int | None = Field(
        default=None,
        ge=1,
        le=LONGEST_RETENTION,
        description="Age in days at which classifications and their images are deleted. By "
        "default, they are kept.",
    )
    connections: int = Field(default=1000, ge=1, description="Maximum number of connections.")
    connections_per_client: int = Field(
        default=200, ge=1, description="Maximum number of connections per client IP address."
    )
    head_seconds: float = Field(
        default=15,
        gt=0,
        allow_inf_nan=False,
        description="Time limit for receiving the head of a request, in seconds.",
    )
    stall_seconds: float = Field(
        default=30,
        gt=0,
        allow_inf_nan=False,
        description="Maximum pause while a request body or a response is transferred, in seconds.",
    )
    transfer_seconds: float = Field(
        default=1800,
        gt=0,
        allow_inf_nan=False,
        description="Time limit for receiving a request body and for sending a response, in "
        "seconds.",
    )
    min_rate: float = Field(
        default=2000,
        gt=0,
        allow_inf_nan=False,
        description="Minimum mean rate of a transfer, in bytes per second.",
    )
    threads: int = Field(default=64, ge=1, description="Maximum number of concurrent requests.")
    queue: int = Field(
        default=16,
        ge=1,
        description="Maximum number of classifications waiting or in progress. Half as many again "
        "are reserved for clients that have none.",
    )
    readers: int = Field(
        default=os.cpu_count() or 1, ge=1, description="Number of reader processes."
    )
    read_seconds: float = Field(
        default=30, gt=0, description="Time limit for reading an image, in seconds."
    )
    solver: OfflineSolverChoice = Field(
        default="never",
        description="Plate solver that finds the places of images on the sky when a client asks "
        "for it: never, auto (the first one that is installed), solve-field, astap or astrometry.",
    )
    solver_processes: int = Field(
        default=max(1, min(4, (os.cpu_count() or 1) // 2)),
        ge=1,
        description="Number of plate solvers that run at the same time. Four times as many "
        "requests are accepted, and one more from a client that has no other one in progress.",
    )
    solve_seconds: float = Field(
        default=30,
        gt=0,
        allow_inf_nan=False,
        description="Time limit for finding the place of an image on the sky, in seconds.",
    )
    rate_limit: Annotated[str, AfterValidator(_is_rate)] = Field(
        default="1200/minute",
        description="Rate limit per client for requests that change data. An empty value disables "
        "the limit.",
    )
    rate_limit_storage: Annotated[str, AfterValidator(_counts_requests)] = Field(
        default="memory://",
        description="URL of the storage for the rate limit's request counters: memory://, or "
        "redis://… to share the counters between servers.",
    )
    max_bytes: int = Field(
        default=256_000_000,
        ge=1,
        description="Maximum size of an image file in bytes, and maximum total size of the images "
        "in a request.",
    )
    max_pixels: int = Field(
        default=400_000_000, ge=1, description="Maximum number of pixels per image."
    )
    max_frames: int = Field(
        default=1_000, ge=1, description="Maximum number of frames, pages or planes per file."
    )
    max_memory: int = Field(
        default=DEFAULT_LIMITS.max_memory,
        ge=1,
        description="Maximum memory of each reader process, in bytes.",
    )
    max_tile_bytes: int = Field(
        default=MAX_TILE_BYTES,
        ge=1,
        description="Maximum size of the tiles that are kept for zooming, in bytes.",
    )
    max_images: int = Field(default=32, ge=1, description="Maximum number of images per request.")

    @model_validator(mode="before")
    @classmethod
    def _drop_empty_values(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Treat empty values as unset, except that an empty rate limit disables rate limiting."""
        return {name: value for name, value in given.items() if value != "" or name == "rate_limit"}

    @model_validator(mode="after")
    def _check_threads(self) -> Self:
        if self.threads < self.queue + self.solver_slots + OTHER_THREADS:
            msg = f"DEEPSKY_THREADS must be at least {OTHER_THREADS} more than DEEPSKY_QUEUE"
            if self.solver_slots:
                msg += " and four times DEEPSKY_SOLVER_PROCESSES together"
            raise ValueError(msg)
        return self

    @property
    def limits(self) -> Limits:
        """Limits on each file: its size, pixels and frames, and the memory needed to read it."""
        return Limits(
            self.max_bytes,
            self.max_pixels,
            self.max_frames,
            self.max_memory,
            interface="server",
        )

    @property
    def images(self) -> Path:
        """Folder that contains the images."""
        return self.data / "images"

    @property
    def resolved_database_url(self) -> str:
        """URL of the database; by default, the URL of an SQLite file in the data folder."""
        file = str(self.data.absolute() / "deepsky.db")
        return self.database_url or URL.create("sqlite", database=file).render_as_string()

    @property
    def requires_keys(self) -> bool:
        """Whether requests require an API key."""
        if self.access == "auto":
            is_forwarded = self.trusted_proxy or self.trusted_hosts or self.root_path
            return self.is_public or bool(is_forwarded)
        return self.access == "keys"

    @property
    def solver_slots(self) -> int:
        """Maximum number of requests that can wait for plate solving at the same time."""
        return 0 if self.solver == "never" else 4 * self.solver_processes

    @property
    def preview_slots(self) -> int:
        """Maximum number of requests that can wait for previews at the same time."""
        return self.threads - self.queue - self.solver_slots - FREE_THREADS

    @property
    def queue_reserve(self) -> int:
        """Number of further classifications, by clients that have no other one in progress."""
        return max(1, self.queue // 2)

    @property
    def preview_reserve(self) -> int:
        """Number of further requests waiting for previews, by clients that have no other one."""
        return max(1, self.preview_slots // 2)

    @property
    def is_public(self) -> bool:
        """Whether the server listens on an address that other machines can reach."""
        if self.host == "localhost":
            return False
        try:
            return not ip_address(self.host).is_loopback
        except ValueError:
            return True

    @property
    def hosts(self) -> frozenset[str] | None:
        """Host names that requests may use, in lower case; None allows any host name.

        A malicious website can make its own host name resolve to this machine (DNS rebinding).
        Therefore, a server that only this machine can reach accepts only the names of this machine
        and the trusted host names.
        """
        if self.is_public and not self.trusted_hosts:
            return None
        own = set() if self.is_public else {self.host}
        return frozenset(name.lower() for name in (*LOOPBACK, *own, *self.trusted_hosts))
