"""The verbs of saying in every form the news uses.

A lexicon names each verb by three forms (perfect, imperfect, participle); persons, genders and numbers are made from
them by the regular rules, on folded spelling, so that «اكدت», «أكّدت» and «وأكدت» are one word. Only the third person is
made: the first and second persons are speech itself, not its report.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from pipelines.arabic import fold_text
from pipelines.lexicons import load, load_ordered


class CueForm:
    """How a cue is inflected: plain strings, which are looked up faster than members of an Enum."""

    PERFECT = "perfect"
    IMPERFECT = "imperfect"
    PARTICIPLE = "participle"
    NOUN = "noun"


@dataclass(frozen=True, slots=True)
class Cue:
    """One form of one verb of saying.

    ``gender`` is m or f, ``number`` s, d or p. ``prepositions`` (folded) are those that may stand before its أن.
    ``act`` marks verbs that report marked words only; ``transitive`` ones
    may have an object after their subject. ``homograph`` marks forms that need أن or a mark right after them.
    ``finite`` tells whether the form is a verb that can have a subject after it.
    """

    verb: str
    form: str
    gender: str
    number: str
    prepositions: frozenset[str] = frozenset()
    act: bool = False
    homograph: bool = False
    transitive: bool = False
    finite: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "finite", self.form in (CueForm.PERFECT, CueForm.IMPERFECT))


@cache
def cue_forms() -> dict[str, Cue]:
    """Return every form by its folded spelling. Of two verbs that share a spelling the first in the lexicon wins."""
    homographs = {fold_text(form) for form in load("cue_homographs")}
    forms: dict[str, Cue] = {}
    for lexicon, act in (("cue_verbs", False), ("cue_acts", True)):
        for line in load_ordered(lexicon):
            perfect, imperfect, participle, *prepositions = (fold_text(word) for word in line.split())
            transitive = act or "*" in prepositions
            governed = frozenset(prepositions) - {"*"}
            for written, form, gender, number in _inflect(perfect, imperfect, participle):
                # The dual of the perfect looks like a noun in the accusative: نقلا، ردا، حكما.
                doubtful = written in homographs or (form is CueForm.PERFECT and number == "d" and gender == "m")
                cue = Cue(perfect, form, gender, number, governed, act, doubtful, transitive)
                forms.setdefault(written, cue)
    for noun in load("cue_nouns"):
        for suffix, gender, number in _POSSESSORS:
            folded = fold_text(noun) + suffix
            forms.setdefault(folded, Cue(fold_text(noun), CueForm.NOUN, gender, number, frozenset({"الي", "علي"})))
    return forms


_POSSESSORS = (("", "", ""), ("ه", "m", "s"), ("ها", "f", "s"), ("هم", "m", "p"), ("هما", "m", "d"))


def _inflect(perfect: str, imperfect: str, participle: str) -> Iterator[tuple[str, str, str, str]]:
    yield from _perfect(perfect)
    yield from _imperfect(imperfect)
    yield from _participle(participle)


def _perfect(third: str) -> Iterator[tuple[str, str, str, str]]:
    # A final alef or ya is a weak root letter and goes before every ending: ادعى → ادعت، ادعوا.
    stem = third[:-1] if third[-1] in "اي" else third
    for written, gender, number in (
        (third, "m", "s"),
        (stem + "ت", "f", "s"),
        (stem + "وا", "m", "p"),
        (third.removesuffix("ا") + "ا", "m", "d"),
        (stem + "تا", "f", "d"),
    ):
        yield written, CueForm.PERFECT, gender, number


def _imperfect(third: str) -> Iterator[tuple[str, str, str, str]]:
    rest = third[1:]
    stem = rest[:-1] if rest[-1] in "ويا" else rest
    for written, gender, number in (
        ("ي" + rest, "m", "s"),
        ("ت" + rest, "f", "s"),
        ("ي" + stem + "ون", "m", "p"),
        ("ي" + stem + "وا", "m", "p"),
        ("ي" + rest + "ان", "m", "d"),
        ("ت" + rest + "ان", "f", "d"),
    ):
        yield written, CueForm.IMPERFECT, gender, number


def _participle(nominative: str) -> Iterator[tuple[str, str, str, str]]:
    # Only as a circumstance (مبيناً، لافتةً، مؤكدين); the bare nominative is a noun more often than not (كاتب، مدير).
    plural = nominative[:-1] if nominative.endswith("ي") else nominative
    for written, gender, number in (
        (nominative + "ا", "m", "s"),
        (nominative + "ه", "f", "s"),
        (plural + "ين", "m", "p"),
        (nominative + "تين", "f", "d"),
        (nominative + "ات", "f", "p"),
    ):
        yield written, CueForm.PARTICIPLE, gender, number
