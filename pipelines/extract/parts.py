"""Articles in parts: which page holds the next part of one.

``rel=next`` also leads to the next *article* (WordPress) and to older listings, so it is believed only where the
address is the same but for a page number that is one higher (HTML Living Standard, section 4.6.7, ``next``).
"""

from __future__ import annotations

import re
from html import unescape
from itertools import islice
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from pipelines.urls import canonical_url, same_site

#: Parts of one article that are read, the first included.
MAX_PARTS = 20

#: Bytes around ``rel=next`` in which its link begins and ends, and such links of a page that are looked at.
LINK_LENGTH, MAX_LINKS = 2_000, 20

_REL_NEXT = re.compile(rb"rel\s{0,3}=\s{0,3}[\"']?[^\"'<>]{0,40}\bnext\b")
_HREF = re.compile(rb"\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
_PAGE_PARAMETERS = frozenset({"page", "p", "pg", "paged", "pageno", "part"})
#: /story/2, /story/2/, /story/page/2, /story-2.html, /story_2
_PATH_NUMBER = re.compile(r"(?P<base>.+?)(?:/page)?[/_-](?P<number>\d{1,2})(?P<tail>\.\w{2,5})?/?$")


def next_part(body: bytes, url: str, *, charset: str | None = None, number: int = 1) -> str | None:
    """Return the address of the part after part ``number``, whose bytes came from ``url``; ``None`` at the end.

    Only the links of the page are looked at, so this is cheap enough for every page that is fetched.
    """
    for match in islice(_REL_NEXT.finditer(body.lower()), MAX_LINKS):
        start = max(body.rfind(b"<", max(match.start() - LINK_LENGTH, 0), match.start()), 0)
        end = body.find(b">", match.end(), match.end() + LINK_LENGTH)
        href = _HREF.search(body, start, end if end >= 0 else match.end())
        if href is None:
            continue
        try:
            written = (href[1] or href[2] or href[3] or b"").decode(charset or "utf-8", "replace")
            candidate = urljoin(url, unescape(written).strip())
        except (LookupError, ValueError):
            continue
        if same_site(candidate, url) and _continues(url, candidate, number):
            return candidate
    return None


def _continues(url: str, candidate: str, number: int) -> bool:
    base, found = _numbered(candidate)
    if found != number + 1:
        return False
    own, own_number = _numbered(url)
    # The first part carries no number, or says that it is page 1; /news/1 is the first article, not a first part.
    if number == 1 and (own_number is None or "?" not in url):
        own = canonical_url(url)
    return base == own and (number == 1 or own_number == number)


def _numbered(url: str) -> tuple[str, int | None]:
    """Part an address from its page number."""
    parts = urlsplit(canonical_url(url))
    query = parse_qsl(parts.query, keep_blank_values=True)
    numbers = [int(v) for k, v in query if k.lower() in _PAGE_PARAMETERS and v.isdecimal() and len(v) <= 2]
    if numbers:
        left = [(k, v) for k, v in query if k.lower() not in _PAGE_PARAMETERS]
        return canonical_url(urlunsplit(parts._replace(query=urlencode(left)))), numbers[0]
    if match := _PATH_NUMBER.fullmatch(parts.path):
        path = match["base"] + (match["tail"] or "")
        return canonical_url(urlunsplit(parts._replace(path=path))), int(match["number"])
    return urlunsplit(parts), None
