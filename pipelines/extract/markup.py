"""A page's markup: what its names mean, and where things stand in it, both worked out once and not on every page."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar, cast

from lxml import etree
from lxml.html import HtmlElement

Meaning = TypeVar("Meaning")

#: Names whose meaning is remembered, and the code points of the longest: a few megabytes, whatever a page writes.
REMEMBERED, LONGEST = 10_000, 200


def remembered(meaning: Callable[[str], Meaning]) -> Callable[[str], Meaning]:
    """Remember what a pure function of a class, id or other name returned: a theme has the same ones on every page."""
    known = lru_cache(REMEMBERED)(meaning)

    @wraps(meaning)
    def of(name: str) -> Meaning:
        return known(name) if len(name) <= LONGEST else meaning(name)

    return of


def finder(path: str) -> Callable[[HtmlElement], list[HtmlElement]]:
    """Return what finds the elements at an XPath from a given one, in the order of the page."""
    return cast("Callable[[HtmlElement], list[HtmlElement]]", etree.XPath(path))
