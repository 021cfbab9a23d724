"""What an outlet calls itself: in its metadata, in the title of its pages, and short in its own prompts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from pipelines.arabic import fold_text
from pipelines.extract.text import folded_letters, phrase
from pipelines.lexicons import load

#: Words of an outlet's name, at most; what is longer beside a title is another title.
MAX_WORDS = 6
#: Letters of the shortest name that is looked for by itself.
SHORTEST = 4

#: Between a title and the name of the site.
SEPARATOR = re.compile(r"\s+[|\-–—•·:»«]+\s+|\s*[|]\s*")


def name_beside(title: str, page_title: str) -> str | None:
    """Return what a page's ``<title>`` has besides the article's title, where that is short enough for a name."""
    parts = [part.strip() for part in SEPARATOR.split(page_title) if part.strip()]
    said = folded_letters(title)
    others = [part for part in parts if folded_letters(part) not in said and len(part.split()) <= MAX_WORDS]
    return others[-1] if len(parts) > 1 and len(others) < len(parts) and others else None


def own_names(site_name: str | None) -> tuple[str, ...]:
    """Return the folded names by which an outlet speaks of itself: the whole, and what sets it apart from others.

    «وكالة رواسي للأنباء» is «رواسي» too; of «صحيفة الخليج» nothing is left that is not also another word.
    """
    words = phrase(site_name or "").split()
    if not words:
        return ()
    core = [word for word in words if word not in _common()]
    short = " ".join(core)
    telling = core != words and len(short) >= SHORTEST
    return (" ".join(words), short) if telling else (" ".join(words),)


@cache
def _common() -> frozenset[str]:
    """Words of outlets' names that are no names."""
    names: Sequence[str] = (*load("outlet_words"), *load("media"), *load("places"))
    return frozenset(form for name in names for word in (fold_text(name).casefold(),) for form in (word, f"ال{word}"))
