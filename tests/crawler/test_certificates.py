"""A host whose certificate nobody vouches for is not read, and is told by that name."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from psycopg_pool import AsyncConnectionPool

from crawler.sources.checks import check
from crawler.sources.model import Feed, Source
from crawler.sources.onboarding import Wishes, propose
from crawler.sources.repository import Sources
from tests.crawler.conftest import CONFIG
from tests.site import article_page


@pytest.fixture
def untrusted(tmp_path: Path) -> Iterator[str]:
    """The address of a site whose certificate is signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "site.localhost")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(datetime.now(UTC) - timedelta(days=1))
    builder = builder.not_valid_after(datetime.now(UTC) + timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("site.localhost")]), critical=False)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ) + builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    (tmp_path / "site.pem").write_bytes(pem)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(article_page())

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "site.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"https://site.localhost:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


async def test_a_certificate_that_nobody_vouches_for_is_told_when_adding_and_when_checking(
    untrusted: str, pool: AsyncConnectionPool
) -> None:
    proposal = await propose(CONFIG, [untrusted], Wishes())
    assert [problem.reason for problem in proposal.problems] == ["certificate"]
    source = await Sources(pool).add(
        Source(id=0, name="site", title="", home=untrusted, feeds=(Feed(0, f"{untrusted}feed"),))
    )
    [health] = await check(CONFIG, pool, [source])
    assert "certificate" in {finding.what for finding in health.findings}
    assert not health.healthy
