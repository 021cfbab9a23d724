"""The outlets and their articles, read from the TOML files of this folder."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any
from urllib.parse import quote

NAMES = ("rafid", "marsa")


@dataclass(frozen=True, slots=True)
class GoldQuote:
    """What a careful reader labels: the words, who said them, and whether they stand between marks."""

    kind: str
    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """An article as it was written, before a theme wraps it. ``paragraphs`` carry the marks of rafid.toml."""

    slug: str
    title: str
    author: str
    section: str
    published_at: datetime
    paragraphs: tuple[str, ...]
    quotes: tuple[GoldQuote, ...]
    prompts: tuple[str, ...] = ()
    glued: str | None = None
    read_also: str | None = None

    @property
    def text(self) -> str:
        """The text as a reader sees it: what extraction should give."""
        return "\n\n".join(re.sub(r"^(?:## |- |> )", "", paragraph) for paragraph in self.paragraphs)

    @property
    def hashtags(self) -> tuple[str, ...]:
        """The hashtags of the text, once each, in order."""
        return tuple(dict.fromkeys(re.findall(r"#[\w]+", self.text)))

    @property
    def must_not(self) -> tuple[str, ...]:
        """What stands near the text on the page and is not part of it."""
        return (*self.prompts, *((self.glued,) if self.glued else ()))


@dataclass(frozen=True, slots=True)
class Outlet:
    """One invented outlet. ``make`` says which theme renders it; ``base_url`` where it is served."""

    name: str
    title: str
    country: str
    timezone: str
    make: str
    articles: tuple[Article, ...] = field(repr=False)
    base_url: str = ""

    @property
    def feed_url(self) -> str:
        """Where its feed is."""
        return f"{self.base_url}feed/" if self.make == "wordpress" else f"{self.base_url}atom.xml"

    def path(self, article: Article) -> str:
        """Return the path of an article's page, percent-encoded."""
        if self.make == "wordpress":
            return f"/{article.published_at:%Y/%m/%d}/{quote(article.slug)}/"
        return f"/article-{article.slug}.html"

    def url(self, article: Article) -> str:
        """Return the address of an article's page."""
        return self.base_url + self.path(article).lstrip("/")

    def at(self, base_url: str) -> Outlet:
        """Return the outlet as it is served at ``base_url``."""
        return replace(self, base_url=base_url)


def load_outlets(now: datetime) -> tuple[Outlet, ...]:
    """Return the outlets, their articles dated back from ``now``."""
    return tuple(_outlet(name, now) for name in NAMES)


def _outlet(name: str, now: datetime) -> Outlet:
    data = tomllib.loads((files(__package__) / f"{name}.toml").read_text("utf-8"))
    return Outlet(
        name=name,
        title=data["title"],
        country=data["country"],
        timezone=data["timezone"],
        make=data["make"],
        articles=tuple(_article(row, now) for row in data["articles"]),
    )


def _article(row: dict[str, Any], now: datetime) -> Article:
    return Article(
        slug=row["slug"],
        title=row["title"],
        author=row["author"],
        section=row["section"],
        published_at=now - timedelta(hours=row["hours"]),
        paragraphs=tuple(part.strip() for part in _paragraphs(row["text"])),
        quotes=tuple(GoldQuote(*quoted) for quoted in row["quotes"]),
        prompts=tuple(row.get("prompts", ())),
        glued=row.get("glued"),
        read_also=row.get("read_also"),
    )


def _paragraphs(text: str) -> list[str]:
    """Part a text at blank lines; each list item is a paragraph of its own."""
    parts = []
    for part in text.strip().split("\n\n"):
        parts += part.split("\n") if part.startswith("- ") else [part]
    return parts
