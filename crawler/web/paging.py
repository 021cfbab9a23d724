"""Going on through a list: each page begins after the last article of the one before, whatever came in meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from crawler.web.problems import Problem
from pipelines.storage.overview import Headline, Place

#: Articles on one page.
PAGE = 20


def place(written: str | None) -> Place | None:
    """Read a place as :func:`page` writes it. Raises a 400 for what is none."""
    if not written:
        return None
    moment, _, number = written.partition("~")
    try:
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None:
            raise ValueError
        return Place(at, int(number))
    except ValueError:
        raise Problem(400, "that is no place in the list; begin at its first page") from None


def page(found: Sequence[Headline]) -> tuple[list[Headline], str | None]:
    """Part one page from ``found``, which asked for one more; return it and the place where the next begins."""
    shown = list(found[:PAGE])
    if len(found) <= PAGE:
        return shown, None
    last = shown[-1]
    # In UTC: a plus in an address would be read as a blank.
    return shown, f"{last.at.astimezone(UTC).replace(tzinfo=None).isoformat()}Z~{last.id}"
