"""What a phrase tells about whom it names: the name, the words to know him by, the role, and where that stands."""

from __future__ import annotations

from functools import cache

from pipelines.arabic import fold_text
from pipelines.lexicons import load
from pipelines.model import Span, SpeakerType
from pipelines.quotes.genders import name_gender
from pipelines.quotes.kinds import Kind
from pipelines.quotes.members import Member, clean, singular, unglued
from pipelines.quotes.phrases import Mention, is_indefinite, nominative
from pipelines.quotes.reading import inner_words
from pipelines.quotes.tokens import Reading
from pipelines.quotes.words import NO_WORD, Word

#: So many words in brackets after a name are no abbreviation of it.
MIN_ASIDE = 3
#: Heads of sources without a name that the article may call back: «مصادر أمنية» … «المصادر».
SOURCES = ("مصدر", "مصادر", "اوساط", "شهود")
CORRESPONDENTS = ("مراسل", "موفد", "مندوب")


def is_credible(reading: Reading, mention: Mention) -> bool:
    """Whether a phrase met outside any report names somebody for sure enough to be remembered."""
    if mention.head.startswith(CORRESPONDENTS) and mention.last > mention.first + 1:
        return True
    if mention.type is SpeakerType.UNNAMED:
        return mention.head.startswith(SOURCES) and not mention.definite and mention.last > mention.first + 1
    if mention.type is not SpeakerType.PERSON:
        return mention.last - mention.first > 1
    if mention.name is None:
        head = reading.tokens[mention.first].lexeme
        return mention.definite and not head.definite and not head.preposition and mention.last > mention.first + 1
    words = [t.lexeme for t in reading.tokens[mention.name.start : mention.name.end]]
    given = any(word.kind & Kind.GIVEN_NAME for word in words)
    return len(words) >= 2 and (given or mention.role is not None)


def described(reading: Reading, mention: Mention, issuer: str | None = None) -> Member:
    """Return whom ``mention`` names as somebody new, with all that it tells; ``issuer`` is whose document it is."""
    name, keys = _name(reading, mention, issuer)
    return Member(
        name=name,
        type=mention.type,
        head=mention.head,
        keys=keys,
        role=_role(reading, mention),
        role_keys=role_keys(reading, mention),
        role_heads=role_heads(reading, mention),
        mention=span_of(reading, mention),
        gender=(name_gender(keys) if mention.name else "") or mention.gender,
        plural=mention.plural,
        named=mention.type is not SpeakerType.PERSON or mention.name is not None,
        indefinite=mention.type is SpeakerType.ORGANISATION and is_indefinite(reading, mention),
    )


def learn(reading: Reading, member: Member, mention: Mention) -> None:
    """Take over a fuller name and a role that was not known."""
    if mention.name is None:
        return
    keys = name_keys(reading, mention.name, mention.glued)
    if len(keys) > len(member.keys):
        member.name, member.keys = _printed(reading, mention.name, mention.glued), keys
    if mention.role:
        member.role = member.role or _role(reading, mention)
        member.role_keys |= role_keys(reading, mention)
        member.role_heads |= role_heads(reading, mention)


def span_of(reading: Reading, mention: Mention) -> Span:
    """Return where ``mention`` stands in the text, without a preposition glued to it."""
    start = reading.tokens[mention.first].start + _is_glued(reading, mention.first, mention.glued)
    return Span(start, reading.tokens[mention.last - 1].end)


def name_keys(reading: Reading, span: Span, glued: bool = False) -> tuple[str, ...]:
    """Return the words of a personal name by which it is known again."""
    words = [t.lexeme.text for t in reading.tokens[span.start : span.end] if t.word]
    if words and _is_glued(reading, span.start, glued):
        words[0] = unglued(words[0])
    joined: list[str] = []
    for word in words:
        if joined and (joined[-1] == "عبد" or word in ("الله", "الدين")):
            joined[-1] += word  # عبد الله and عبدالله are one name, نصر الدين and نصرالدين another
        else:
            joined.append(word)
    return tuple(joined)


def body_keys(reading: Reading, mention: Mention) -> tuple[str, ...]:
    """Return the words, without article, by which a body, medium, document or source is known again."""
    tokens = reading.tokens[mention.first : mention.last]
    return tuple([t.lexeme.base.removeprefix("ال") for t in tokens if t.word])


def role_heads(reading: Reading, mention: Mention) -> frozenset[str]:
    """Return the words that say what somebody is, and not whose: «نائب رئيس الوزراء ووزير العدل» is نائب and وزير."""
    heads: set[str] = set()
    for span in (mention.role, mention.role_after):
        if span is None:
            continue
        before = NO_WORD
        for token in reading.tokens[span.start : span.end]:
            word = token.lexeme
            closed = not before.text or before.definite or before.kind & (Kind.PLACE | Kind.ROLE_ADJECTIVE)
            closed = closed or _is_courtesy(before)
            if word.kind & (Kind.TITLE | Kind.HONORIFIC) and (closed or word.conjunction):
                heads.add(singular(_bare(word)))
            before = word
    return frozenset(heads)


def role_keys(reading: Reading, mention: Mention) -> frozenset[str]:
    """Return the words of a role, in the singular and without article and pronoun."""
    if mention.role is None:
        return frozenset()
    tokens = reading.tokens[mention.role.start : mention.role.end]
    if mention.role_after is not None:
        tokens += reading.tokens[mention.role_after.start : mention.role_after.end]
    words = [t.lexeme for t in tokens if t.word and not t.lexeme.kind & Kind.ANAPHOR]
    while len(words) > 1 and _is_courtesy(words[0]) and not words[0].definite:
        del words[0]  # «معالي الوزير»
    for token in tokens:
        if token.marked is not None:
            words += inner_words(reading.text, token.marked.inner)  # «قائد «مجلس المدينة»»
    return frozenset(singular(_bare(word)) for word in words)


def _name(reading: Reading, mention: Mention, issuer: str | None) -> tuple[str, tuple[str, ...]]:
    """Return the name as printed, and the words to know it by."""
    tokens = reading.tokens
    if mention.type is SpeakerType.PERSON and mention.name:
        return _printed(reading, mention.name, mention.glued), name_keys(reading, mention.name, mention.glued)
    keys = body_keys(reading, mention)
    if mention.marked_name is not None and mention.type is not SpeakerType.DOCUMENT:
        name = clean(mention.marked_name.of(reading.text))
        return name, (*fold_text(name).split(), *keys)
    if mention.issuer is not None and mention.type is SpeakerType.DOCUMENT:
        head = reading.text[tokens[mention.first].start : tokens[mention.first].end]
        head = unglued(head) if _is_glued(reading, mention.first, mention.glued) else head
        issuer = issuer or _printed(reading, Span(mention.issuer.first, mention.issuer.last))
        return f"{clean(head).removeprefix('ال')} {issuer}", keys
    # Of a document that nobody is said to have issued the kind is all there is: «دراسة حديثة».
    last = mention.first + 1 if _is_of_nobody(reading, mention) else mention.name.end if mention.name else mention.last
    name = _printed(reading, Span(mention.first, last), mention.glued)
    return nominative(name) if name and mention.type in (SpeakerType.PERSON, SpeakerType.UNNAMED) else name, keys


def _is_of_nobody(reading: Reading, mention: Mention) -> bool:
    """Whether a document is only «a recent study», «a report of 38 pages»."""
    if mention.type is not SpeakerType.DOCUMENT or mention.definite or mention.issuer is not None:
        return False
    others = [t.lexeme for t in reading.tokens[mention.first + 1 : mention.last]]
    return bool(others) and (others[0].base == "من" or all(word.kind & Kind.ROLE_ADJECTIVE for word in others))


def _role(reading: Reading, mention: Mention) -> str | None:
    """Return the role as printed: what stands before the name, or after it when only a courtesy title is before."""
    before, after = mention.role, mention.role_after
    if before is not None and after is not None:
        words = [t.lexeme for t in reading.tokens[before.start : before.end] if t.word]
        before = after if all(word.kind & Kind.HONORIFIC for word in words) else before
    role = before or after
    if role is None:
        return None
    last = role.end
    while last > role.start + 1 and _is_courtesy(reading.tokens[last - 1].lexeme):
        last -= 1  # «مدير المستشفى الدكتور فلان»
    printed = _printed(reading, Span(role.start, last))
    return nominative(printed) if printed and mention.name is None else printed


def _is_courtesy(word: Word) -> bool:
    return word.has(Kind.HONORIFIC) and not word.has(Kind.TITLE)


def _printed(reading: Reading, span: Span, glued: bool = False) -> str:
    """Return tokens as they are printed, without a preposition glued to the first."""
    tokens, end = reading.tokens, span.end
    while end > span.start + 1 and tokens[end - 1].aside and not tokens[span.start].aside:
        end -= 1
    if sum(token.word is not None for token in tokens[end : span.end]) < MIN_ASIDE:
        end = span.end  # an abbreviation is of the name; «مشرفة تربوية (تحتفظ الصحيفة باسمها)» is not
    text = clean(reading.text[tokens[span.start].start : tokens[end - 1].end])
    return unglued(text) if _is_glued(reading, span.start, glued) else text


def _is_glued(reading: Reading, at: int, glued: bool) -> bool:
    """Whether a particle is the first letter of token ``at``: as a source phrase told, or by the word itself."""
    word = reading.tokens[at].lexeme
    return glued or word.preposition in ("ل", "ب") or (word.conjunction == "و" and word.known)


def _bare(word: Word) -> str:
    """Return a word of a role without article and pronoun: محاميه is محامي."""
    base = word.base.removeprefix("ال")
    return base.removesuffix("ها").removesuffix("هم").removesuffix("ه") if word.possessed else base


def leading_role(reading: Reading, mention: Mention) -> str | None:
    """Return what somebody is who is named after «برئاسة»: رئيس."""
    before = reading.tokens[mention.first - 1].lexeme if mention.first else NO_WORD
    return _leaders().get(before.base) if before.preposition == "ب" else None


@cache
def _leaders() -> dict[str, str]:
    """Return the role of who leads by the verbal noun: رئاسة, رئيس."""
    return dict(fold_text(pair).split() for pair in load("led_by"))


def second_names(reading: Reading) -> dict[str, int]:
    """Return where each word that recurs first stands right after a word that may be a first name."""
    found: dict[str, int] = {}
    counts = reading.counts
    before: Word | None = None
    for at, token in enumerate(reading.tokens):
        word = token.word
        if word is not None and before is not None and counts[word.text] > 1 and word.text not in found:
            plain = not before.known or (before.kind & Kind.GIVEN_NAME and before.cue is None)
            apart = before.definite or before.preposition or before.conjunction or before.possessed
            if plain and not apart and before.text.isalpha():
                found[word.text] = at
        before = word
    return found
