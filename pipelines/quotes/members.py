"""Somebody whom an article names, and when two names or roles are one somebody."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache

from pipelines.arabic import fold_text
from pipelines.lexicons import load
from pipelines.model import Span, Speaker, SpeakerType
from pipelines.quotes.kinds import Kind
from pipelines.quotes.speaker_types import PERSON, UNNAMED
from pipelines.quotes.words import classify

#: What is no part of a name, though it may stand inside one.
_SIGNS = re.compile('[#_«»“”"‹›]')
#: Who can hold a role.
HUMAN = (PERSON, UNNAMED)
_INVISIBLE = re.compile("[\u0640\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")


@dataclass(slots=True, eq=False)
class Member:
    """Somebody the article names: grows as fuller names and roles are met. ``seen`` lists the tokens of mentions.

    Name, role and ``mention`` are told as printed when first asked for, since most members never speak.
    """

    tell_name: Callable[[], str]
    tell_role: Callable[[], str | None] | None
    tell_mention: Callable[[], Span]
    type: SpeakerType
    head: str
    keys: tuple[str, ...]
    role_keys: frozenset[str] = frozenset()
    role_heads: frozenset[str] = frozenset()
    gender: str = ""
    plural: bool = False
    named: bool = True
    indefinite: bool = False
    spoken: bool = False
    seen: list[int] = field(default_factory=list)
    is_named_person: bool = field(init=False)
    _name: str | None = field(init=False, default=None)
    _role: str | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.is_named_person = self.named and self.type is PERSON

    @property
    def name(self) -> str:
        """The name as printed, without what is glued to it."""
        if self._name is None:
            self._name = self.tell_name()
        return self._name

    @property
    def role(self) -> str | None:
        """The role as printed, or ``None`` when the article tells none."""
        if self._role is None and self.tell_role is not None:
            self._role = self.tell_role()
        return self._role

    def rename(self, tell_name: Callable[[], str], keys: tuple[str, ...]) -> None:
        """Take over a fuller name."""
        self.tell_name, self.keys, self._name = tell_name, keys, None

    def seen_before(self, at: int) -> int:
        """Return the last token at or before ``at`` where the member is named, or -1."""
        after = bisect_right(self.seen, at)
        return self.seen[after - 1] if after else -1

    def speaker(self, mention: Span | None) -> Speaker:
        """Return the member as the speaker of one quotation."""
        return Speaker(self.name, self.type, self.role, mention or self.tell_mention())


def clean(name: str) -> str:
    """Return a name as it is printed: no hash signs, underscores, marks or invisible controls."""
    return " ".join(_SIGNS.sub(" ", _INVISIBLE.sub("", name)).split()).strip("،, ")


def unglued(text: str) -> str:
    """Cut ل, ب or و off what it is glued to: للوزير → الوزير."""
    if text.startswith("لل"):
        return "ال" + text[2:]
    return text[1:] if text[0] in "لبو" else text


def roles_same(words: frozenset[str], member: Member) -> bool:
    """Whether a role is a person's: one holds every word of the other, and more than the head is said of both."""
    known = member.role_keys
    rest = words - known
    if not rest or rest.issubset(member.keys):
        return True
    if rest <= nisbas(words) and not other_nisba(words, known):
        return True
    if len(rest) == len(words):
        return False
    fixed = _without_adjectives(known)
    return len(fixed) > 1 and fixed <= words and not _of_another_country(words - fixed, known)


@lru_cache(maxsize=4096)
def _without_adjectives(role: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in role if not classify(word).has(Kind.ROLE_ADJECTIVE))


@lru_cache(maxsize=4096)
def singular(word: str) -> str:
    """Return a role word's singular: مفاوضي is مفاوض."""
    for ending in ("ين", "ون", "ي", "و"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 2 and classify(stem).has(Kind.TITLE):
            return stem
    return word


@lru_cache(maxsize=4096)
def nisbas(words: frozenset[str]) -> frozenset[str]:
    """Return the adjectives of belonging among the words of a role: مغربي، روسية."""
    return frozenset(
        word for word in words if word.endswith(("ي", "يه")) and len(word) > 3 and not classify(word).has(Kind.TITLE)
    )


@lru_cache(maxsize=4096)
def countries(words: frozenset[str]) -> frozenset[str]:
    """Return the adjectives among the words of a role that tell a country or city."""
    return frozenset(filter(is_of_place, nisbas(words)))


def other_nisba(words: frozenset[str], known: frozenset[str]) -> bool:
    """Whether two roles belong to different things: «الوزير الروسي» is not «الوزير الأمريكي»."""
    mine, others = countries(words), countries(known)
    return bool(mine and others) and not mine & others


def _of_another_country(words: frozenset[str], known: frozenset[str]) -> bool:
    """Whether words name a place and a known role belongs to another: «وزير خارجية النمسا» is not «الوزير السعودي»."""
    places = [word for word in words if classify(word).has(Kind.PLACE)]
    return bool(places) and not any(same_country(place, known) for place in places)


def of_another_country(nisba: frozenset[str], keys: frozenset[str]) -> bool:
    """Whether adjectives tell a country and a name another: «السلطات القطرية», not «السلطات في السودان»."""
    mine = countries(nisba)
    places = (
        [key for key in keys if classify(key).has(Kind.PLACE) or classify(f"ال{key}").has(Kind.PLACE)] if mine else []
    )
    return bool(places) and not any(same_country(place, mine) for place in places)


def is_of_place(word: str) -> bool:
    """Whether an adjective tells which country or city somebody is of: مغربي، روسية."""
    return word.removesuffix("ه").removesuffix("ي") in _place_stems()


def same_country(place: str, role: frozenset[str]) -> bool:
    """Whether a role tells a country by its adjective: قطر and «القطري», «الولايات المتحدة» and «الأمريكي»."""
    stem = place.removeprefix("ال").rstrip("ايه")
    of = {word.removesuffix("ه").removesuffix("ي") for word in nisbas(role)}
    america = stem in ("ولايات", "متحد", "متحده") and bool(of & {"امريك", "اميرك"})
    return america or (len(stem) > 2 and stem in of)


@cache
def _place_stems() -> frozenset[str]:
    # «ألمانيا» begins with a letter of its own that many papers write like the article.
    names = [fold_text(place.removeprefix("ال")) for place in load("places") | load("cities")]
    folded = names + [name.removeprefix("ال") for name in names]
    return frozenset(place.rstrip("ايه") for place in folded if len(place.rstrip("ايه")) > 2)


def names_same(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether two names are one person's: one holds the other, and first or last names agree."""
    if len(short) > len(full):
        short, full = full, short
    if len(short) == 1:
        return short[0] in (full[0], full[-1]) or (len(short[0]) > 3 and short[0] in full[1:])
    if not ((short[-1] == full[-1] or short[0] == full[0]) and set(short) <= set(full)):
        return False
    # «أمير مرتضى منصور» is a son of «مرتضى منصور»
    son = short[0] != full[0] and len(short) < len(full)
    return not (son and classify(short[0]).kind & Kind.GIVEN_NAME and classify(full[0]).kind & Kind.GIVEN_NAME)


def last_seen(members: Iterable[Member], at: int) -> Member | None:
    """Return who of ``members`` was named last before token ``at``, or the first of them when nobody was."""
    return max(members, key=lambda member: member.seen_before(at), default=None)


def last_before(members: Iterable[Member], at: int, *types: SpeakerType) -> Member | None:
    """Return who of ``types`` was named last before token ``at``."""
    last = last_seen((member for member in members if member.type in types and member.named), at - 1)
    return last if last is not None and last.seen_before(at - 1) >= 0 else None
