"""Where on a page stands what it says of itself: its elements by tag and by attribute, found in one walk.

A walk over a page takes a tenth of a millisecond or two, and reading its metadata would take a dozen of them.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from lxml.html import HtmlElement

#: Attributes by which pages state what an element is (microdata, link types, RDFa, WAI-ARIA).
_STATING = ("itemprop", "rel", "property", "aria-level")


class Landmarks:
    """The elements of one page, in its order. The page is not to change meanwhile.

    They are held: lxml makes the object of an element anew each time that it is met, unless somebody holds it.
    """

    def __init__(self, tree: HtmlElement) -> None:
        self.tree = tree
        self._elements = list(tree.iter())
        self._by_tag: dict[str, list[HtmlElement]] = defaultdict(list)
        for element in self._elements:
            self._by_tag[element.tag].append(element)

    def tagged(self, tag: str) -> list[HtmlElement]:
        """Return the elements with a tag."""
        return self._by_tag.get(tag, [])

    def stated(self, attribute: str, value: str) -> list[HtmlElement]:
        """Return the elements whose ``attribute``, one of those that state something, is ``value``."""
        return [element for element in self._stating if element.get(attribute) == value]

    @cached_property
    def _stating(self) -> list[HtmlElement]:
        return [element for element in self._elements if any(map(element.get, _STATING))]
