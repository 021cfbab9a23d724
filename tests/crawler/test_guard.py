"""What Rawi connects to is what was checked, whatever a name says a moment later."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Any

import pytest
from scrapy.http import Request, Response
from twisted.internet.address import IPv4Address
from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer

from crawler.engine import running_reactor
from crawler.middlewares.guard import AddressGuard, AddressRefused, install_resolver
from crawler.sources.onboarding import Wishes, propose
from tests.crawler.conftest import CONFIG
from tests.site import Answer, Site, article_page

PUBLIC, PRIVATE = "192.0.43.8", "127.0.0.1"


@implementer(IHostnameResolver)
class Turning:
    """A resolver whose names lead to another address at each look-up, as an attacker's name server makes them."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    def resolveHostName(self, receiver: Any, hostName: str, portNumber: int = 0, *_: Any) -> Any:  # noqa: N802, N803
        answers = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        receiver.resolutionBegan(None)
        for address in answers:
            receiver.addressResolved(IPv4Address("TCP", address, portNumber))
        receiver.resolutionComplete()


@implementer(IResolutionReceiver)
class Noting:
    """A receiver that notes the addresses that a connection would be made to."""

    def __init__(self) -> None:
        self.addresses: list[str] = []

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802
        """Nothing to note."""

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        """Nothing to note."""


async def test_a_name_that_turns_private_gives_no_address_to_connect_to(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver = install_resolver(running_reactor(), ())
    monkeypatch.setattr(resolver, "_inner", Turning([PUBLIC], [PRIVATE], [PRIVATE, PUBLIC]))
    looked_up = []
    for _ in range(3):
        receiver = Noting()
        resolver.resolveHostName(receiver, "rebinding.example", 80)
        looked_up.append(receiver.addresses)
    assert looked_up == [[PUBLIC], [], [PUBLIC]]


async def test_a_site_whose_name_leads_home_is_never_asked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    resolver = install_resolver(running_reactor(), ())
    monkeypatch.setattr(resolver, "_inner", Turning([PRIVATE]))
    proposal = await propose(CONFIG, [f"http://rebinding.example:{site.port}/"], Wishes())
    assert [problem.reason for problem in proposal.problems] == ["address-refused"]
    assert site.requests == []


def test_an_answer_from_a_private_address_is_refused_however_it_was_reached() -> None:
    guard = AddressGuard(["*.localhost"], 100)
    for host, refused in (("rebinding.example", True), ("site.localhost", False)):
        request = Request(f"http://{host}/")
        response = Response(request.url, ip_address=ipaddress.ip_address(PRIVATE))
        if refused:
            with pytest.raises(AddressRefused, match="not a public address"):
                guard.process_response(request, response)
        else:
            assert guard.process_response(request, response) is response


def test_an_address_without_end_is_refused() -> None:
    guard = AddressGuard([], 100)
    guard.process_request(Request("http://news.example/" + 80 * "x"))
    with pytest.raises(AddressRefused, match="an address of 101 characters"):
        guard.process_request(Request("http://news.example/" + 81 * "x"))


@pytest.mark.parametrize("target", ["http://169.254.169.254/latest", "http://10.0.0.1/", "http://[::1]/", "file:///x"])
async def test_a_page_that_redirects_into_a_private_network_is_refused(site: Site, target: str) -> None:
    site.routes |= {
        "/": Answer(status=302, headers={"Location": target}),
        "/secret": Answer(article_page()),
    }
    proposal = await propose(CONFIG, [site.url("/")], Wishes())
    [problem] = proposal.problems
    assert problem.reason in ("address-refused", "connection", "http-302")
    assert proposal.source is None
