"""What do the invented outlets report? Stories from a small grammar: whoever speaks is introduced, then named shortly.

A story is a title, 250 to 600 words in paragraphs with direct and indirect speech, hashtags, numbers and dates; the
same seed tells the same stories. Each has its own few places and things, and sentences have several free places, so
that no two stories are near-duplicates and none of their sentences recurs in others.
"""

from __future__ import annotations

import random
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

#: Words of a story, fewest and most.
WORDS = 250, 600
#: Of a story's sentences, the share that somebody says, and of these the share between marks: about two quotations in a
#: hundred words, as labelled articles have.
SAID, DIRECT = 0.38, 0.45
#: What a story is about: of each of these rules it uses so many forms, again and again.
ABOUT = {"place": 6, "thing_m": 4, "thing_f": 4, "who": 4, "body_of": 4}
#: Rules of whole sentences, which a story does not use a second time before it has used all.
SENTENCES = ("narrative", "clause", "spoken")
NUMBERS = {"digits": (101, 990), "percent": (11, 95), "few": (11, 48), "year": (1998, 2025)}

_NAME = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as readers see it; ``kind`` is ``p``, ``h`` (a subhead) or ``post`` (an embedded post)."""

    text: str
    kind: str = "p"


@dataclass(frozen=True, slots=True)
class Story:
    """A story before any theme wraps it."""

    title: str
    author: str
    paragraphs: tuple[Paragraph, ...]
    tags: tuple[str, ...]

    @property
    def text(self) -> str:
        """The text as a reader sees it, paragraphs parted by a blank line: what extraction should give."""
        return "\n\n".join(paragraph.text for paragraph in self.paragraphs)


@dataclass(slots=True)
class Person:
    """Somebody who speaks in a story; ``introduced`` once the story has given name and role."""

    given: str
    family: str
    role: str
    female: bool
    introduced: bool = False

    def naming(self) -> str:
        """Return role and name the first time, then the family name."""
        short, self.introduced = self.introduced, True
        return self.family if short else f"{self.role} {self.given} {self.family}"


def write_story(chance: random.Random) -> Story:
    """Tell a story."""
    return Telling(chance).story()


class Telling:
    """The words of one story, or of what readers write under it."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._decks: dict[str, list[str]] = {}
        self._about: dict[str, list[str]] = {}
        # Not before each has its forms: a thing is in a place of the story.
        for rule, number in ABOUT.items():
            self._about[rule] = list(dict.fromkeys(self._fill(self._form(rule)) for _ in range(number)))
        self._people = [self.person() for _ in range(chance.randint(2, 4))]

    def story(self) -> Story:
        """Return the story."""
        lead = self._with_hashtag(self.expand("lead"))
        paragraphs, words = [Paragraph(lead)], len(lead.split())
        target = self._chance.randint(*WORDS)
        while words < target:
            paragraphs.append(self._paragraph(paragraphs[-1].kind, len(paragraphs)))
            words += len(paragraphs[-1].text.split())
        if paragraphs[-1].kind != "p":
            paragraphs.append(Paragraph(self.expand("narrative")))
        tags = (*self._about["place"][:3], *self._about["thing_f"][:2])
        author = f"{self.person().given} {self.person().family}"
        return Story(self.expand("title"), author, tuple(paragraphs), tags)

    def person(self) -> Person:
        """Return somebody who has not been heard of yet."""
        people, female = _grammar()["people"], self._chance.random() < 0.4
        given = self._chance.choice(people["women" if female else "men"])
        role = self._fill(self._chance.choice(people["roles_f" if female else "roles_m"]))
        return Person(given, self._chance.choice(people["families"]), role, female)

    def expand(self, rule: str) -> str:
        """Return a form of ``rule`` with all its places filled."""
        if rule in NUMBERS:
            return str(self._chance.randint(*NUMBERS[rule]))
        if forms := self._about.get(rule):
            forms.insert(0, forms.pop(self._chance.randrange(1, len(forms)) if len(forms) > 1 else 0))
            return forms[0]  # never the one that was used last
        return self._fill(self._form(rule))

    def _paragraph(self, before: str, number: int) -> Paragraph:
        if number > 2 and before == "p" and self._chance.random() < 0.1:
            kind = self._chance.choice(("h", "h", "post"))
            if kind == "h":
                return Paragraph(self.expand("subhead"), "h")
            return Paragraph(f"{self.expand('post')} {_hashtag(self.expand('place'))}", "post")
        return Paragraph(" ".join(self._sentence() for _ in range(self._chance.choice((1, 2, 2, 3)))))

    def _sentence(self) -> str:
        if self._chance.random() > SAID:
            return self.expand("narrative")
        if self._chance.random() < 0.1:
            return f"وذكر بيان صادر عن {self.expand('body_of')} أن {self.expand('clause')}."
        return self._speech(self._chance.choice(self._people))

    def _speech(self, person: Person) -> str:
        verbs = ("قال", "أوضح", "أضاف", "أكد", "ذكر") if person.introduced else ("قال", "أوضح", "أكد")
        verb = self._chance.choice(verbs)
        that = "إن" if verb == "قال" else "أن"
        verb += "ت" if person.female else ""
        if self._chance.random() < DIRECT:
            if self._chance.random() < 0.6:
                return f"و{verb} {person.naming()}: «{self.expand('spoken')}»."
            return f"«{self.expand('spoken')}»، بحسب ما {verb} {person.naming()}."
        said = f"و{verb} {person.naming()} {that} {self.expand('clause')}"
        if self._chance.random() < 0.3:
            return f"{said}، {'مشيرة' if person.female else 'مشيراً'} إلى أن {self.expand('clause')}."
        return f"{said}."

    def _with_hashtag(self, text: str) -> str:
        """Turn a place of a text into a hashtag, more often than not."""
        place = next((place for place in self._about["place"] if place in text), None)
        return text if place is None or self._chance.random() < 0.4 else text.replace(place, _hashtag(place), 1)

    def _form(self, rule: str) -> str:
        if rule not in SENTENCES:
            return str(self._chance.choice(_grammar()["rules"][rule]))
        if not self._decks.get(rule):
            self._decks[rule] = self._chance.sample(_grammar()["rules"][rule], k=len(_grammar()["rules"][rule]))
        return self._decks[rule].pop()

    def _fill(self, form: str) -> str:
        return _NAME.sub(lambda match: self.expand(match[1]), form)


def _hashtag(text: str) -> str:
    return "#" + text.replace(" ", "_")


@cache
def _grammar() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "grammar.toml").read_text("utf-8"))
