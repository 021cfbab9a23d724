"""The ``RAWI_*`` environment, typed. It is read here and nowhere else.

Everything has a default that works; a wrong value fails here, before anything is started.
"""

from __future__ import annotations

import getpass
import os
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from pipelines.errors import ConfigurationError

#: Characters of a token: shorter ones can be guessed from a session that somebody saw.
SHORTEST_TOKEN = 16


def default_data_dir() -> Path:
    """Return where Rawi keeps its embedded Postgres when nothing else is said.

    Postgres never runs as root, and an ordinary account cannot enter root's home: so root has a folder of its own.
    """
    if os.geteuid() == 0:
        return Path("/var/lib/rawi")
    return user_data_path("rawi")


def account_name() -> str:
    """Return the name of the account that runs Rawi."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


class Config(BaseSettings):
    """Rawi's settings, one attribute for each ``RAWI_`` variable."""

    model_config = SettingsConfigDict(env_prefix="RAWI_", frozen=True, extra="ignore")

    database_url: str | None = Field(
        default=None, description="Any PostgreSQL 14 or newer (postgresql://...). Unset: the embedded server."
    )
    data_dir: Path = Field(default_factory=default_data_dir, description="Where the embedded server keeps its data.")
    allow_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Hosts that may be on a private network, comma-separated; patterns such as *.localhost.",
    )
    user_agent: str = Field(
        default_factory=lambda: f"Rawi/{version('rawi')} (Arabic news ingestion)",
        description="How Rawi introduces itself. Add an address where site owners can reach you.",
    )
    operator: str = Field(
        default_factory=account_name,
        description="Who is written down as having changed a source. Unset: the account that runs Rawi.",
    )
    concurrency: int = Field(default=16, ge=1, le=256, description="Requests under way at once, all hosts.")
    delay: float = Field(
        default=1.0, ge=0, le=3600, description="Seconds between two requests to a host that asks for none."
    )
    workers: int | None = Field(default=None, ge=1, le=256, description="Analysis processes. Unset: one for each core.")
    page_timeout: float = Field(
        default=20.0, gt=0, le=600, description="Seconds after which the analysis of one page is ended."
    )
    keep_pages: float = Field(
        default=14.0, ge=0, le=36_500, description="Days that pages are kept as they came, to be read again. 0: none."
    )
    keep_pages_mb: int | None = Field(
        default=None,
        ge=1,
        description="Megabytes of kept pages beyond which the oldest go. Unset: no limit.",
    )
    database_patience: float = Field(
        default=600.0, ge=0, description="Seconds a crawl waits for a database that was lost in the middle."
    )
    lease: float = Field(
        default=60.0,
        ge=2,
        le=3600,
        description="Seconds without a sign of life after which others take over what a crawl or worker was doing.",
    )
    web_host: str = Field(default="127.0.0.1", description="Address that `rawi serve` listens on.")
    web_port: int = Field(
        default=8470, ge=0, le=65_535, description="Port that `rawi serve` listens on. 0: a free one."
    )
    web_token: SecretStr | None = Field(
        default=None,
        description="What readers of the pages and the API show, 16 characters or more. Needed but on loopback, and to "
        "change sources over the API.",
    )
    web_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Names, comma-separated, by which browsers reach `rawi serve`, such as rawi.example.org.",
    )
    web_searches: int = Field(default=60, ge=1, description="Searches that one reader may make in a minute.")

    @field_validator("web_token")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < SHORTEST_TOKEN:
            raise ValueError(f"a token has {SHORTEST_TOKEN} characters or more")
        return value

    @field_validator("allow_hosts", "web_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def load_config() -> Config:
    """Read the environment.

    Raises :class:`~pipelines.errors.ConfigurationError` that names the variable and what is wrong with it.
    """
    try:
        return Config()
    except ValidationError as error:
        problems = "; ".join(f"RAWI_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
        raise ConfigurationError(problems) from error
