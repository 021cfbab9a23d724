"""Hashtags: as written, with a key for counting, and where they stand.

A hashtag is ``#`` (or its full-width form) and the word after it: letters, digits, underscores, with diacritics,
tatweel and zero-width joiners inside (Unicode UAX 31, "hashtag identifiers"). At least one letter makes it a hashtag:
``#236`` is a number. It may be glued to the word before it, as live tickers write.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipelines.arabic import DROPPED, key
from pipelines.model import Hashtag, Origin, Span

#: Controls may stand between the sign and the word, and at the end; they are not part of the tag.
_INVISIBLE = "\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_HASHTAG = re.compile(f"[#＃][{_INVISIBLE}]*([\\w][\\w{DROPPED}]*)")
#: Joiners inside a word belong to its spelling; marks of direction do not.
_DIRECTION = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_JOINERS = "\u200c\u200d"
_TRAILING = re.compile(f"[{_INVISIBLE}]+$")
#: What a sign may stand in that is no hashtag: an address, an entity such as ``&#1593;``.
_IN_ADDRESS = re.compile(r"(?:https?://|www\.|[\w-]\.(?:com|net|org)/)\S*$|&$|/$", re.IGNORECASE)
#: Characters before the sign that are looked at for an address.
_BEFORE = 200
_COLOUR = re.compile(r"(?=[0-9a-f]*\d)[0-9a-f]{3}(?:[0-9a-f]{3})?", re.IGNORECASE)


def find_hashtags(
    text: str, title: str | None = None, keywords: Iterable[str] = (), embeds: Iterable[str] = ()
) -> tuple[Hashtag, ...]:
    """Return the hashtags of an article, each written form once, in the order of their first appearance.

    Those of the ``text`` have spans; ``embeds`` are the texts of embedded posts within it. Then come those of the
    ``title`` and of the ``keywords`` that the text does not have.
    """
    posts = [(start, start + len(post)) for post in embeds if post and (start := text.find(post)) >= 0]
    found: dict[str, Hashtag] = {}
    for tag, span in _written(text):
        embedded = any(start <= span.start < end for start, end in posts)
        found.setdefault(tag, _hashtag(tag, Origin.EMBED if embedded else Origin.BODY, span))
    for origin, part in [(Origin.TITLE, title or ""), *((Origin.KEYWORDS, keyword) for keyword in keywords)]:
        for tag, _ in _written(part):
            found.setdefault(tag, _hashtag(tag, origin, None))
    return tuple(found.values())


def _written(text: str) -> Iterator[tuple[str, Span]]:
    for match in _HASHTAG.finditer(text):
        word = _DIRECTION.sub("", match[1]).strip(_JOINERS)
        if not any(character.isalpha() for character in word) or _COLOUR.fullmatch(word):
            continue
        if _IN_ADDRESS.search(text, max(match.start() - _BEFORE, 0), match.start()):
            continue
        trailing = len(match[0]) - len(_TRAILING.sub("", match[0]))
        yield f"{match[0][0]}{word}", Span(match.start(), match.end() - trailing)


def _hashtag(tag: str, origin: Origin, span: Span | None) -> Hashtag:
    return Hashtag(tag=tag, key=key(tag[1:]), origin=origin, span=span)
