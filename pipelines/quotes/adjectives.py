"""Whether a definite word after a definite one can be its adjective: by its pattern, and by gender."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from pipelines.quotes.kinds import BODY, Kind
from pipelines.quotes.tokens import Token
from pipelines.quotes.words import Word

#: فاعل، فعيل، مفعول، أفعل، فعلان, the participles with م, and adjectives of belonging, folded, masculine.
_ADJECTIVE = re.compile(r"\w+ي|\w[او]\w\w|\w\wي\w|م\w\wو\w|ا\w\w\w?|م\w{3,5}")
#: The same with ة, where a verbal noun (المقاومة) would look alike; and العليا، الكبرى.
_FEMININE = re.compile(r"\w+يه|\wا\w\wه|\w\wي\wه|م\w\wو\wه|م\w{3,5}ه|عليا|كبري|عظمي|اولي")


def is_noun_apart(word: Word, before: Sequence[Token]) -> bool:
    """Whether a definite word with nothing glued to it is another noun, and an adjective of nothing in ``before``.

    «أدانت هيئة الأرصاد الجوية الهجوم»: nothing in the phrase is masculine. Does not tell a noun that looks like one.
    """
    if word.kind & (Kind.ROLE_ADJECTIVE | Kind.PLACE):
        return False
    if word.kind & (BODY | Kind.NAME_HEAD | Kind.OCCASION) and not word.base.endswith(("ي", "يه")):
        return True
    gender = _gender(word.base)
    if gender == "m":
        return all(_is_feminine(token.lexeme) for token in before if token.word)
    of_people = before[-1].lexeme.base.endswith("اء") and word.base.startswith("ا")  # «الأدباء الأحرار»
    return not gender and not of_people


@lru_cache(maxsize=4096)
def _gender(base: str) -> str:
    """Return the gender of a word that can be an adjective by its pattern: m, f, p (plural of people), or nothing."""
    if base.endswith(("ون", "ين", "ات")):
        return "p"
    if _FEMININE.fullmatch(base):
        return "f"
    return "m" if not base.endswith("ه") and _ADJECTIVE.fullmatch(base) else ""


def _is_feminine(word: Word) -> bool:
    return word.base.endswith(("ه", "ات")) or not word.text
