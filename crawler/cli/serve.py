"""``rawi serve``: the operators' pages and the API."""

from __future__ import annotations

import ipaddress
import signal
import socket
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.output import console
from crawler.cli.runtime import Exit, database_url, load_config
from pipelines.errors import ConfigurationError

if TYPE_CHECKING:
    from crawler.config import Config

EXAMPLES = """
[bold]Examples[/bold]

  rawi serve                                  pages and API for this machine only

  rawi serve --port 0                         on a free port, which is printed

  RAWI_WEB_TOKEN=$(cat token) rawi serve --host 0.0.0.0

  curl -H "Authorization: Bearer $TOKEN" http://rawi.example.org:8470/api/v1/articles

Other machines need a token, which people type once and programs send along; put a proxy with TLS before it, and say by
which names it is reached (RAWI_WEB_HOSTS). docs/api.md tells of the API. Ctrl-C or SIGTERM ends it, after the answers
under way.
"""

#: Seconds that answers under way have to end, and that a connection is kept for the next request of a reader.
GRACE, KEPT = 10, 75


def serve_command(
    host: Annotated[str | None, typer.Option(help="Address to listen on; by default this machine only.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65_535, help="Port to listen on; 0 is a free one.")] = None,
    token: Annotated[
        str | None, typer.Option(help="What readers must show. Others on this machine see it: prefer RAWI_WEB_TOKEN.")
    ] = None,
) -> None:
    """Serve the operators' pages, the API, feeds and metrics until told to stop."""
    from pipelines.storage.migrate import check

    config = _config(host, port, token)
    listening = _listen(config.web_host, config.web_port)
    # A supervisor's SIGTERM ends as cleanly as Ctrl-C: the embedded server is let go of.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(Exit.DONE))
    try:
        with database_url(config) as url:
            check(url)
            _serve(config, url, listening)
    except KeyboardInterrupt:
        console.print("Stopped.")


def _config(host: str | None, port: int | None, token: str | None) -> Config:
    """Return the configuration with what the command line says. Raises ConfigurationError where it may not be so."""
    from pydantic import SecretStr

    from crawler.config import SHORTEST_TOKEN

    config = load_config()
    said = {"web_host": host, "web_port": port, "web_token": SecretStr(token) if token is not None else None}
    config = config.model_copy(update={name: value for name, value in said.items() if value is not None})
    if token is not None and len(token) < SHORTEST_TOKEN:
        raise ConfigurationError(f"--token: a token has {SHORTEST_TOKEN} characters or more")
    if config.web_token is None and not (is_loopback(config.web_host) and all(map(is_loopback, config.web_hosts))):
        raise ConfigurationError(
            f"others can reach {', '.join((config.web_host, *config.web_hosts))}, so readers must show a token: "
            f"set RAWI_WEB_TOKEN to {SHORTEST_TOKEN} characters or more (openssl rand -hex 16 makes some)"
        )
    return config


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach ``host``."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise ConfigurationError(f"cannot listen on {host}, port {port}: {error.strerror or error}") from error


def _serve(config: Config, url: str, listening: socket.socket) -> None:
    import uvicorn

    from crawler.web.app import create_app

    settings = uvicorn.Config(
        create_app(config, url),
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=KEPT,
    )
    host = f"[{config.web_host}]" if ":" in config.web_host else config.web_host
    console.print(f"Rawi is at http://{host}:{listening.getsockname()[1]}/ (Ctrl-C stops it)", soft_wrap=True)
    uvicorn.Server(settings).run(sockets=[listening])
