"""What source phrases report: the clause they stand in, before or after them, or the marked words beside them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from pipelines.arabic import fold_text
from pipelines.lexicons import load
from pipelines.model import QuoteKind, Span
from pipelines.quotes.clauses import clause_end
from pipelines.quotes.found import Found, Report
from pipelines.quotes.kinds import Kind
from pipelines.quotes.mentions import parse_mention
from pipelines.quotes.phrases import Mention
from pipelines.quotes.reports import direct_report
from pipelines.quotes.sources import glues_its_source, names_nobody, source_phrase_end
from pipelines.quotes.speaker_types import DOCUMENT, PERSON
from pipelines.quotes.speech import MIN_FRAGMENT, is_named
from pipelines.quotes.subjects import relay_origin
from pipelines.quotes.tokens import Reading, Shape
from pipelines.quotes.words import NO_WORD

#: A source phrase is not longer, in tokens.
MAX_SOURCE = 40
#: To whom something was said is told in so many tokens.
MAX_ADDRESSEE = 16
#: A clause that a source phrase attributes is not longer, in tokens.
MAX_HOST = 120
#: With one of these before «ذلك» or «هذا» a sentence tells where something was said.
_CAME = frozenset(("جاء", "ياتي", "جاءت", "تاتي"))


@dataclass(frozen=True, slots=True)
class Source:
    """A source phrase at tokens ``[first, last)`` and who it names (``None``: by a pronoun, على حد قوله)."""

    first: int
    last: int
    mention: Mention | None


def find_sourced(reading: Reading, found: Found) -> None:
    """Add what source phrases report: the clause they stand in, or the marked words beside them."""
    tokens = reading.tokens
    for at in [at for at in reading.notable if tokens[at].lexeme.kind & Kind.SOURCE and not tokens[at].aside]:
        source = _source(reading, at)
        if source:
            _attach(reading, source, found)


def _source(reading: Reading, at: int) -> Source | None:
    nobody = names_nobody(reading, at)
    if nobody is not None:
        return Source(at, nobody, None)
    first = source_phrase_end(reading, at)
    if first is None or first >= len(reading.tokens):
        return None
    mention = parse_mention(reading, first, min(reading.sentence_of(at).end, first + MAX_SOURCE))
    if mention is None or not _can_tell(reading, mention):
        return None
    if mention.type is DOCUMENT and reading.tokens[first - 1].lexeme.base == "ذمه":
        return None  # «على ذمة التحقيق» is custody
    relayed = mention.last < len(reading.tokens) and reading.tokens[mention.last].lexeme.text == "عن"
    origin = relay_origin(reading, mention.last, reading.sentence_of(at).end) if relayed else None
    if origin is not None:
        return Source(at, origin.last, origin)
    glued = reading.tokens[first].lexeme.text.startswith("ل") and glues_its_source(reading, at)
    return Source(at, mention.last, replace(mention, glued=glued))


def _can_tell(reading: Reading, mention: Mention) -> bool:
    """Whether somebody or something is named that can say things: not «وفقا للقانون», «حسب الحاجة»."""
    word = reading.tokens[mention.first].lexeme
    if mention.type is PERSON:
        return (
            (word.definite and reading.counts[word.text] > 1)
            or word.text in reading.names
            or mention.role is not None
            or word.has(Kind.GIVEN_NAME)
            or _named_elsewhere(reading, mention)
        )
    counted = reading.tokens[mention.first + 1].lexeme if mention.last > mention.first + 1 else word
    return not word.kind & Kind.RULE and not (
        word.base in _numerals() and not counted.kind & (Kind.TITLE | Kind.UNNAMED)
    )


@cache
def _numerals() -> frozenset[str]:
    return frozenset(fold_text(word) for word in load("numerals"))


def _named_elsewhere(reading: Reading, mention: Mention) -> bool:
    """Whether a bare name is one the article has used before: so «وفقا لرسول», not «وفقا لمعايير»."""
    names = {reading.tokens[at].lexeme.text for at in range(mention.first, mention.last) if reading.tokens[at].word}
    bare = {"ال" + name[2:] if name.startswith("لل") else name[1:] for name in names if name.startswith("ل")}
    return any(reading.counts[name] > 1 for name in names) or any(reading.counts[name] for name in bare)


def _attach(reading: Reading, source: Source, found: Found) -> None:
    tokens, sentence = reading.tokens, reading.sentence_of(source.first)
    before = source.first
    while before > sentence.start and tokens[before - 1].shape in (Shape.COMMA, Shape.OTHER):
        before -= 1
    cue_span = Span(tokens[source.first].start, tokens[max(source.first, _cue_end(source) - 1)].end)
    base = Report(QuoteKind.INDIRECT, cue_span, source.first, None, cue_span, source.mention, "source-after")
    floor = max(sentence.start, before - MAX_HOST)
    comma = max([floor, *(j + 1 for j in range(floor, before) if tokens[j].shape is Shape.COMMA)])
    opens = all(t.lexeme.kind & (Kind.CLAUSE_OPENER | Kind.LEAD) for t in tokens[comma:before])
    if opens and (comma == sentence.start or (comma < before and before == source.first)):
        _after_source(reading, source, replace(base, rule="source-first"), found)
    elif tokens[before - 1].shape is Shape.MARKED and before - 1 in found.used:
        return  # it has a speaker; this is who relays
    else:
        _before_source(reading, source, before, base, found)


def _cue_end(source: Source) -> int:
    return source.mention.first if source.mention else source.last


def _after_source(reading: Reading, source: Source, base: Report, found: Found) -> None:
    """«وبحسب X، (فإن) …»: what follows in the sentence."""
    tokens, end = reading.tokens, reading.sentence_of(source.first).end
    start = _past_addressee(reading, source.last, end)
    while start < end and (
        tokens[start].shape in (Shape.COMMA, Shape.COLON)
        or tokens[start].lexeme.complementizer is not None
        or tokens[start].lexeme.base in ("قد", "فقد")
    ):
        start += 1
    if source.mention is None or start >= end or (tokens[start].word is None and tokens[start].marked is None):
        return
    end = clause_end(reading, start, end)
    _add_clause(reading, start, end, base, found)


def _past_addressee(reading: Reading, at: int, end: int) -> int:
    """Return where to whom or where it was said ends: «وبحسب ما صرح به فلان لصحيفة «…»، فإن …»."""
    tokens = reading.tokens
    word = tokens[at].lexeme if at < end else NO_WORD
    if word.preposition != "ل" and not word.kind & Kind.NAME_PREPOSITION:
        return at
    for comma in range(at, min(end - 1, at + MAX_ADDRESSEE)):
        if tokens[comma].shape is Shape.COMMA:
            following = tokens[comma + 1].lexeme
            return comma if following.conjunction == "ف" else at
    return at


def _before_source(reading: Reading, source: Source, before: int, base: Report, found: Found) -> None:
    """«…، بحسب X» and «…، بحسب X، …»: the clause around the source phrase."""
    tokens, sentence = reading.tokens, reading.sentence_of(source.first)
    start = max(sentence.start, before - MAX_HOST)
    for report in found.near(tokens[source.first].start):
        if tokens[start].start < report.span.end <= tokens[source.first].start:
            start = next(j for j in range(start, source.first + 1) if tokens[j].start >= report.span.end)
    start = max([start, *(j + 1 for j in range(start + 1, before) if _opens_host(reading, j))])
    while start < before and (
        (tokens[start].shape is not Shape.WORD and tokens[start].shape is not Shape.MARKED)
        or tokens[start].lexeme.kind & Kind.CIRCUMSTANCE
    ):
        start += 1
    if source.mention is None and start > sentence.start:
        return
    goes_on = source.last < sentence.end and (
        (tokens[source.last].shape is Shape.WORD and not _describes_source(reading, source.last))
        or (tokens[source.last].shape is Shape.COMMA and _resumes(reading, source.last + 1, sentence.end))
    )
    end = clause_end(reading, source.last, sentence.end) if goes_on else before
    _add_clause(reading, start, end, base, found)


def _opens_host(reading: Reading, at: int) -> bool:
    return reading.tokens[at].lexeme.has(Kind.HOST_OPENER) and reading.tokens[at - 1].shape is Shape.COMMA


def _describes_source(reading: Reading, at: int) -> bool:
    """Whether the words after a source go on about it: «بحسب مسؤول أكد …», «بحسب تقرير الذي …»."""
    word = reading.tokens[at].lexeme
    return word.cue is not None or word.has(Kind.RELATIVE | Kind.NAME_PREPOSITION | Kind.TIME)


def _resumes(reading: Reading, at: int, end: int) -> bool:
    """Whether the host clause goes on after the comma that closes a source phrase."""
    if at >= end:
        return False
    word = reading.tokens[at].lexeme
    links = word.kind & (Kind.LEAD | Kind.FUNCTION) and not word.kind & Kind.NAME_PREPOSITION
    return bool(word.text) and not word.conjunction and not links and word.cue is None


def _add_clause(reading: Reading, start: int, end: int, base: Report, found: Found) -> None:
    tokens = reading.tokens
    if end <= start or tokens[start].lexeme.kind & Kind.IMPERSONAL:
        return
    first, before = tokens[start].lexeme, tokens[start - 1].lexeme if start else NO_WORD
    if first.kind & Kind.DEMONSTRATIVE and before.base in _CAME:
        return  # «جاء ذلك في رسالة نشرها فلان، بحسب …»: where it was said, and not what
    # A preposition or conjunction that only links the clause is not part of what was said.
    joined = first.conjunction or (not first.known and first.text[:2] in ("وي", "وت", "وا", "ون"))
    begin = tokens[start].start + (1 if joined else 0)
    span = Span(begin, tokens[end - 1].end)
    if any(r.subject is not None and _overlap(r.span, span) for r in found.near(span.end)):
        return
    marked = [j for j in range(start, end) if tokens[j].shape is Shape.MARKED and j not in found.used]
    said = [j for j in marked if tokens[j].words >= MIN_FRAGMENT - 1 and not is_named(reading, j)]
    for j in said:
        found.used.add(j)
        found.add(direct_report(reading, j, base))
    unmarked = sum(t.shape is Shape.WORD for t in tokens[start:end])
    if unmarked >= MIN_FRAGMENT:
        found.used.update(marked)
        found.add(base.of(base.kind, span))


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
