"""Who is who: is a speaker of one article the speaker of another, under another spelling? Pure.

A name alone says little, and a surname nothing. So people are told by evidence: how alike the names are, whether the
roles agree, whether they spoke in the same time and to the same outlets. Each kind of evidence has a weight; what
reaches :data:`ENOUGH` is one person. Every merge keeps its evidence and can be undone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from pipelines.arabic import key
from pipelines.lexicons import load

#: Weights of the evidence, and what must come together for two names to be one person's.
SAME_NAME, SPELT_ALIKE, PART_OF_NAME = 3, 2, 1
SAME_ROLE, OTHER_ROLE, SAME_TIME, SAME_SOURCE = 2, -2, 1, 1
ENOUGH = 4
#: People who are quoted further apart than this did not speak in the same time.
NEAR = timedelta(days=120)
#: Letters of a name that is told from others by its consonants.
LONG = 4

_VOWELS = re.compile("(?<=.)[اوي]")
#: Letters that transliteration interchanges: غورباتشوف and جورباتشوف, فيكتور and ڤيكتور.
_INTERCHANGED = str.maketrans("غقڤپچطثذ", "ججفبشتتد")


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a speaker: roles as written, sources by number, first and last time quoted."""

    id: int
    words: tuple[str, ...]
    roles: tuple[str, ...]
    sources: frozenset[int]
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why two speakers are held to be one: the kind of likeness and what else speaks for it, with its weight."""

    score: int
    reasons: tuple[str, ...]


def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a name as they are compared: folded, عبد joined to what follows, without titles before it.

    >>> name_words("العميد عبد الوهّاب الساعدي")
    ('عبدالوهاب', 'الساعدي')
    """
    words = [word for word in key(name).split() if word not in ("بن", "ابن", "ال")]
    while len(words) > 2 and words[0].removeprefix("ال") in _titles():
        words = words[1:]
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] == "عبد":
            joined[-1] += word
        else:
            joined.append(word)
    return tuple(joined)


def skeleton(word: str) -> str:
    """Return the consonants of a name, by which transliterations of it are alike (نتنياهو, نتانياهو)."""
    return _VOWELS.sub("", word.removeprefix("ال").translate(_INTERCHANGED))


def evidence(one: Profile, other: Profile) -> Evidence | None:
    """Weigh what speaks for two speakers being one person; ``None`` where their names already speak against it."""
    score, reason = _name_likeness(one.words, other.words)
    if not score:
        return None
    reasons = [reason]
    agreed = _roles(one.roles, other.roles)
    if agreed > 0:
        score, reasons = score + SAME_ROLE, [*reasons, "same role"]
    elif agreed < 0:
        score, reasons = score + OTHER_ROLE, [*reasons, "another office"]
    if one.first - NEAR <= other.last and other.first - NEAR <= one.last:
        score, reasons = score + SAME_TIME, [*reasons, "same time"]
    if one.sources & other.sources:
        score, reasons = score + SAME_SOURCE, [*reasons, "same source"]
    return Evidence(score, tuple(reasons))


def same_person(one: Profile, others: Sequence[Profile]) -> list[tuple[Profile, Evidence]]:
    """Return those of ``others`` who are ``one``.

    A short name that could be that of several people who differ among themselves is nobody's.
    """
    weighed = [(other, found) for other in others if (found := evidence(one, other)) is not None]
    likely = [(other, found) for other, found in weighed if found.score >= ENOUGH]
    partial = [other for other, found in weighed if found.reasons[0] == "part of the name"]
    if any(not _name_likeness(a.words, b.words)[0] for a in partial for b in partial if a.id < b.id):
        likely = [(other, found) for other, found in likely if other not in partial]
    return likely


def _name_likeness(one: Sequence[str], other: Sequence[str]) -> tuple[int, str]:
    if min(len(one), len(other)) < 2:
        return 0, ""
    if tuple(one) == tuple(other):
        return SAME_NAME, "same name"
    if len(one) == len(other) and all(map(_alike, one, other)) and any(a == b for a, b in zip(one, other, strict=True)):
        return SPELT_ALIKE, "spelt alike"
    short, long = sorted((one, other), key=len)
    if len(short) < len(long) and _alike(short[0], long[0]) and _in_order(short, long):
        return PART_OF_NAME, "part of the name"
    return 0, ""


def _in_order(short: Sequence[str], long: Sequence[str]) -> bool:
    rest = iter(long)
    return all(any(_alike(word, candidate) for candidate in rest) for word in short)


def _alike(one: str, other: str) -> bool:
    if one.removeprefix("ال") == other.removeprefix("ال"):
        return True
    # سالم and سليم have the same consonants and are two names.
    if one in _given_names() and other in _given_names():
        return False
    return min(len(one), len(other)) >= LONG and skeleton(one) == skeleton(other)


def _roles(one: Sequence[str], other: Sequence[str]) -> int:
    """Return 1 when a role of both agrees, -1 when both hold an office of one kind that is not the same, else 0."""
    mine, others = [_role_words(role) for role in one], [_role_words(role) for role in other]
    pairs = [(a, b) for a in mine for b in others if a and b]
    if any(set(a) <= set(b) or set(b) <= set(a) for a, b in pairs if min(len(a), len(b)) > 1 or a == b):
        return 1
    return -1 if any(a[0] == b[0] and min(len(a), len(b)) > 1 for a, b in pairs) else 0


def _role_words(role: str) -> tuple[str, ...]:
    return tuple(word.removeprefix("ال") for word in key(role).split())


@cache
def _titles() -> frozenset[str]:
    return frozenset(key(word) for name in ("titles", "honorifics") for word in load(name))


@cache
def _given_names() -> frozenset[str]:
    return frozenset(key(word) for word in load("given_names"))
