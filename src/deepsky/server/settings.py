"""What can be set about the server, from the environment or by the command line."""

from ipaddress import ip_address

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from deepsky.imaging import Limits

__all__ = ["Settings"]


class Settings(BaseSettings):
    """Settings of the server: each is read from ``DEEPSKY_`` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="DEEPSKY_", frozen=True)

    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(
        default=8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one."
    )
    allow_public: bool = Field(
        default=False, description="Listen on an address that other machines can reach."
    )
    threads: int = Field(default=4, ge=1, description="Requests that are worked on at once.")
    max_bytes: int = Field(default=256_000_000, ge=1, description="Largest picture file, in bytes.")
    max_pixels: int = Field(default=120_000_000, ge=1, description="Most pixels of a picture.")
    max_frames: int = Field(
        default=1_000, ge=1, description="Most frames, pages or planes of a file."
    )
    kept_answers: int = Field(
        default=100, ge=1, description="Answers kept in memory; older ones are forgotten."
    )

    @property
    def limits(self) -> Limits:
        """How large a picture may be."""
        return Limits(self.max_bytes, self.max_pixels, self.max_frames)

    @property
    def is_public(self) -> bool:
        """Whether other machines can reach the address."""
        if self.host == "localhost":
            return False
        try:
            return not ip_address(self.host).is_loopback
        except ValueError:
            return True
