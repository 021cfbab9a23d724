"""What is not the article although it stands in it: calls, labels, credits, notices, links to other stories.

Recognised by what it says and where it stands, never by its markup alone. What stands between quotation marks is
somebody's speech and never a prompt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise

from pipelines.arabic import fold_text, sentences, tokens
from pipelines.extract.calls import read_signs
from pipelines.extract.text import forms, phrase
from pipelines.lexicons import load

#: Words of the longest prompt; a longer sentence tells something.
MAX_WORDS = 45
#: Weight of the signs (:meth:`pipelines.extract.calls.Signs.weight`) that makes a call: of a text that stands alone,
#: and of the last sentence of a paragraph or an item of a list, where the article itself is likelier to speak.
ALONE, WITHIN = 5, 6
#: Words between marks that are somebody's speech.
SPEECH = 4
#: Words of a notice about the piece itself.
MAX_ABOUT = 16
#: Words of a sentence that tells something.
TELLS = 5
#: What may be cut off a paragraph. Labels and headings stand alone or are words of a sentence.
CUT = frozenset({"call", "read-also", "copyright", "credit", "notice"})

_QUOTED = re.compile('«[^«»]*»|“[^“”]*”|"[^"]*"|‹[^‹›]*›')
_MARKED = re.compile('[«»“”"‹›]')
#: What a page's software failed to fill in: {loadposition ad-1}, [gallery ids="1,2"].
_TEMPLATE = re.compile(r"^\s*(?:\{+[^{}\u0600-\u06ff]{1,80}\}+|\[/?[A-Za-z][^\[\]\u0600-\u06ff]{0,120}\])\s*$")
#: Who wrote and edited a wire story: «(ر.ن)»; where it ends: «انتهى / م.ح5319##».
_INITIALS = re.compile(r"^\s*\((?:\w\s*[./،]\s*){1,4}\w?\)[\s.]*$")
_END = re.compile(r"^\s*[إا]نتهى\b[^\w]{0,4}(?:\w{1,3}[./]?\s?){0,4}\d*\W*$")
_THERE = frozenset({"هنا", "الرابط", "ادناه", "اسفله", "التالي", "التاليه", "المرفق", "المرفقه", "المصاحب"})
_LEADS = re.compile(r"\s*(?:[:|/»>…]|\.\.|[-–—]\s|$)")
_ADDRESS_ONLY = re.compile(r"^\s*(?:https?://\S+|www\.\S+|t\.me/\S+|@\w+|[\w.+-]+@[\w.-]+)\s*$")


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a text stands: ``alone`` in its block, ``last`` in the article, how much is ``linked``; in an ``item``.

    An item is a heading, an entry of a list or a row of a table. ``names`` are the outlet's own, folded.
    """

    alone: bool = True
    last: bool = False
    linked: float = 0.0
    item: bool = False
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text without its quotations, folded: as it stands, and its words."""

    plain: str
    words: tuple[str, ...]
    bracketed: bool = False

    @property
    def joined(self) -> str:
        return " ".join(self.words)


def prompt_reason(text: str, setting: Setting) -> str | None:
    """Return the reason why ``text`` is a prompt and not news; ``None`` when it is news."""
    if _TEMPLATE.match(text):
        return "template"
    if _INITIALS.match(text) or (_END.match(text) and setting.alone):
        return "credit"
    reading = _read(_QUOTED.sub(" ", text))
    if not reading.words:
        # Only marks, or only speech: a lone rule or star is nothing, a quotation is news.
        return None if any(character.isalnum() for character in text) else "no-words"
    if len(reading.words) > MAX_WORDS:
        return None
    if setting.alone and not _all_one(text, setting):
        return None
    return (
        _label(reading, setting)
        or _copyright(reading, setting)
        or _notice(reading, setting)
        or _credit(reading, setting)
        or _read_also(reading, setting)
        or _called(text, setting)
    )


def _all_one(text: str, setting: Setting) -> bool:
    """Tell whether several sentences are one prompt: none is, where the first of them tells something and asks nothing.

    A paragraph of news that ends with a prompt is news; the prompt is cut off it.
    """
    spans = list(islice(sentences(text), 2))
    if len(spans) < 2:
        return True
    first = text[spans[0].start : spans[0].end]
    if len(first.split()) < TELLS or not first.rstrip("»”\"'’) ").endswith((".", ":")):
        return True
    return read_signs(_QUOTED.sub(" ", first), setting.names).addresses or prompt_reason(first, setting) is not None


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
        reason = prompt_reason(
            sentence, Setting(alone=False, last=setting.last, linked=setting.linked, names=setting.names)
        )
        if reason not in CUT:
            break
        cut.insert(0, (sentence, reason))
        end = span.start
    return text[:end].rstrip(), cut


def _read(text: str) -> _Reading:
    folded = " ".join(fold_text(text).casefold().split())
    plain = folded.strip(" *•·-–—|>»«◄►▪■●👇👈⬅📌🔴✅")
    words = tuple(token.text for token in tokens(folded))
    return _Reading(plain, words, plain.startswith(("(", "[")) and plain.rstrip(".").endswith((")", "]")))


def _called(text: str, setting: Setting) -> str | None:
    names = setting.names
    told = _QUOTED.sub(" ", text)
    if phrase(text.partition(":")[0]) in names:
        return None  # «الضفة: كيف بدأت؟»: the outlet asks in an interview
    if any(len(quoted.split()) >= SPEECH for quoted in _QUOTED.findall(text)):
        return None
    signs = read_signs(told, names)
    if not signs.outlet and names:
        # The outlet's own name may stand between marks: «المدار».
        whole = f" {phrase(text)} "
        signs = read_signs(f"{told} {names[0]}", names) if any(f" {n} " in whole for n in names) else signs
    if signs.promotion and not setting.alone and signs.call < 2 and not signs.invitation and not signs.delivery:
        return None
    weight = signs.weight()
    if weight:
        weight += (setting.linked > 0.5) + setting.last
        # Advice («راجع الصفحة الرسمية للمتجر بنفسك.») is a sentence; a newsroom that calls speaks of itself.
        weight -= 2 * (text.rstrip().endswith(".") and not (signs.itself or signs.delivery))
    return "call" if weight >= (ALONE if setting.alone and not setting.item else WITHIN) else None


def _label(reading: _Reading, setting: Setting) -> str | None:
    """Buttons, counters and headings of the page's furniture: alone in their block, word for word."""
    if not setting.alone or len(reading.words) > 12:
        return None
    if reading.joined in forms("page_labels") or _ADDRESS_ONLY.match(reading.plain):
        return "label"
    if _counts(reading) or _acts_on_page(reading) or (_is_for_sale(reading) and not setting.item):
        return "label"
    head, colon, _ = reading.plain.partition(":")
    heads = forms("page_labels") | forms("page_label_heads")
    bare = _without(head, setting.names)
    if (
        colon
        and (bare in heads or (bare != head.strip() and bare in forms("read_more")))
        and (not setting.item or setting.linked > 0.5)
    ):
        return "label"
    first_clause = phrase(reading.plain.partition("،")[0])
    if " " in first_clause and first_clause in forms("page_labels"):
        return "label"
    if any(f"{reading.joined} ".startswith(f"{opening} ") for opening in forms("prompt_latin")):
        return "label"
    for size in range(min(5, len(reading.words) - 1), 0, -1):
        said = " ".join(reading.words[:size])
        if said in forms("page_labels") and len(reading.words) <= size + 3:
            # A word or two more belong to the label where they are a link or name what it is about.
            more = reading.words[size:]
            if setting.linked > 0.5 or size > 2 or all(w.isdecimal() or w in _beside_labels() for w in more):
                return "label"
    return None


def _counts(reading: _Reading) -> bool:
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


def _is_for_sale(reading: _Reading) -> bool:
    """«مساحة للمعلنين»: a few words, one of which says that the place is paid for."""
    return len(reading.words) <= 4 and any(word in forms("ad_words") for word in reading.words)


def _acts_on_page(reading: _Reading) -> bool:
    """«طباعة المقال»: an action, and the page's word for itself."""
    words = [word for word in reading.words if word not in ("هذا", "هذه", "علي", "الي")]
    if not 2 <= len(words) <= 4 or words[0] not in forms("page_actions"):
        return False
    return words[1].startswith("ال") and words[1].removeprefix("ال") in forms("page_nouns")


def _disclaims(reading: _Reading) -> bool:
    """«المقال لا يمثل رأي الصحيفة»: whose opinion, the verb, and whose it is not."""
    first = " ".join(reading.words[:5])
    subject = any(f" {word} " in f" {first} " for word in forms("disclaimer_subjects"))
    said = set(reading.words)
    return subject and bool(said & forms("disclaimer_verbs")) and bool(said & forms("disclaimer_objects"))


def _copyright(reading: _Reading, setting: Setting) -> str | None:
    """Rights reserved, by somebody: a few words without a clause of their own."""
    said = f" {reading.joined} "
    reserved = next((form for form in forms("copyright_phrases") if f" {form} " in said), None)
    if reserved is None and not reading.plain.startswith(("©", "(c)")):
        return None
    before, _, after = reading.plain.partition(reserved or "©")
    others = [word for word in (*before.split(), *after.split()) if not word.isdecimal()]
    return "copyright" if len(others) <= 8 and "،" not in after and (setting.alone or setting.last) else None


def _notice(reading: _Reading, setting: Setting) -> str | None:
    """Disclaimers, terms and cookies: they open like a notice and say what notices say."""
    said = f" {reading.joined} "
    if len(reading.words) <= 30 and _disclaims(reading):
        return "notice" if setting.alone else None
    if setting.alone and not setting.item and _is_about_piece(reading):
        return "notice"
    if len(reading.words) < 2 or not any(f" {form} " in said for form in forms("page_notices")):
        return None
    opens = reading.bracketed or any(said.startswith(f" {opener} ") for opener in forms("notice_openers"))
    return "notice" if opens and (setting.alone or setting.last) else None


def _is_about_piece(reading: _Reading) -> bool:
    """«هذه المادة متاحة للجميع», «ترجم هذا النص فلان»: the piece, pointed at, and what was done with it."""
    words = reading.words
    if not 3 <= len(words) <= MAX_ABOUT:
        return False
    pointed = any(
        this in ("هذا", "هذه") and (that.removeprefix("ال") in forms("page_nouns") or that == "الصفحه")
        for this, that in pairwise(words[:4])
    )
    return pointed and any(word.removeprefix("و") in forms("piece_words") for word in words)


def _credit(reading: _Reading, setting: Setting) -> str | None:
    """Sources of texts and pictures: an agency alone, or a head and a name."""
    bare = reading.plain.strip(" ()[].")
    parts = [part.strip() for part in re.split(r"[+،,/|]|\s-\s", bare)]
    bracketed = reading.bracketed
    own = [part in setting.names for part in map(phrase, parts)]
    signed = [part in _agencies() or ours for part, ours in zip(parts, own, strict=True)]
    if any(own) and len(parts) > 1 and len(reading.words) <= 5 and setting.alone and not setting.item:
        return "credit"  # «رواسي / البصرة»: the outlet, and where it reports from
    if len(reading.words) <= 6 and (all(signed) or (bracketed and any(signed))):
        return "credit" if (setting.alone and not setting.item) or (setting.last and bracketed) else None
    if (
        bracketed
        and len(reading.words) <= 5
        and any(" ".join(reading.words[:n]) in forms("page_credits") for n in (1, 2))
    ):
        return "credit"
    if setting.item or len(reading.words) > 12:
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


def _contributes(reading: _Reading) -> bool:
    """«أسهم في الإعداد: فلان»: who else worked on it."""
    first, *others = reading.words
    if first not in forms("contributions") or others[:1] != ["في"] or reading.plain.endswith("."):
        return False
    return len(others) > 1 and others[1].removeprefix("ال") in forms("page_credits")


def _is_work_of(reading: _Reading) -> bool:
    """«رسم الغلاف بريشة: فلان», «إعداد الجرافيك: القسم»: a kind of work, and whose it is."""
    head, colon, name = reading.plain.partition(":")
    words = head.split()
    work = words[:1] and words[0].removeprefix("ال") in forms("page_credits") and words[0] not in forms("page_nouns")
    return bool(work and colon) and len(words) <= 4 and 1 <= len(name.split()) <= 5 and not name.endswith((".", "؟"))


def _read_also(reading: _Reading, setting: Setting) -> str | None:
    """Ways to other stories."""
    if len(reading.words) > 30:
        return None
    linked = setting.linked > 0.4
    for size in range(min(4, len(reading.words)), 0, -1):
        head = " ".join(reading.words[:size])
        rest = reading.plain[len(head) :] if reading.plain.startswith(head) else " "
        leads = _LEADS.match(rest) is not None
        if head in forms("read_also") and (leads or (setting.alone and (linked or not reading.plain.endswith(".")))):
            return "read-also"
        nouns = all(word in forms("page_nouns") for word in reading.words[size:])
        if head in forms("read_more") and (linked or leads) and (setting.alone or rest.strip()):
            return "read-also"
        if head in forms("read_more") and size < len(reading.words) and nouns and setting.alone:
            return "read-also"
    if reading.bracketed and len(reading.words) <= 8 and _imperatively_reads(reading.words[0]):
        return "read-also"  # «(شاهد الفيديو أسفله)»
    return "read-also" if setting.alone and (_names_related(reading) or _points_there(reading)) else None


def _names_related(reading: _Reading) -> bool:
    """«مقالات قد تهمك»: pieces of the page's own, and that they belong together; at the beginning, before a colon."""
    head, colon, _ = reading.plain.partition(":")
    said = [token.text for token in tokens(head)]
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


def _imperatively_reads(word: str) -> bool:
    return word in ("شاهد", "شاهدوا", "انظر", "اقرا", "طالع", "راجع", "استمع", "تابع", "تابعوا")


def _points_there(reading: _Reading) -> bool:
    """«التفاصيل هنا»: a piece of the page's, and the place of a link."""
    words = reading.words
    named = any(w in forms("page_nouns") or w.removeprefix("ال") in forms("page_nouns") for w in words[:2])
    if 2 <= len(words) <= 7 and named and words[-1] in _THERE and not reading.plain.endswith("."):
        return True
    return (
        len(words) <= 10
        and words[-2:] == ("من", "هنا")
        and re.search(r"(?:\.\.|[:،])\s*من هنا\W*$", reading.plain) is not None
    )


def _balanced(text: str) -> bool:
    return text.count("«") == text.count("»") and text.count("“") == text.count("”") and text.count('"') % 2 == 0


@cache
def _beside_labels() -> frozenset[str]:
    return forms("page_nouns") | forms("prompt_platforms") | forms("prompt_prepositions")


@cache
def _agencies() -> frozenset[str]:
    return frozenset(fold_text(form).casefold() for form in load("agencies"))
