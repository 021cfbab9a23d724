"""The headers of an answer that are kept with its page: all but those that are about us and not about the page."""

from __future__ import annotations

from scrapy.http import Response

#: What a server tells one visitor only.
PRIVATE = frozenset({"set-cookie", "set-cookie2", "alt-svc", "nel", "report-to"})
#: Headers kept of an answer, and characters of one.
MOST, LONGEST = 60, 1_000


def kept_headers(response: Response) -> tuple[tuple[str, str], ...]:
    """Return the headers of ``response``, names in small letters, in the order they came."""
    kept = []
    for name, values in response.headers.items():
        plain = name.decode("latin-1").lower()
        if plain not in PRIVATE:
            kept += [(plain, value.decode("latin-1").replace("\0", "")[:LONGEST]) for value in values or ()]
    return tuple(kept[:MOST])
