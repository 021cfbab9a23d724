"""The catalogue: Arabic outlets that are known by name, as data (``catalogue_data/*.toml``).

It was written without reaching any of them: the address of a feed is one that public documentation or public code
names. So each outlet is *unverified* until a check of a source made from it has passed.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from crawler.sources.model import Feed, Source
from pipelines.errors import SourceError
from pipelines.urls import registered_domain


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet of the catalogue. ``country`` is ``None`` for those of the whole Arab world from elsewhere.

    ``feeds`` is empty where no public document names one: then ``rawi sources add`` looks for it from ``home``.
    """

    name: str
    title: str
    home: str
    timezone: str
    country: str | None = None
    feeds: tuple[str, ...] = ()
    language: str = "ar"
    topics: tuple[str, ...] = ()

    @property
    def source(self) -> Source:
        """The outlet as a source."""
        return Source(
            id=0,
            name=self.name,
            title=self.title,
            home=self.home,
            feeds=tuple(Feed(id=0, url=url) for url in self.feeds),
            country=self.country,
            language=self.language,
            timezone=self.timezone,
            tags=self.topics,
        )


@cache
def outlets() -> dict[str, Outlet]:
    """Return every outlet by its name, in order of country and name."""
    found: dict[str, Outlet] = {}
    for file in sorted((files("crawler.sources") / "catalogue_data").iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".toml"):
            continue
        for name, entry in tomllib.loads(file.read_text("utf-8")).items():
            found[name] = Outlet(
                **{**entry, "name": name, "feeds": tuple(entry["feeds"]), "topics": tuple(entry["topics"])}
            )
    return dict(sorted(found.items(), key=lambda pair: (pair[1].country or "", pair[0])))


def outlet(name: str) -> Outlet:
    """Return one outlet. Raises :class:`~pipelines.errors.SourceError` when the catalogue has none of that name."""
    if name not in outlets():
        near = [known for known in outlets() if name[:4] in known or known[:4] in name]
        hint = f"; perhaps {', '.join(near[:5])}" if near else ""
        raise SourceError(f"the catalogue has no outlet {name}{hint}; see: rawi sources catalogue")
    return outlets()[name]


def outlet_of(url: str) -> Outlet | None:
    """Return the outlet that an address belongs to, if the catalogue has it; with several editions, the closest."""
    domain = registered_domain(url)
    near = [one for one in outlets().values() if domain and registered_domain(one.home) == domain]
    return max(near, key=lambda one: len(_common(one.home, url)), default=None)


def _common(first: str, second: str) -> str:
    length = next((i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), len(first))
    return first[:length]
