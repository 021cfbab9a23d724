"""What a phrase tells about whom it names: the name, the words to know him by, the role, and where that stands."""

from __future__ import annotations

from functools import cache

from pipelines.arabic import fold_text
from pipelines.lexicons import load
from pipelines.model import Span
from pipelines.quotes.genders import name_gender
from pipelines.quotes.kinds import Kind
from pipelines.quotes.members import Member, clean, singular, unglued
from pipelines.quotes.phrases import Mention, is_indefinite, nominative
from pipelines.quotes.reading import inner_words
from pipelines.quotes.speaker_types import DOCUMENT, ORGANISATION, PERSON, UNNAMED
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
    if mention.type is UNNAMED:
        return mention.head.startswith(SOURCES) and not mention.definite and mention.last > mention.first + 1
    if mention.type is not PERSON:
        return mention.last - mention.first > 1
    if mention.name is None:
        head = reading.tokens[mention.first].lexeme
        return mention.definite and not head.definite and not head.preposition and mention.last > mention.first + 1
    words = [t.lexeme for t in reading.tokens[mention.name.start : mention.name.end]]
    given = any(word.kind & Kind.GIVEN_NAME for word in words)
    return len(words) >= 2 and (given or mention.role is not None)


def described(reading: Reading, mention: Mention, issuer: str | None = None) -> Member:
    """Return whom ``mention`` names as somebody new, with all that it tells; ``issuer`` is whose document it is."""
    told = mention.role is not None or mention.role_after is not None
    keys = _keys(reading, mention)
    return Member(
        tell_name=lambda: _name(reading, mention, issuer),
        tell_role=(lambda: _role(reading, mention)) if told else None,
        tell_mention=lambda: span_of(reading, mention),
        type=mention.type,
        head=mention.head,
        keys=keys,
        role_keys=role_keys(reading, mention),
        role_heads=role_heads(reading, mention),
        gender=(name_gender(keys) if mention.name else "") or mention.gender,
        plural=mention.plural,
        named=mention.type is not PERSON or mention.name is not None,
        indefinite=mention.type is ORGANISATION and is_indefinite(reading, mention),
    )


def learn(reading: Reading, member: Member, mention: Mention) -> None:
    """Take over a fuller name and a role that was not known."""
    name = mention.name
    if name is None:
        return
    keys = keys_of(reading, mention)
    if len(keys) > len(member.keys):
        member.rename(lambda: _printed(reading, name, mention.glued), keys)
    if mention.role:
        member.tell_role = member.tell_role or (lambda: _role(reading, mention))
        member.role_keys |= role_keys(reading, mention)
        member.role_heads |= role_heads(reading, mention)


def span_of(reading: Reading, mention: Mention) -> Span:
    """Return where ``mention`` stands in the text, without a preposition glued to it."""
    start = reading.tokens[mention.first].start + _is_glued(reading, mention.first, mention.glued)
    return Span(start, reading.tokens[mention.last - 1].end)


def keys_of(reading: Reading, mention: Mention) -> tuple[str, ...]:
    """Return the words by which whom ``mention`` names is known again: of a name, or of a phrase without articles."""
    if mention.keys is None:
        if mention.type is PERSON and mention.name:
            mention.keys = _name_keys(reading, mention.name, mention.glued)
        else:
            words = [t.lexeme for t in reading.tokens[mention.first : mention.last] if t.word]
            mention.keys = tuple([word.base.removeprefix("ال") for word in words])
    return mention.keys


def _name_keys(reading: Reading, span: Span, glued: bool) -> tuple[str, ...]:
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


def role_heads(reading: Reading, mention: Mention) -> frozenset[str]:
    """Return the words that say what somebody is, and not whose: «نائب رئيس الوزراء ووزير العدل» is نائب and وزير."""
    if mention.role_heads is None:
        mention.role_heads = _role_heads(reading, mention)
    return mention.role_heads


def _role_heads(reading: Reading, mention: Mention) -> frozenset[str]:
    heads: set[str] = set()
    for span in filter(None, (mention.role, mention.role_after)):
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
    if mention.role_keys is None:
        mention.role_keys = _role_keys(reading, mention)
    return mention.role_keys


def _role_keys(reading: Reading, mention: Mention) -> frozenset[str]:
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


def _keys(reading: Reading, mention: Mention) -> tuple[str, ...]:
    """Return the words to know somebody new by: with those of a name in marks."""
    keys = keys_of(reading, mention)
    if mention.marked_name is None or mention.type is DOCUMENT or (mention.type is PERSON and mention.name):
        return keys
    return (*fold_text(clean(mention.marked_name.of(reading.text))).split(), *keys)


def _name(reading: Reading, mention: Mention, issuer: str | None) -> str:
    """Return the name as printed."""
    tokens = reading.tokens
    if mention.type is PERSON and mention.name:
        return _printed(reading, mention.name, mention.glued)
    if mention.marked_name is not None and mention.type is not DOCUMENT:
        return clean(mention.marked_name.of(reading.text))
    if mention.issuer is not None and mention.type is DOCUMENT:
        head = reading.text[tokens[mention.first].start : tokens[mention.first].end]
        head = unglued(head) if _is_glued(reading, mention.first, mention.glued) else head
        issuer = issuer or _printed(reading, Span(mention.issuer.first, mention.issuer.last))
        return f"{clean(head).removeprefix('ال')} {issuer}"
    # Of a document that nobody is said to have issued the kind is all there is: «دراسة حديثة».
    last = mention.first + 1 if _is_of_nobody(reading, mention) else mention.name.end if mention.name else mention.last
    name = _printed(reading, Span(mention.first, last), mention.glued)
    return nominative(name) if name and mention.type in (PERSON, UNNAMED) else name


def _is_of_nobody(reading: Reading, mention: Mention) -> bool:
    """Whether a document is only «a recent study», «a report of 38 pages»."""
    if mention.type is not DOCUMENT or mention.definite or mention.issuer is not None:
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
    tokens, counts = reading.tokens, reading.counts
    for at in [at for at, token in enumerate(tokens) if at and counts.get(token.lexeme.text, 0) > 1]:
        text, before = tokens[at].lexeme.text, tokens[at - 1].lexeme
        if text not in found:
            plain = not before.known or (before.kind & Kind.GIVEN_NAME and before.cue is None)
            apart = before.definite or before.preposition or before.conjunction or before.possessed
            if plain and not apart and before.text.isalpha():
                found[text] = at
    return found
