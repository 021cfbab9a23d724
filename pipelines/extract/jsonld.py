"""What a page says of itself in JSON-LD (schema.org), also when the JSON is slightly broken.

Templates leave trailing commas, comments, raw line breaks in strings and HTML entities; search engines read such
blocks, and so does this. Nothing is evaluated and nothing is fetched.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from pipelines.extract.landmarks import Landmarks

#: Types whose properties describe the article of the page (schema.org, subtypes of CreativeWork for news).
ARTICLE_TYPES = {
    "Article", "NewsArticle", "BlogPosting", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle",
    "BackgroundNewsArticle", "LiveBlogPosting", "SocialMediaPosting", "Report", "Blog", "VideoObject", "WebPage",
}  # fmt: skip
#: Characters of one block; a larger one is data of an application.
MAX_BLOCK = 500_000

_COMMENT = re.compile(r"^\s*//[^\n]*$|/\*.*?\*/|^\s*<!--|-->\s*$|<!\[CDATA\[|\]\]>", re.S | re.M)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_BETWEEN = re.compile(r"}\s*{")
_CONTROL = re.compile(r"[\x00-\x1f]")


def nodes(page: Landmarks) -> list[dict[str, Any]]:
    """Return every JSON-LD object of the page, those of ``@graph`` and lists among them, articles first."""
    found: list[dict[str, Any]] = []
    for script in page.tagged("script"):
        if "ld+json" in (script.get("type") or "").lower():
            found += _flat(_read((script.text_content() or "")[:MAX_BLOCK]), depth=0)
    return sorted(found, key=lambda node: not is_article(node))


def is_article(node: dict[str, Any]) -> bool:
    """Tell whether an object describes a piece of news, and not the page or the site."""
    return bool(types(node) & (ARTICLE_TYPES - {"WebPage", "Blog", "VideoObject"}))


def types(node: dict[str, Any]) -> set[str]:
    """Return the schema.org types of an object, without their address."""
    value = node.get("@type")
    listed = value if isinstance(value, list) else [value]
    return {str(kind).rsplit("/", 1)[-1] for kind in listed if kind}


def text(value: object) -> str | None:
    """Return a property as text: of a list the first, of an object its name."""
    if isinstance(value, list):
        return next((found for item in value if (found := text(item))), None)
    if isinstance(value, dict):
        return text(value.get("name") or value.get("@value") or value.get("url"))
    if isinstance(value, str):
        return " ".join(html.unescape(value).split()) or None
    return None


def names(value: object) -> list[str]:
    """Return the names in a property that may hold one, several, or objects."""
    listed = value if isinstance(value, list) else [value]
    return [found for item in listed if (found := text(item)) and not found.startswith("http")]


def _read(block: str) -> Any:
    for mend in (
        str,
        _mended,
        lambda raw: _mended(html.unescape(raw)),
        lambda raw: f"[{_BETWEEN.sub('},{', _mended(raw))}]",
    ):
        try:
            return json.loads(mend(block), strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _mended(block: str) -> str:
    without = _COMMENT.sub("", block).strip().rstrip(";")
    return _TRAILING_COMMA.sub(r"\1", _TRAILING_COMMA.sub(r"\1", _CONTROL.sub(" ", without)))


def _flat(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > 4:
        return
    if isinstance(value, list):
        for item in value[:200]:
            yield from _flat(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _flat(value.get(name), depth + 1)
