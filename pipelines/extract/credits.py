"""What a page says about the piece and its rights: copyright lines, disclaimers and notices, credits and sources."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from pipelines.arabic import fold_text
from pipelines.extract.text import forms, phrase, phrases_among
from pipelines.extract.wording import MAX_LABEL, Reading, Setting
from pipelines.lexicons import load

#: Words of a notice about the piece itself.
MAX_ABOUT = 16
#: Words of the outlet's or an agency's names that stand alone.
MAX_SIGNED = 6

_SIGNED = re.compile(r"[+،,/|]|\s-\s")


def copyright_line(reading: Reading, setting: Setting) -> str | None:
    """Return the reason ``copyright`` for rights reserved, by somebody: a few words without a clause of their own."""
    reserved = max(phrases_among(reading.words, "copyright_phrases"), key=len, default=None)
    if reserved is None and not reading.plain.startswith(("©", "(c)")):
        return None
    before, _, after = reading.plain.partition(reserved or "©")
    others = [word for word in (*before.split(), *after.split()) if not word.isdecimal()]
    return "copyright" if len(others) <= 8 and "،" not in after and (setting.alone or setting.last) else None


def notice(reading: Reading, setting: Setting) -> str | None:
    """Return the reason ``notice`` for disclaimers, terms and cookies: they open and speak like notices."""
    if len(reading.words) <= 30 and _disclaims(reading):
        return "notice" if setting.alone else None
    if setting.alone and not setting.item and _is_about_piece(reading):
        return "notice"
    if len(reading.words) < 2 or next(phrases_among(reading.words, "page_notices"), None) is None:
        return None
    said = f"{reading.joined} "
    opens = reading.bracketed or any(said.startswith(f"{opener} ") for opener in forms("notice_openers"))
    return "notice" if opens and (setting.alone or setting.last) else None


def _is_about_piece(reading: Reading) -> bool:
    """«هذه المادة متاحة للجميع», «ترجم هذا النص فلان»: the piece, pointed at, and what was done with it."""
    words = reading.words
    if not 3 <= len(words) <= MAX_ABOUT:
        return False
    pointed = any(
        this in ("هذا", "هذه") and (that.removeprefix("ال") in forms("page_nouns") or that == "الصفحه")
        for this, that in pairwise(words[:4])
    )
    return pointed and any(word.removeprefix("و") in forms("piece_words") for word in words)


def _disclaims(reading: Reading) -> bool:
    """«المقال لا يمثل رأي الصحيفة»: whose opinion, the verb, and whose it is not."""
    said = frozenset(reading.words)
    if not (said & forms("disclaimer_verbs") and said & forms("disclaimer_objects")):
        return False
    return next(phrases_among(reading.words[:5], "disclaimer_subjects"), None) is not None


def credit(reading: Reading, setting: Setting) -> str | None:
    """Return the reason ``credit`` for sources of texts and pictures: an agency alone, or a head and a name."""
    bare = reading.plain.strip(" ()[].")
    bracketed = reading.bracketed
    if len(reading.words) <= MAX_SIGNED:
        parts = [part.strip() for part in _SIGNED.split(bare)]
        own = [part in setting.names for part in map(phrase, parts)]
        signed = [part in _agencies() or ours for part, ours in zip(parts, own, strict=True)]
        if any(own) and len(parts) > 1 and len(reading.words) < MAX_SIGNED and setting.alone and not setting.item:
            return "credit"  # «رواسي / البصرة»: the outlet, and where it reports from
        if all(signed) or (bracketed and any(signed)):
            return "credit" if (setting.alone and not setting.item) or (setting.last and bracketed) else None
    if (
        bracketed
        and len(reading.words) <= 5
        and any(" ".join(reading.words[:n]) in forms("page_credits") for n in (1, 2))
    ):
        return "credit"
    if setting.item or len(reading.words) > MAX_LABEL:
        return None
    if setting.alone and (_contributes(reading) or _is_work_of(reading)):
        return "credit"
    for size in range(min(4, len(reading.words)), 0, -1):
        head = " ".join(reading.words[:size])
        if head not in forms("page_credits"):
            continue
        rest = reading.plain[len(head) :].lstrip() if reading.plain.startswith(head) else ""
        words = len(reading.words) - size
        if setting.alone and (not words or (size > 1 and words <= 7 and not bare.endswith("؟"))):
            return "credit"
        if setting.alone and words <= 4 and any(f" {name} " in f" {phrase(rest)} " for name in setting.names):
            return "credit"  # «عدسة رواسي»
        if rest.startswith((":", "/", "|", "(", "–", "-")) and words <= 6 and (setting.alone or setting.last):
            return "credit"
    return None


def _contributes(reading: Reading) -> bool:
    """«أسهم في الإعداد: فلان»: who else worked on it."""
    first, *others = reading.words
    if first not in forms("contributions") or others[:1] != ["في"] or reading.plain.endswith("."):
        return False
    return len(others) > 1 and others[1].removeprefix("ال") in forms("page_credits")


def _is_work_of(reading: Reading) -> bool:
    """«رسم الغلاف بريشة: فلان», «إعداد الجرافيك: القسم»: a kind of work, and whose it is."""
    head, colon, name = reading.plain.partition(":")
    words = head.split()
    work = words[:1] and words[0].removeprefix("ال") in forms("page_credits") and words[0] not in forms("page_nouns")
    return bool(work and colon) and len(words) <= 4 and 1 <= len(name.split()) <= 5 and not name.endswith((".", "؟"))


@cache
def _agencies() -> frozenset[str]:
    return frozenset(fold_text(form).casefold() for form in load("agencies"))
