"""Which addresses may be connected to? Public ones, and the hosts that ``RAWI_ALLOW_HOSTS`` names.

What is fetched is hostile: a feed may link to ``169.254.169.254``, redirect to ``127.0.0.1``, or name a host that
resolves to a private network, and to another address a moment later. So the check is made three times: on every
request (redirects are requests too), for schemes and literal addresses; in the resolver, on the very addresses that
the connection is then made to; and on the address at the other end of it, once there is an answer. Names and forms such
as ``http://2130706433/`` all pass through the resolver.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import CachingHostnameResolver
from twisted.internet.address import IPv4Address
from twisted.internet.interfaces import IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response

#: Names whose addresses are kept by one process.
CACHE_SIZE = 10_000
#: IPv4 behind a translator (RFC 6052).
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class AddressRefused(IgnoreRequest):
    """The request leads to an address that Rawi does not connect to."""


def is_public(address: str) -> bool:
    """Tell whether ``address`` is one that anybody on the Internet may reach (IANA special-purpose registries).

    Addresses in disguise (IPv4 in IPv6, 6to4, NAT64) are judged by what they lead to.
    """
    try:
        ip = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def is_allowed(host: str, patterns: Sequence[str]) -> bool:
    """Tell whether an exception was made for ``host``: a name, an address, or a pattern such as ``*.localhost``."""
    return any(fnmatchcase(host.lower().rstrip("."), pattern.lower()) for pattern in patterns)


class AddressGuard:
    """Scrapy downloader middleware: refuses schemes and literal addresses before anything is connected.

    ``longest`` is the number of characters beyond which an address is none.
    """

    def __init__(self, allow_hosts: Sequence[str], longest: int) -> None:
        self._allow_hosts = allow_hosts
        self._longest = longest

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AddressGuard:
        """Called by Scrapy."""
        return cls(crawler.settings.getlist("ALLOW_HOSTS"), crawler.settings.getint("URLLENGTH_LIMIT"))

    def process_request(self, request: Request) -> None:
        """Raise :class:`AddressRefused` for what must not be asked for."""
        if len(request.url) > self._longest:
            raise AddressRefused(f"an address of {len(request.url)} characters")
        parts = urlsplit(request.url)
        host = parts.hostname or ""
        if parts.scheme not in ("http", "https"):
            raise AddressRefused(f"{parts.scheme}: is not fetched")
        if not is_allowed(host, self._allow_hosts) and _is_literal(host) and not is_public(host):
            raise AddressRefused(f"{host} is not a public address (RAWI_ALLOW_HOSTS makes exceptions)")

    def process_response(self, request: Request, response: Response) -> Response:
        """Raise :class:`AddressRefused` for an answer from an address that is not public, however it was reached."""
        host = urlsplit(request.url).hostname or ""
        peer = response.ip_address
        if peer is not None and not is_public(str(peer)) and not is_allowed(host, self._allow_hosts):
            raise AddressRefused(f"{host} answered from {peer}, which is not a public address")
        return response


# Twisted's interfaces are zope's, which say nothing to a type checker: what comes from them is Any.
@implementer(IHostnameResolver)
class GuardedResolver:
    """A resolver that gives out public addresses only.

    ``*.localhost`` is loopback by definition (RFC 6761), which not every system's resolver knows: such names are
    answered here, when they are allowed at all. ``refused`` remembers the names that led to nothing public.
    """

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.allow_hosts: Sequence[str] = ()
        self.refused: set[str] = set()

    def resolveHostName(  # noqa: N802 -- Twisted's name
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        """Resolve a name; see Twisted's ``IHostnameResolver``."""
        allowed = is_allowed(hostName, self.allow_hosts)
        if allowed and hostName.rstrip(".").endswith("localhost"):
            return _answer(resolutionReceiver, hostName, IPv4Address("TCP", "127.0.0.1", portNumber))
        receiver = resolutionReceiver if allowed else _PublicOnly(resolutionReceiver, hostName, self.refused)
        return self._inner.resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)


def install_resolver(reactor: Any, allow_hosts: Sequence[str]) -> GuardedResolver:
    """Put the guarded resolver on the reactor, once, and let it make these exceptions."""
    resolver = reactor.nameResolver
    if not isinstance(resolver, GuardedResolver):
        resolver = GuardedResolver(CachingHostnameResolver(reactor, CACHE_SIZE))
        reactor.installNameResolver(resolver)
    resolver.allow_hosts = tuple(allow_hosts)
    return resolver


@implementer(IResolutionReceiver)
class _PublicOnly:
    def __init__(self, inner: Any, host: str, refused: set[str]) -> None:
        self._inner = inner
        self._host = host
        self._refused = refused

    def resolutionBegan(self, resolutionInProgress: Any) -> None:  # noqa: N802, N803
        self._inner.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if is_public(address.host):
            self._inner.addressResolved(address)
        else:
            self._refused.add(self._host)

    def resolutionComplete(self) -> None:  # noqa: N802
        self._inner.resolutionComplete()


@implementer(IHostResolution)
class _Resolution:
    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Nothing is under way."""


def _answer(receiver: Any, host: str, address: IPv4Address) -> Any:
    resolution = _Resolution(host)
    receiver.resolutionBegan(resolution)
    receiver.addressResolved(address)
    receiver.resolutionComplete()
    return resolution


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host.split("%", 1)[0])
    except ValueError:
        return False
    return True
