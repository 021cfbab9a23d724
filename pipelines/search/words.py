"""The words that are searched for and found: folded, without what spelling varies in, each with its place.

Beyond :func:`pipelines.arabic.fold`, searching takes مسئول for مسؤول, رءوس for رؤوس and وفداً for وفد, drops the hamza
at the end of a word (أنباء, انبا), takes 3,000 and ٣٬٠٠٠ for 3000, and parts words at underscores, so that the words of
a hashtag are found.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, repeat

from pipelines.arabic import Folded, fold, fold_text
from pipelines.model import Hashtag, Origin

#: Rises with every change to what is indexed; articles of an earlier edition are indexed anew by ``rawi db reindex``.
EDITION = 2
#: Postgres' limits: bytes of a lexeme (2 KB; far longer than a word), and positions, beyond which all count as one.
LONGEST_WORD, LAST_POSITION = 128, 16_383
#: Words that are indexed of one article: a tsvector holds 1 MB.
MOST_WORDS = 30_000
#: Positions left free between title, tags and text, so that no phrase crosses from one into the other.
GAP = 20

_WORD = re.compile(r"\d+(?:[.,٫٬]\d+)+(?![^\W_])|[^\W_]+")
_THOUSANDS = re.compile(r"[,٬](?=\d{3}(?!\d))")
_FINAL_HAMZA = re.compile(r"(?:(?<=\w\w\w)|(?<=ي))ء$")


@dataclass(frozen=True, slots=True)
class SearchWord:
    """A word as it is indexed, and where it stands in the folded text."""

    form: str
    start: int
    end: int


def search_fold(text: str) -> Folded:
    """Fold ``text`` for searching, keeping the way back to its offsets."""
    # The alef of an accusative goes with its tanwin; a tatweel in its place keeps the offsets, and is dropped.
    folded = fold(text.replace("ئو", "ؤو").replace("ءو", "ؤو").replace("اً", "ـً").replace("ًا", "ًـ"))
    lower = folded.text.lower()
    # A few capitals of other scripts have two letters as a small one; text with such keeps its capitals.
    return Folded(lower, folded.offsets) if len(lower) == len(folded.text) else folded


def _folded(text: str) -> str:
    """Return what :func:`search_fold` does, without the way back: several times faster."""
    text = text.replace("ئو", "ؤو").replace("ءو", "ؤو").replace("اً", "ً").replace("ًا", "").replace("ً", "")
    folded = fold_text(text)
    lower = folded.lower()
    return lower if len(lower) == len(folded) else folded


def search_words(folded: str) -> Iterator[SearchWord]:
    """Yield the words of a text that :func:`search_fold` folded."""
    for match in _WORD.finditer(folded):
        yield SearchWord(_form(match[0]), match.start(), match.end())


def search_vector(parts: Iterable[tuple[str, str]]) -> str:
    """Return the words of texts, each with its weight (``A`` to ``C``, or none), as Postgres reads a ``tsvector``."""
    places: dict[str, list[str]] = defaultdict(list)
    position = 1
    for text, weight in parts:
        found = _WORD.findall(_folded(text))[:MOST_WORDS]
        for word, place in zip(found, chain(range(position, LAST_POSITION), repeat(LAST_POSITION)), strict=False):
            places[_form(word)].append(f"{place}{weight}")
        position += len(found) + GAP
    # Words are made of letters and digits only: nothing in them needs escaping.
    return " ".join(f"'{form}':{','.join(found)}" for form, found in places.items())


def labels(hashtags: Iterable[Hashtag], keywords: Iterable[str], authors: Iterable[str]) -> list[str]:
    """Return what an article is searched by besides its title and text: tags that are not in them, and authors."""
    elsewhere = [tag.tag for tag in hashtags if tag.origin in (Origin.EMBED, Origin.KEYWORDS)]
    return [*elsewhere, *keywords, *authors]


def article_vector(title: str | None, text: str, labels: Iterable[str]) -> str:
    """Return what of an article is searched: its title (A), its tags and authors (B), its text."""
    return search_vector([(title or "", "A"), *((label, "B") for label in dict.fromkeys(labels)), (text, "")])


def _form(word: str) -> str:
    if word[-1] == "ء":
        word = _FINAL_HAMZA.sub("", word)
    elif word[0].isdigit():
        word = _THOUSANDS.sub("", word).replace("٫", ".").replace("٬", "").replace(",", ".")
    return word[:LONGEST_WORD]
