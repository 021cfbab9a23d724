"""One parse for everything: metadata and body read the same tree."""

from __future__ import annotations

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from pipelines.errors import PageRejected

#: lxml asks Python for the class of every element, each time that it meets it; here it is one and the same.
_ONE_CLASS = etree.ElementDefaultClassLookup(element=HtmlElement)


def parse_html(page: bytes) -> HtmlElement:
    """Parse a page in UTF-8; libxml2's limits on depth and size hold, nothing is fetched and no entity is expanded.

    Raises :class:`~pipelines.errors.PageRejected`: ``empty``.
    """
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False)
    parser.set_element_class_lookup(_ONE_CLASS)
    try:
        return document_fromstring(page, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise PageRejected("empty", "nothing of the page can be parsed") from error
