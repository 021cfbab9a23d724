"""One address for one article.

The same article is linked as ``%D8%A3`` and ``%d8%a3`` and raw Arabic, with and without trackers, as an AMP page, on
``m.`` and on ``www.``. :func:`canonical_url` gives one key to all of them; the address that was found is kept for
fetching. A chain of pure ``str -> str`` steps, over courlan (trackers) and w3lib (RFC 3986 escapes).
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from functools import cache, lru_cache
from urllib.parse import urljoin, urlsplit, urlunsplit

import tldextract
from courlan import normalize_url
from w3lib.url import canonicalize_url

#: Path and query marks of AMP pages (amp.dev, "make your pages discoverable").
_AMP_PATH = re.compile(r"(?:/amp|\.amp)(?=/?$|\.html?$)|^/amp(?=/)", re.IGNORECASE)
_AMP_QUERY = re.compile(r"(?<=[?&])(?:amp|outputtype|amp_markup)(?:=[^&#]*)?(?:&|(?=#|$))", re.IGNORECASE)
#: Session identifiers in paths (Java servlets, PHP).
_SESSION = re.compile(r";jsessionid=[^/?]*", re.IGNORECASE)
_MOBILE = re.compile(r"^(?:m|mobile|amp)\.(?=[^.]+\.[^.]+)")
#: Controls and blanks that slip into links, bidi marks among them.
_INVISIBLE = re.compile("[\\s\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\x00-\x1f]+")

#: Addresses and hosts whose answer is remembered: each is asked for again and again while its feed and page are read.
#: What has more characters than the second is not: it is rare, and may have millions.
REMEMBERED, LONG = 2_048, 1_000


def canonical_url(url: str, base: str | None = None) -> str:
    """Return the key of ``url``, resolved against ``base`` when that is given.

    Host and scheme are folded, default ports, fragments, trackers, session ids, AMP marks, mobile hosts, doubled and
    closing slashes dropped; escapes, Unicode form (NFC) and the order of the query made one. What is left of the
    query is kept: it may name the article. Never raises; an address that cannot be read is returned as it is.
    """
    canonical = _canonical_url if len(url) + len(base or "") <= LONG else _canonical_url.__wrapped__
    return canonical(url, base)


def registered_domain(url: str) -> str:
    """Return the domain that somebody registered: ``example.co.uk`` for ``https://news.example.co.uk/``.

    By the Public Suffix List as tldextract bundles it, never fetched. Addresses of numbers are returned whole;
    each ``name.localhost`` is a site of its own.
    """
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    registered = _registered_domain if len(host) <= LONG else _registered_domain.__wrapped__
    return registered(host.rstrip("."))


def same_site(first: str, second: str) -> bool:
    """Tell whether two addresses belong to one registered domain."""
    domain = registered_domain(first)
    return bool(domain) and domain == registered_domain(second)


@lru_cache(REMEMBERED)
def _canonical_url(url: str, base: str | None) -> str:
    found = url
    try:
        url = _INVISIBLE.sub("", unicodedata.normalize("NFC", url))
        url = urljoin(base, url) if base else url
        # Before courlan, which would read `&amp=1` as an entity and escape the `;` of a session.
        url = _AMP_QUERY.sub("", _SESSION.sub("", url))
        url = normalize_url(url, strict=False)
        return _plain(canonicalize_url(url, encoding="utf-8"))
    except ValueError:
        return found


@lru_cache(REMEMBERED)
def _registered_domain(host: str) -> str:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        known = _suffixes()(host).top_domain_under_public_suffix
        # What the list does not know has a suffix of one label (its default rule).
        return known or ".".join(host.split(".")[-2:])
    return host


@cache
def _suffixes() -> tldextract.TLDExtract:
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, extra_suffixes=("localhost",))


def _plain(url: str) -> str:
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    host = _MOBILE.sub("", host)
    port = f":{parts.port}" if parts.port and (parts.scheme, parts.port) not in (("http", 80), ("https", 443)) else ""
    path = _AMP_PATH.sub("", re.sub(r"/{2,}", "/", parts.path)).rstrip("/") or "/"
    return urlunsplit((parts.scheme, f"{host}{port}", path, parts.query, ""))
