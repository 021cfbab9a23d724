"""Whether a text calls upon its reader: the grammar of sign-ups, channels, apps, comments and self-praise.

Many Arabic imperatives are written like a past tense («شارك» is "share!" and "he took part"), newsrooms write about
newsletters, and advice («احتفظ برقم الطوارئ في هاتفك») speaks to the reader as well. So a call is never one word: it
needs somebody who speaks to the reader (an imperative whose object is the page's or the reader's, an invitation, a
promise of delivery, «our channel» or the outlet's name on some network) and a thing of the newsroom's that it is about.
Signs are added up; what reports («قال», «بحسب») is news whatever else it says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, repeat

from pipelines.arabic import words as words_of
from pipelines.extract.clitics import CACHED, fold_word, is_platform, is_reader, phrases_in, possessed, unprefixed
from pipelines.extract.text import REMEMBERED, REMEMBERED_LENGTH, forms

#: Words after an imperative in which its object is looked for.
REACH = 5
#: Words of a text that praises its own channel without a call.
MAX_PROMOTION = 16
#: Words of «أخبار الساحل من الضفة على مدار الساعة».
SHORT_PROMOTION = 9

_CLAUSE = re.compile(r"[:.؟?!،,|…؛–—-]+\s+|\.{2,}|[«»“”\"]")
_ADDRESS = re.compile(r"https?://|www\.|@\w|\w@\w|\bt\.me/|\b\w+\.(?:com|net|org)\b")
_IN_ADDRESSES = ("://", "www.", "@", "t.me/", ".com", ".net", ".org")
#: A verb of ours: «ننتظر», «سنراسل».
_WE = re.compile(r"^[وفل]?س?ن\w{3,}$")
#: Where an imperative is another form: «وأكتب» is "and I write", as «أفتح الباب وأدخل» is; «لا أقرأ», «أن يكتب».
_I, _AND_I = re.compile("^و?أ"), re.compile(r"^وأ\w{2}")
_BEFORE_OTHER_FORMS = frozenset({"لا", "لم", "لن", "ان", "كي", "قد", "انا"})
_BEFORE_NOUNS = frozenset({"دون", "بدون", "من", "عدم", "بلا", "مع", "بعد", "قبل", "عند"})
_IMPERATIVE_ENDINGS = ("", "وا", "ي", "ونا", "نا", "وها", "ها", "وه", "لنا", "ولنا", "لينا")
#: A verb whose object is many readers: «ستوافيكم», «نطلعكم»; not «تراكم» and «يحاكم».
_DELIVERS = re.compile(r"^[وفل]?س?[نتي]\w{3,}(?<!را)(?<!حا)كم$")


@dataclass(frozen=True, slots=True)
class Signs:
    """What a text says to its reader.

    ``call`` is 0 (none), 1 (an imperative) or 2 (an imperative about the page, the newsroom or the reader). The others
    tell which kinds of words were seen: ``told`` that the text reports, ``offer`` that a channel on offer begins it.
    """

    words: int
    told: bool = False
    call: int = 0
    invitation: bool = False
    delivery: bool = False
    reader: int = 0
    ours: bool = False
    own_channel: bool = False
    channel: bool = False
    platform: bool = False
    services: int = 0
    page: bool = False
    to_you: bool = False
    address: bool = False
    outlet: bool = False
    offer: bool = False

    @property
    def itself(self) -> bool:
        """The newsroom speaks of itself."""
        return self.ours or self.own_channel or self.outlet

    @property
    def promotion(self) -> bool:
        """The newsroom names itself and where else it is to be found."""
        where = self.platform or (self.channel and (self.outlet or self.services > 0))
        on_and_on = self.outlet and self.services > 0 and self.words <= SHORT_PROMOTION
        return on_and_on or ((self.itself or self.offer) and where and self.words <= MAX_PROMOTION)

    @property
    def speaks(self) -> bool:
        """Something is said to the reader."""
        asks = self.call == 2 or (self.call == 1 and self.platform)
        return asks or self.invitation or self.delivery or self.promotion or (self.outlet and self.reader > 0)

    @property
    def about_us(self) -> bool:
        """It is about a thing of the newsroom's, or the reader's address."""
        named = self.channel or self.platform or self.own_channel or self.outlet or self.ours
        promised = self.delivery and (self.services > 0 or self.invitation)
        return named or self.page or self.to_you or self.address or promised or (self.call == 2 and self.services > 0)

    @property
    def addresses(self) -> bool:
        """Somebody speaks to the reader, or of the newsroom's own."""
        speaks = self.call or self.invitation or self.delivery or self.reader or self.offer
        return bool(speaks or self.itself)

    def weight(self) -> int:
        """Add the signs up; nothing for a text that lacks one of the two that every call has, or that reports."""
        if self.told or not (self.speaks and self.about_us):
            return 0
        asks = (0, 1, 3)[self.call] + 2 * self.invitation + 2 * self.delivery + min(self.reader, 2)
        offers = self.ours + self.own_channel + self.channel + 2 * self.platform + min(self.services, 2)
        points = self.page + 2 * self.address + self.outlet
        points += 2 * (self.promotion and self.words <= SHORT_PROMOTION) + (self.invitation and self.page)
        return asks + offers + points + (self.words <= SHORT_PROMOTION) - (self.words > 25) - (self.words > 35)


def read_signs(text: str, names: tuple[str, ...] = ()) -> Signs:
    """Read the signs of ``text``, which is without quotations. ``names`` are those of the outlet, folded.

    The last ones are remembered: the first sentence of a paragraph is read by itself, and again with what follows.
    """
    return _signs(text, names) if len(text) <= REMEMBERED_LENGTH else _signs.__wrapped__(text, names)


@lru_cache(REMEMBERED)
def _signs(text: str, names: tuple[str, ...]) -> Signs:
    written = [words_of(clause) for clause in _CLAUSE.split(text)]
    clauses = [[fold_word(word) for word in clause] for clause in written]
    words = [word for clause in clauses for word in clause]
    signs = [signs_of(word) for word in words]
    telling = [sign for sign in signs if sign is not _NO_SIGN]
    phrases = phrases_in(words)
    addressed = is_addressed(text)
    joined = f" {' '.join(words)} " if names else ""
    outlet = any(f" {name} " in joined for name in names)
    if not (telling or phrases or addressed or outlet):
        return Signs(words=len(words))  # as nearly all news
    services = len(phrases & forms("prompt_services"))
    channels = [sign.channel for sign in telling if sign.channel is not None]
    inbox = services > 0 and ("ك" in channels or "كم" in channels)
    to_you = any(sign.we and after.reader for sign, after in pairwise(signs))
    call = max(map(_call, clauses, written, repeat(names)), default=0)
    return Signs(
        words=len(words),
        told=any(map(_tells, clauses)),
        call=call,
        invitation=bool(phrases & forms("prompt_invitations")) or (addressed and _is_purpose(words)),
        delivery=to_you or inbox or any(s.delivers for s in telling) or bool(phrases & forms("prompt_deliveries")),
        reader=sum(sign.reader for sign in telling),
        ours=any(s.ours or (outlet and s.has_readers) for s in telling) or bool(phrases & forms("prompt_us")),
        own_channel="نا" in channels,
        channel=bool(channels),
        platform=any(sign.platform for sign in telling) or bool(phrases & forms("prompt_platforms")),
        services=services,
        to_you=to_you,
        page=bool(phrases & forms("prompt_page_objects")),
        address=addressed or (call == 2 and any(sign.your_address for sign in telling)),
        outlet=outlet,
        offer=bool(signs) and signs[0].channel is not None and services > 0,
    )


def is_addressed(text: str) -> bool:
    """Tell whether an address of the network stands in ``text``."""
    # Looking for what every address has one of is twenty times as fast, and most texts have none.
    return any(map(text.__contains__, _IN_ADDRESSES)) and _ADDRESS.search(text) is not None


@dataclass(frozen=True, slots=True)
class WordSigns:
    """What one folded word may be: ``channel`` is the possessive ending of a channel's noun, perhaps "".

    ``sure`` and ``ending`` are of an imperative, see :func:`_imperative`, perhaps after «و».
    """

    channel: str | None = None
    your_address: bool = False
    reader: bool = False
    we: bool = False
    delivers: bool = False
    ours: bool = False
    has_readers: bool = False
    platform: bool = False
    reports: bool = False
    sure: bool = False
    ending: str | None = None


_NO_SIGN = WordSigns()


@lru_cache(CACHED)
def signs_of(word: str) -> WordSigns:
    """Return the signs of a word; those of most words are :data:`_NO_SIGN` itself."""
    sure, ending = _imperative(word.removeprefix("و") if len(word) > 4 else word)
    newsroom = possessed(word, "prompt_newsroom")
    signs = WordSigns(
        channel=possessed(word, "prompt_channels"),
        your_address=possessed(word, "prompt_addresses") in ("ك", "كم"),
        reader=is_reader(word),
        we=_WE.match(word) is not None,
        delivers=_DELIVERS.match(word) is not None,
        # A newsroom noun with the ending «our», or an imperative with «us» as its object.
        ours=newsroom == "نا" or (word.endswith("نا") and _imperative(word)[1] in ("نا", "ونا")),
        has_readers=newsroom in ("ه", "ها"),  # «تزود مشتركيها»: an outlet that speaks of what is its own
        platform=is_platform(word),
        reports=bool(unprefixed(word) & forms("reporting_in_prompts")),
        sure=sure,
        ending=ending,
    )
    return _NO_SIGN if signs == _NO_SIGN else signs


def _tells(clause: Sequence[str]) -> bool:
    """Tell whether a clause reports; «دون ذكر اسمك» does not, nor does its last word."""
    return any(
        signs_of(word).reports and not (position and clause[position - 1] in _BEFORE_NOUNS)
        for position, word in enumerate(clause[:-1])
    )


def _call(words: Sequence[str], written: Sequence[str], names: Sequence[str]) -> int:
    """Return how surely a clause calls upon the reader; its words are given folded and as they are written.

    Later words count only where they are imperatives of many or no other form: «للمزيد تابعوا قناتنا».
    """
    found = 0
    for position, word in enumerate(words):
        signs = signs_of(word)
        sure, ending = signs.sure, signs.ending
        if ending is None:
            continue
        joins = word.startswith("و") and _imperative(words[0])[1] is not None  # «انضم إلينا واشترك»
        joins |= words[0].startswith("لل") and len(words[0]) > 5  # «للإبلاغ عن عطل أرسل رسالة»
        if position and not (sure or joins or ending in ("وا", "ونا")):
            continue
        other_form = position > 0 and words[position - 1] in _BEFORE_OTHER_FORMS
        us = ending in ("نا", "ونا")  # «وأبلغنا به»: nobody tells himself
        if other_form or (not us and _I.match(written[position]) and (position or any(map(_AND_I.match, written)))):
            continue
        after = words[position + 1 : position + 1 + REACH]
        if ending in ("ونا", "لنا", "ولنا", "لينا") or (ending == "نا" and sure) or (not after and not position):
            return 2
        sure = sure or (not position and ending == "وا")  # a past tense seldom begins a clause without its subject
        if _is_object(after, names, sure=sure):
            return 2
        has_subject = not sure and bool(after) and after[0].startswith("ال")
        found = max(found, int(position == 0 and not has_subject))
    return found


@lru_cache(CACHED)
def _imperative(word: str) -> tuple[bool, str | None]:
    """Return whether ``word`` can be nothing but an imperative, and its ending; ``None`` when it is none at all."""
    for ending in _IMPERATIVE_ENDINGS:
        stem = word.removesuffix(ending) if ending else word
        if ending and stem == word:
            continue
        if stem in forms("prompt_imperatives"):
            return True, ending
        if stem in forms("prompt_verbs"):
            return False, ending
    return False, None


def _is_object(after: Sequence[str], names: Sequence[str], *, sure: bool) -> bool:
    """Tell whether what follows an imperative is the page's, the newsroom's or the reader's, and not a subject."""
    if not after:
        return False
    if _is_ours(after[:2], names):
        return True
    if is_reader(after[0]) and len(after[0]) > len("اليكم"):
        return True
    if after[0] in forms("prompt_prepositions") or is_reader(after[0]):
        return _is_ours(after[1:4], names)
    if after[0].startswith(("ل", "ب")) and phrases_in(after) & forms("prompt_services"):
        return True
    if after[0].startswith("ال") and not sure:
        return False  # «تابع الرئيس»: a definite noun is the subject of a past tense
    for position, word in enumerate(after[1:], start=1):
        if word in forms("prompt_prepositions") and _is_ours(after[position + 1 : position + 3], names):
            return True
    return sure and _is_ours(after, names)


def _is_ours(words: Sequence[str], names: Sequence[str]) -> bool:
    """Tell whether ``words`` begin with a thing of the page's, the newsroom's or the reader's, or soon come to one."""
    joined = f"{' '.join(words)} "
    if any(f" {name} " in f" {joined}" for name in names):
        return True
    if phrases_in(words[:1]) & (forms("prompt_page_objects") | forms("prompt_us")):
        return True
    if phrases_in(words[:2]) & (forms("prompt_page_objects") | forms("prompt_services")):
        return True
    return any(map(is_reader, words)) or any(
        possessed(word, "prompt_channels") is not None
        or possessed(word, "prompt_newsroom") == "نا"
        or is_platform(word)
        for word in words
    )


def _is_purpose(words: Sequence[str]) -> bool:
    """«لإرسال ملاحظة …»: what an address is there for."""
    return bool(words) and words[0].startswith("ل") and len(words[0]) >= 5
