"""What does an answer, or the lack of one, mean? One verdict for each way the network can fail."""

from __future__ import annotations

from dataclasses import dataclass

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response

from crawler.hosts import HostClosed
from crawler.middlewares.guard import AddressRefused

#: Statuses that say "not now" (RFC 9110 and 6585; 520-527 are Cloudflare's for an origin that is down).
NOT_NOW = {408, 425, 429, 500, 502, 503, 504, *range(520, 528)}


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is nothing to read. ``passing`` says that it may be different later."""

    reason: str
    detail: str
    passing: bool


def failure_of_status(response: Response) -> Failure | None:
    """Return the verdict on a status; ``None`` for one that brings content."""
    if 200 <= response.status < 300:
        return None
    return Failure(
        f"http-{response.status}", f"the server answered {response.status}", passing=response.status in NOT_NOW
    )


def failure_of_error(error: BaseException | None, *, address_refused: bool = False) -> Failure:
    """Return the verdict on a request that got no answer.

    ``address_refused`` says that the resolver found only addresses that are not public.
    """
    detail = " ".join(str(error).split())[:300]
    if isinstance(error, HostClosed):
        return Failure("host-closed", detail, passing=True)
    if isinstance(error, AddressRefused):
        return Failure("address-refused", detail, passing=False)
    if address_refused:
        return Failure("address-refused", "the host's name leads to an address that is not public", passing=False)
    if isinstance(error, IgnoreRequest):
        if "robots" in detail:
            return Failure("robots", "robots.txt does not allow it", passing=False)
        too_large = "DOWNLOAD_MAXSIZE" in detail
        return Failure("too-large" if too_large else "ignored", detail, passing=False)
    if isinstance(error, DownloadCancelledError):
        return Failure("too-large", detail, passing=False)
    if isinstance(error, DownloadTimeoutError):
        return Failure("timeout", detail, passing=True)
    if isinstance(error, CannotResolveHostError):
        return Failure("dns", "the host's name is not known", passing=True)
    if isinstance(error, DownloadConnectionRefusedError):
        return Failure("refused", "the connection was refused", passing=True)
    if isinstance(error, ResponseDataLossError):
        return Failure("truncated", "the answer broke off", passing=True)
    if "certificate verify failed" in detail:
        return Failure("certificate", "the host's certificate is not valid", passing=True)
    return Failure("connection", detail or type(error).__name__, passing=True)
