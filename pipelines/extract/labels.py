"""Words of the page's furniture: buttons, counters and headings, and ways to other stories.

They are recognised word for word, or by the few words they are made of («طباعة المقال», «مقالات قد تهمك»).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from pipelines.arabic import words as words_of
from pipelines.extract.text import forms, phrase
from pipelines.extract.wording import MAX_LABEL, Reading, Setting

_LEADS = re.compile(r"\s*(?:[:|/»>…]|\.\.|[-–—]\s|$)")
_ADDRESS_ONLY = re.compile(r"^\s*(?:https?://\S+|www\.\S+|t\.me/\S+|@\w+|[\w.+-]+@[\w.-]+)\s*$")


def label(reading: Reading, setting: Setting) -> str | None:
    """Return the reason ``label`` for buttons, counters and headings: alone in their block, word for word."""
    if not setting.alone or len(reading.words) > MAX_LABEL:
        return None
    if reading.joined in forms("page_labels") or _ADDRESS_ONLY.match(reading.plain):
        return "label"
    if _counts(reading) or _acts_on_page(reading) or (_is_for_sale(reading) and not setting.item):
        return "label"
    head, colon, _ = reading.plain.partition(":")
    if colon and (not setting.item or setting.linked > 0.5):
        bare = _without(head, setting.names)
        if bare in _heads() or (bare != head.strip() and bare in forms("read_more")):
            return "label"
    first_clause = phrase(reading.plain.partition("،")[0])
    if " " in first_clause and first_clause in forms("page_labels"):
        return "label"
    if f"{reading.joined} ".startswith(_latin_openings()):
        return "label"
    for size in range(min(5, len(reading.words) - 1), 0, -1):
        said = " ".join(reading.words[:size])
        if said in forms("page_labels") and len(reading.words) <= size + 3:
            # A word or two more belong to the label where they are a link or name what it is about.
            more = reading.words[size:]
            if setting.linked > 0.5 or size > 2 or all(w.isdecimal() or w in _beside_labels() for w in more):
                return "label"
    return None


def _counts(reading: Reading) -> bool:
    """«قراءة 4 دقائق»: a number, and nothing but what pages count."""
    numbers = [word for word in reading.words if word[0].isdecimal()]
    others = [word for word in reading.words if not word[0].isdecimal()]
    return 0 < len(numbers) <= 3 and 0 < len(others) <= 4 and all(w in forms("page_counters") for w in others)


def _without(head: str, names: Sequence[str]) -> str:
    """«فيديو الضفة» is «فيديو», of the outlet «الضفة»."""
    plain = f" {phrase(head)} "
    for name in names:
        plain = plain.replace(f" {name} ", " ")
    return plain.strip()


def _is_for_sale(reading: Reading) -> bool:
    """«مساحة للمعلنين»: a few words, one of which says that the place is paid for."""
    return len(reading.words) <= 4 and any(word in forms("ad_words") for word in reading.words)


def _acts_on_page(reading: Reading) -> bool:
    """«طباعة المقال»: an action, and the page's word for itself."""
    words = [word for word in reading.words if word not in ("هذا", "هذه", "علي", "الي")]
    if not 2 <= len(words) <= 4 or words[0] not in forms("page_actions"):
        return False
    return words[1].startswith("ال") and words[1].removeprefix("ال") in forms("page_nouns")


def read_also(reading: Reading, setting: Setting) -> str | None:
    """Return the reason ``read-also`` for ways to other stories."""
    if len(reading.words) > 30:
        return None
    linked = setting.linked > 0.4
    for size in range(min(4, len(reading.words)), 0, -1):
        head = " ".join(reading.words[:size])
        if head not in forms("read_also") and head not in forms("read_more"):
            continue
        rest = reading.plain[len(head) :] if reading.plain.startswith(head) else " "
        leads = _LEADS.match(rest) is not None
        if head in forms("read_also") and (leads or (setting.alone and (linked or not reading.plain.endswith(".")))):
            return "read-also"
        nouns = all(word in forms("page_nouns") for word in reading.words[size:])
        if head in forms("read_more") and (linked or leads) and (setting.alone or rest.strip()):
            return "read-also"
        if head in forms("read_more") and size < len(reading.words) and nouns and setting.alone:
            return "read-also"
    if reading.bracketed and len(reading.words) <= 8 and reading.words[0] in forms("reading_imperatives"):
        return "read-also"  # «(شاهد الفيديو أسفله)»
    return "read-also" if setting.alone and (_names_related(reading) or _points_there(reading)) else None


def _names_related(reading: Reading) -> bool:
    """«مقالات قد تهمك»: pieces of the page's own, and that they belong together; at the beginning, before a colon."""
    head, colon, _ = reading.plain.partition(":")
    said = words_of(head)
    if len(said) <= 6 and (colon or not reading.plain.endswith((".", "؟"))) and _invites_to_read(said):
        return True
    said = said[1:] if said[:1] and said[0] in forms("prompt_prepositions") else said
    if not 2 <= len(said) <= 5 or said[0] not in forms("page_nouns"):
        return False
    return any(word in forms("related_words") for word in said[1:])


def _invites_to_read(words: Sequence[str]) -> bool:
    """«وتستطيع أن تطالع كذلك», «ربما تود قراءته أيضا»: to read, and that it is something else."""
    plain = [word.removeprefix("و") if len(word) > 3 else word for word in words]
    reads = any(word in forms("reading_words") for word in plain)
    return reads and any(word in forms("also_words") for word in plain)


def _points_there(reading: Reading) -> bool:
    """«التفاصيل هنا»: a piece of the page's, and the place of a link."""
    words = reading.words
    named = any(w in forms("page_nouns") or w.removeprefix("ال") in forms("page_nouns") for w in words[:2])
    if 2 <= len(words) <= 7 and named and words[-1] in forms("pointing_places") and not reading.plain.endswith("."):
        return True
    return (
        len(words) <= 10
        and words[-2:] == ("من", "هنا")
        and re.search(r"(?:\.\.|[:،])\s*من هنا\W*$", reading.plain) is not None
    )


@cache
def _heads() -> frozenset[str]:
    return forms("page_labels") | forms("page_label_heads")


@cache
def _latin_openings() -> tuple[str, ...]:
    return tuple(f"{opening} " for opening in forms("prompt_latin"))


@cache
def _beside_labels() -> frozenset[str]:
    return forms("page_nouns") | forms("prompt_platforms") | forms("prompt_prepositions")
