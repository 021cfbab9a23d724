"""Prompts, recognised by what they say: calls to sign up, follow, read on, share; credits, notices, labels.

A small grammar, not a list of sentences. A prompt calls upon the reader (an imperative or an invitation), names a
channel, speaks of "us" and "you", is short, linked, and stands alone or last. No single sign is enough: «اشترك» is
"subscribe!" and "he subscribed", and an article may be about newsletters. What stands between quotation marks is
somebody's speech and never a prompt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pipelines.arabic import fold_text, sentences, tokens
from pipelines.lexicons import load

#: Words of the longest prompt; a longer sentence tells something.
MAX_WORDS = 45
#: Signs that must come together.
THRESHOLD = 5

_QUOTED = re.compile('«[^«»]*»|“[^“”]*”|"[^"]*"|‹[^‹›]*›')
_MARKED = re.compile('[«»“”"‹›]')
_YOU = re.compile(r"(?:كم|ك|كن)$")
_ADDRESS = re.compile(r"https?://|www\.|@\w|\w@\w")
_CLAUSE = re.compile(r"[:.؟!،|]\s+")
_HEAD = re.compile(r"^\W+")


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a piece of text stands: ``alone`` in its block, ``last`` among the blocks, how much of it is ``linked``."""

    alone: bool = True
    last: bool = False
    linked: float = 0.0


def prompt_reason(text: str, setting: Setting) -> str | None:
    """Return the reason why ``text`` is a prompt and not news; ``None`` when it is news."""
    outside = _QUOTED.sub(" ", text)
    folded = fold_text(outside).casefold()
    words = [token.text for token in tokens(folded)]
    if not words:
        # Only marks, or only speech: a lone rule or star is nothing, a quotation is news.
        return None if any(character.isalpha() for character in text) else "no-words"
    if len(words) > MAX_WORDS:
        return None
    plain = _HEAD.sub("", " ".join(folded.split()))
    return (
        _label(plain, words, setting)
        or _credit(plain, words, setting)
        or _read_also(plain, words, setting)
        or ("call" if _signs(plain, words, setting) >= THRESHOLD else None)
    )


def cut_prompts(text: str, setting: Setting) -> tuple[str, list[tuple[str, str]]]:
    """Cut prompts off the end of a paragraph: ``(what stays, [(what was cut, reason)])``.

    Only whole sentences, and only from the end; the first sentence stays.
    """
    spans = list(sentences(text))
    cut: list[tuple[str, str]] = []
    end = len(text)
    for span in reversed(spans[1:]):
        sentence = text[span.start : end].strip()
        if _MARKED.search(sentence) and not _balanced(sentence):
            break
        reason = prompt_reason(sentence, Setting(alone=False, last=setting.last, linked=setting.linked))
        if reason not in ("call", "read-also", "copyright", "credit"):
            break
        cut.insert(0, (sentence, reason))
        end = span.start
    return text[:end].rstrip(), cut


def _signs(plain: str, words: list[str], setting: Setting) -> int:
    """Count the signs of a call upon the reader."""
    if any(word in _words("reporting_in_prompts") for word in words):
        return 0
    channels = sum(word in _channels() or _stem(word) in _channels() for word in words)
    persons = sum(_speaks_to_us(word) for word in words)
    invitation = any(phrase in f" {plain} " for phrase in _invitations())
    calls = max((_call(clause.split()) for clause in _CLAUSE.split(plain)), default=0)
    offer = channels >= 2 and setting.alone and any(word in _words("offers") for word in words)
    if not (calls or invitation or offer):
        return 0
    signs = calls + 2 * invitation + 2 * offer + min(channels, 2) + min(persons, 2)
    signs += (setting.linked > 0.5) + (len(words) <= 12) + setting.alone + setting.last
    signs += bool(_ADDRESS.search(plain)) + any(word in ("الان", "مجانا", "هنا") for word in words)
    # A call that names no channel and nobody, and leads nowhere, is told of somebody.
    return signs - (len(words) > 30) - 2 * (not channels and not persons and setting.linked <= 0.5)


def _call(words: list[str]) -> int:
    """Return how much the beginning of a clause calls upon the reader."""
    if not words:
        return 0
    first = words[0].strip(".،:!؟-()")
    if first in _imperatives() or first.removeprefix("و") in _imperatives():
        return 2 if first.endswith(("وا", "نا")) or len(words) < 3 or _reaches_out(words[1]) else 0
    # The imperative of many has the ending of «قالوا», so it is a weak sign.
    return 1 if (len(first) > 4 and first.endswith("وا")) or any(w in _imperatives() for w in words[1:3]) else 0


def _reaches_out(word: str) -> bool:
    """Tell an imperative by what follows it: «شارك في» and «شارك رأيك» call, «شارك الوزير» tells."""
    return (
        word in _words("after_imperative") or word in _channels() or _stem(word) in _channels() or _speaks_to_us(word)
    )


def _label(plain: str, words: list[str], setting: Setting) -> str | None:
    if not setting.alone or len(words) > 8:
        return None
    bare = plain.strip(" :.،!|-–•")
    for label in _labels():
        if bare == label or (
            bare.startswith(f"{label} ")
            and len(words) <= len(label.split()) + 2
            and (setting.linked > 0.5 or ":" in plain)
        ):
            return "label"
        if bare.startswith(f"{label}:") or plain.startswith(f"{label} :"):
            return "label" if len(words) <= 12 or setting.linked > 0.5 else None
    return None


def _credit(plain: str, words: list[str], setting: Setting) -> str | None:
    if "©" in plain or "الحقوق محفوظ" in plain:
        return (
            "copyright" if len(words) <= 25 and (setting.last or setting.alone) and words[0] not in ("قال",) else None
        )
    for head in _credits():
        if plain.startswith(head):
            rest = plain[len(head) :].lstrip()
            if len(head.split()) > 1:
                return "credit" if len(words) <= 40 and setting.alone else None
            if rest.startswith((":", "/", "-", "|", "(")) and len(words) <= 10:
                return "credit"
            if not rest and setting.alone:
                return "credit"
    if plain.startswith("(") and plain.endswith(")") and len(words) <= 4 and setting.alone and setting.last:
        return "credit"
    return None


def _read_also(plain: str, words: list[str], setting: Setting) -> str | None:
    if len(words) > 30:
        return None
    for head in _read_also_heads():
        if plain.startswith(head) and (len(plain) == len(head) or not plain[len(head)].isalnum()):
            rest = plain[len(head) :].lstrip(" .…")
            sure = not rest or rest[0] in ":|/-–»«؟!>(" or setting.linked > 0.4
            if sure or (len(head.split()) > 1 and setting.alone and not plain.endswith(".")):
                return "read-also"
    # «مواضيع قد تعجبك»: the phrase ends a heading.
    if setting.alone and len(words) <= 5 and any(f" {head}" in plain for head in _read_also_heads() if " " in head):
        return "read-also"
    return None


def _speaks_to_us(word: str) -> bool:
    if len(word) < 4 or word in _words("not_second_person"):
        return False
    if word.endswith("نا"):
        if word.endswith("تنا") and _stem(f"{word[:-3]}ه") in _channels():
            return True
        return (
            _stem(word) in _channels()
            or word in _channels()
            or word in ("معنا", "لدينا", "الينا", "علينا", "جديدنا", "اخبارنا", "فريقنا", "قرائنا")
        )
    return bool(_YOU.search(word)) and not word.startswith("ال")


def _stem(word: str) -> str:
    """Drop what is written together with a noun: «بقناتنا» and «للنشرة» are the channel and the newsletter."""
    for prefix in ("وب", "ول", "وال", "بال", "لل", "ال", "ب", "ل", "و", "ف"):
        rest = word.removeprefix(prefix)
        if rest != word and len(rest) > 3 and (rest in _channels() or f"ال{rest}" in _channels()):
            return rest if rest in _channels() else f"ال{rest}"
    return word


def _balanced(text: str) -> bool:
    return text.count("«") == text.count("»") and text.count("“") == text.count("”") and text.count('"') % 2 == 0


def _folded(name: str) -> frozenset[str]:
    return frozenset(" ".join(fold_text(form).casefold().split()) for form in load(name))


@cache
def _words(name: str) -> frozenset[str]:
    return _folded(name)


@cache
def _imperatives() -> frozenset[str]:
    return _folded("prompt_imperatives")


@cache
def _invitations() -> tuple[str, ...]:
    return tuple(f" {phrase} " for phrase in sorted(_folded("prompt_invitations")))


@cache
def _channels() -> frozenset[str]:
    return _folded("prompt_channels")


@cache
def _read_also_heads() -> tuple[str, ...]:
    return tuple(sorted(_folded("read_also"), key=len, reverse=True))


@cache
def _labels() -> tuple[str, ...]:
    return tuple(sorted(_folded("page_labels"), key=len, reverse=True))


@cache
def _credits() -> tuple[str, ...]:
    return tuple(sorted(_folded("page_credits"), key=len, reverse=True))
