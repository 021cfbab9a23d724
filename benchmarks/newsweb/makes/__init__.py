"""How outlets of different makes publish the same kind of thing; a module a make.

Each has ``ENCODING``, ``path(article)`` and ``page(article, around)``. They differ in what real ones differ in: what the
page says of itself and how, how its date is written, what parts paragraphs, what stands within the text, and where the
bytes go.
"""

from __future__ import annotations

from typing import Protocol, cast

from benchmarks.newsweb.chrome import Around
from benchmarks.newsweb.makes import (
    amp,
    aspnet,
    bare,
    blogger,
    drupal,
    joomla,
    microdata,
    react,
    utility,
    wordpress,
)
from benchmarks.newsweb.outlets import Article


class Make(Protocol):
    """A way to publish articles."""

    ENCODING: str

    def path(self, article: Article) -> str:
        """Return the path of an article's page, percent-encoded."""

    def page(self, article: Article, around: Around) -> str:
        """Return an article's page."""


MAKES = {
    module.__name__.rpartition(".")[2]: cast("Make", module)
    for module in (amp, aspnet, bare, blogger, drupal, joomla, microdata, react, utility, wordpress)
}
