"""CSS selectors: those that operators write, and those that name an element of a page by itself.

A learned selector is made of what themes write into their pages for good: tags, ids and classes, without numbers of
posts and without the classes of categories. Only plain CSS goes in, so that an operator can read it and use it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import cast

from lxml import etree
from lxml.cssselect import CSSSelector, SelectorError
from lxml.html import HtmlElement

from pipelines.errors import RuleError
from pipelines.extract.markup import remembered
from pipelines.model import OperatorRules

#: Characters of a selector or pattern that an operator may write.
MAX_RULE = 300
#: Classes of an element that are tried as its name, and selectors that name one page's container.
MAX_CLASSES, MAX_CANDIDATES = 6, 8
#: Ancestors of a container that are named besides it: on other pages they may hold more of the article.
ANCESTORS = 2
#: Steps from an element with a name of its own down to one without.
MAX_STEPS = 5

_PLAIN = re.compile(r"[A-Za-z_][\w-]*$")
#: Names that belong to one post or one kind of post, not to the theme: post-18342, category-sport, single-format-video.
_VOLATILE = re.compile(r"\d{2}|^(?:category|tag|author|status|format|type|post_tag)-", re.IGNORECASE)


def check_rules(rules: OperatorRules) -> None:
    """Raise :class:`~pipelines.errors.RuleError` with a sentence for the first selector or pattern that is wrong."""
    selectors = [*filter(None, (rules.body, rules.title, rules.author, rules.date)), *rules.remove]
    for rule in (*selectors, *rules.remove_text):
        if not rule.strip() or len(rule) > MAX_RULE:
            raise RuleError(f"a rule has 1 to {MAX_RULE} characters: {rule[:40]!r}")
    for selector in selectors:
        try:
            _compiled(selector)
        except (SelectorError, etree.XPathError) as error:
            raise RuleError(f"not a CSS selector: {selector!r} ({error})") from error
    for pattern in rules.remove_text:
        try:
            matches_nothing = re.compile(pattern).search("")
        except re.error as error:
            raise RuleError(f"not a regular expression: {pattern!r} ({error})") from error
        if matches_nothing:
            raise RuleError(f"the pattern matches the empty text, so it would match everywhere: {pattern!r}")


def select(page: HtmlElement, selector: str) -> list[HtmlElement]:
    """Return the elements of ``page`` that ``selector`` matches, in page order.

    Raises :class:`~pipelines.errors.RuleError` for what is no selector.
    """
    try:
        found = cast("list[HtmlElement]", _compiled(selector)(page))
    except (SelectorError, etree.XPathError) as error:
        raise RuleError(f"not a CSS selector: {selector!r} ({error})") from error
    return found


def select_only(page: HtmlElement, selector: str) -> HtmlElement | None:
    """Return the element that ``selector`` matches when there is exactly one."""
    found = select(page, selector)
    return found[0] if len(found) == 1 else None


def name_element(element: HtmlElement, page: HtmlElement) -> tuple[str, ...]:
    """Return selectors that find ``element``, or an ancestor close to it, and nothing else on ``page``; closest first.

    Empty when nothing but its position on the page tells it from others.
    """
    names: list[str] = []
    at: HtmlElement | None = element
    for _ in range(ANCESTORS + 1):
        if at is None or at is page or at.tag in ("body", "html"):
            break
        names += _names(at, page)
        at = at.getparent()
    if not names or select_only(page, names[0]) is not element:
        names = [*_path(element, page), *names]
    return tuple(names[:MAX_CANDIDATES])


def signature(element: HtmlElement) -> str | None:
    """Return the tag of an element with its first class or id that names a kind of element; ``None`` without one."""
    return next(_own_names(element), None)


def _names(element: HtmlElement, page: HtmlElement) -> list[str]:
    return [name for name in _own_names(element) if select_only(page, name) is element]


def _own_names(element: HtmlElement) -> Iterator[str]:
    """Yield ``tag#id`` and ``tag.class`` for the lasting names of an element."""
    identifier = element.get("id") or ""
    if _lasting(identifier):
        yield f"{element.tag}#{identifier}"
    for name in (element.get("class") or "").split()[:MAX_CLASSES]:
        if _lasting(name):
            yield f"{element.tag}.{name}"
    if element.tag in ("article", "main"):
        yield str(element.tag)


@remembered
def _lasting(name: str) -> bool:
    return _PLAIN.match(name) is not None and _VOLATILE.search(name) is None


def _path(element: HtmlElement, page: HtmlElement) -> list[str]:
    """Return the way to ``element`` from the nearest ancestor with a name of its own, child by child."""
    steps: list[str] = []
    at = element
    for _ in range(MAX_STEPS):
        parent = at.getparent()
        if parent is None or at is page:
            return []
        same = [child for child in parent if child.tag == at.tag]
        steps.insert(0, str(at.tag) if len(same) == 1 else f"{at.tag}:nth-of-type({same.index(at) + 1})")
        anchors = ["body"] if parent.tag == "body" else _names(parent, page)
        if anchors:
            return [" > ".join((anchors[0], *steps))]
        at = parent
    return []


@lru_cache(maxsize=2048)
def _compiled(selector: str) -> CSSSelector:
    return CSSSelector(selector, translator="html")
