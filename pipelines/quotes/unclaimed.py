"""Marked words that no verb and no source phrase has taken: speech by the signs around them, or names and terms."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from operator import attrgetter

from pipelines.model import QuoteKind, Span
from pipelines.quotes.clauses import clause_end
from pipelines.quotes.complements import cue_at
from pipelines.quotes.found import Found, Report
from pipelines.quotes.kinds import Kind
from pipelines.quotes.mentions import parse_mention
from pipelines.quotes.phrases import Mention
from pipelines.quotes.reports import direct_report
from pipelines.quotes.sentence_subjects import sentence_subject
from pipelines.quotes.speaker_types import PERSON
from pipelines.quotes.speech import MIN_FRAGMENT, MIN_SPEECH, is_named
from pipelines.quotes.subjects import is_state, subject_after
from pipelines.quotes.tokens import WHAT, Reading, Shape, Token
from pipelines.quotes.words import NO_WORD

#: Signs of a speaker are looked for so many tokens back.
MAX_BACK = 120
#: A subject after its verb is not longer, in tokens.
MAX_SUBJECT = 40
#: Somebody who spoke before is called by so many words at most.
MAX_CALLED = 4
#: Without any sign of a speaker in its sentence, only so many marked words are taken for speech.
MIN_UNSIGNED = 8


@dataclass(frozen=True, slots=True)
class _Place:
    """Where marked words stand: token ``at``, in the sentence of tokens ``[start, end)``."""

    reading: Reading
    found: Found
    at: int
    start: int
    end: int

    @property
    def tokens(self) -> tuple[Token, ...]:
        return self.reading.tokens

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def report(self, rule: str) -> Report:
        inner = self.token.marked.inner if self.token.marked else self.token.span
        return Report(QuoteKind.DIRECT, inner, self.at, None, None, None, rule)


def find_unclaimed(reading: Reading, found: Found) -> None:
    """Add marked words that no cue and no source phrase has taken, if they are speech and not names."""
    for at in reading.marked:
        token = reading.tokens[at]
        if at in found.used or token.aside:
            continue
        if token.words < MIN_FRAGMENT or is_named(reading, at) or _is_bracketed(reading, token):
            continue
        sentence = reading.sentence_of(at)
        report = _claim(_Place(reading, found, at, sentence.start, sentence.end))
        if report is not None:
            found.used.add(at)
            found.add(direct_report(reading, at, report))


def _is_bracketed(reading: Reading, token: Token) -> bool:
    """Whether the marks are round brackets, which without a verb of saying list or explain: «المدارس التالية: (…)»."""
    return reading.text[token.start] == "(" and not reading.text.startswith("((", token.start)


def find_told_after(reading: Reading, found: Found) -> None:
    """Give marked words to whom the next sentence tells them, whoever they were taken for: «…». هذا ما قاله فلان."""
    for at, report in enumerate(found.reports):
        if report.kind is not QuoteKind.DIRECT:
            continue
        subject = _told_by(reading, report.span.end, taken=report.subject is not None)
        if subject is not None:
            found.reports[at] = replace(report, subject=subject, rule="verb-after", unattributed=False)


def _told_by(reading: Reading, end: int, *, taken: bool = False) -> Mention | None:
    """Return who is the subject of «هذا ما قاله فلان» right after the offset ``end``.

    When the words are ``taken`` by somebody else, «هذا ما أكده فلان» only tells who agrees with him.
    """
    tokens = reading.tokens
    after = bisect_right(tokens, end, key=attrgetter("start"))
    while after < len(tokens) and tokens[after].word is None and tokens[after].marked is None:
        after += 1
    if after + 3 >= len(tokens):
        return None
    pointing, what, verb = (token.lexeme for token in tokens[after : after + 3])
    if not pointing.kind & Kind.DEMONSTRATIVE or what.text not in WHAT or verb.cue is None:
        return None
    if taken and verb.cue.verb != "قال":
        return None
    return subject_after(reading, after + 3, reading.sentence_of(after).end, bounded=False)


def find_labelled(reading: Reading, found: Found) -> None:
    """Add paragraphs that begin with a known name as a label: «فلان: لن ننتظر أحداً», as headlines do."""
    tokens = reading.tokens
    for index, sentence in enumerate(reading.sentences):
        opens = index == 0 or tokens[sentence.start - 1].paragraph != tokens[sentence.start].paragraph
        opening = tokens[sentence.start].lexeme
        if not opens or not (opening.text in reading.names or opening.kind & Kind.HONORIFIC):
            continue
        subject = parse_mention(reading, sentence.start, sentence.end)
        if subject is None or subject.last + MIN_SPEECH > sentence.end or subject.type is not PERSON:
            continue
        if subject.name is None or tokens[subject.name.end - 1].lexeme.text not in reading.names:
            continue
        colon, first = subject.last, subject.last + 1
        if tokens[colon].shape is not Shape.COLON or tokens[first].shape is not Shape.WORD:
            continue
        span = Span(tokens[first].start, tokens[clause_end(reading, first, sentence.end) - 1].end)
        if not any(report.span.end > span.start for report in found.near(span.end)):
            found.add(Report(QuoteKind.INDIRECT, span, sentence.start, None, None, subject, "label"))


def _claim(place: _Place) -> Report | None:
    for sign in (
        _cue_follows,
        _pointed_at,
        _label_before,
        _told_after,
        _same_breath,
        _name_before,
        _cue_before,
        _told,
        _alone,
        _name_follows,
    ):
        report = sign(place)
        if report is not None:
            return report
    if place.token.words < MIN_UNSIGNED:
        return None
    return _acting(place) or replace(place.report("marks-only"), unattributed=True)


def _acting(place: _Place) -> Report | None:
    """«ووجّه فلان قواته إلى «…»»: whoever the sentence is about, if the article names him."""
    subject = sentence_subject(place.reading, Span(place.start, place.at), place.at)
    if subject is None or subject.type is not PERSON or subject.name is None:
        return None
    last = place.tokens[subject.name.end - 1].lexeme
    return replace(place.report("subject-marks"), subject=subject) if last.text in place.reading.names else None


def _cue_follows(place: _Place) -> Report | None:
    """«…»، قال X."""
    tokens = place.tokens
    first = place.at + 1
    links = Kind.LEAD | Kind.CLAUSE_OPENER | Kind.FUNCTION
    while first < place.end and (tokens[first].shape is Shape.COMMA or tokens[first].lexeme.kind & links):
        first += 1
    cue = cue_at(place.reading, first) if first < place.end else None
    if cue is None or not cue.finite or tokens[first].lexeme.conjunction:
        return None
    subject = subject_after(place.reading, first + 1, min(place.end, first + MAX_SUBJECT))
    after = first + 1
    goes_on = after < place.end and tokens[after].shape is Shape.WORD and not is_state(place.reading, after, place.end)
    if subject is None and goes_on:
        return None
    return replace(place.report("verb-after"), at=first, cue=cue, cue_span=tokens[first].span, subject=subject)


def _pointed_at(place: _Place) -> Report | None:
    """«…»، بهذه الكلمات استقبل X …: whatever the verb is, its subject said them."""
    tokens, first = place.tokens, place.at + 1
    while first < place.end and tokens[first].word is None:
        first += 1
    if first >= place.end or not tokens[first].lexeme.kind & Kind.POINTING:
        return None
    verb = first + (2 if tokens[first].lexeme.text.startswith("ب") else 1)
    subject = subject_after(place.reading, verb + 1, min(place.end, verb + MAX_SUBJECT), bounded=False)
    return replace(place.report("verb-after"), at=first, subject=subject) if subject else None


def _label_before(place: _Place) -> Report | None:
    """«فلان: «…»», a name as a label."""
    colon = place.at - 1
    opening = place.tokens[place.start].lexeme
    alone = place.at == place.start + 1 or (colon == place.start + 1 and place.tokens[colon].shape is Shape.COLON)
    said = place.token.words >= MIN_SPEECH or place.at > place.start + 1
    if alone and said and not opening.known and opening.text[:1] in ("و", "ف"):
        return replace(place.report("implied"), at=place.start, cue_span=place.tokens[place.start].span)  # «وأتمّ: «…»»
    if colon <= place.start or place.tokens[colon].shape is not Shape.COLON:
        return None
    subject = parse_mention(place.reading, place.start, colon)
    if subject is None or subject.last != colon:
        return None
    return replace(place.report("label"), subject=subject)


def _told_after(place: _Place) -> Report | None:
    """«…». ذلك ما قاله فلان."""
    subject = _told_by(place.reading, place.report("").span.end) if place.token.words >= MIN_SPEECH else None
    return replace(place.report("verb-after"), subject=subject) if subject is not None else None


def _same_breath(place: _Place) -> Report | None:
    """«…»، و«…»: the speaker of the marked words before, in the same sentence."""
    near = place.tokens[max(place.start, place.at - MAX_BACK) : place.at]
    inners = {token.marked.inner for token in near if token.marked is not None}
    reports = place.found.near(place.token.start)
    earlier = [report for report in reports if report.kind is QuoteKind.DIRECT and report.span in inners]
    return replace(earlier[-1], rule="same-breath") if earlier else None


def _name_before(place: _Place) -> Report | None:
    """«ورد فلان «…»», «للمزيد: فلان «…»»: a doubtful verb of saying or a label, and somebody known before the marks.

    Whatever else one does to what stands in marks says nothing: «ودشن فلان «المحطة الجديدة في الساحل»».
    """
    reading, first = place.reading, place.start + 1
    while first < place.at and place.tokens[first].word is None:
        first += 1
    said = first > place.start + 1 or place.tokens[place.start].lexeme.cue is not None
    if first >= place.at or not said or place.tokens[first].lexeme.text not in reading.names:
        return None
    subject = parse_mention(reading, first, place.at)
    if subject is None or subject.last != place.at or subject.type is not PERSON:
        return None
    return replace(place.report("label"), subject=subject)


def _cue_before(place: _Place) -> Report | None:
    """A verb of saying or stance earlier in the sentence: its subject says the marked words."""
    tokens = place.tokens
    for first in range(place.at - 1, max(place.start, place.at - MAX_BACK) - 1, -1):
        cue, before = cue_at(place.reading, first), tokens[first - 1].lexeme if first else NO_WORD
        if cue is not None and not before.kind & Kind.RELATIVE:
            report = replace(place.report("cue-in-sentence"), at=first, cue=cue, cue_span=tokens[first].span)
            return replace(report, subject=place.found.subject_at(first))
    return None


def _told(place: _Place) -> Report | None:
    """«أما فلان فاستذكر صديقه بمرارة: «…»»: whatever the verb is, a colon makes its subject speak."""
    colon = place.at - 1
    if colon <= place.start or place.tokens[colon].shape is not Shape.COLON or place.token.words < MIN_SPEECH:
        return None
    subject = sentence_subject(place.reading, Span(place.start, colon), colon)
    if subject is not None:
        return replace(place.report("subject-colon"), subject=subject)
    called = [token.lexeme for token in place.tokens[place.start + 1 : colon]]
    by_what = bool(called) and called[0].definite and len(called) <= MAX_CALLED and not called[0].kind
    return replace(place.report("implied"), at=place.start) if by_what else None  # «ورد التقني الأرجنتيني: «…»»


def _alone(place: _Place) -> Report | None:
    """A paragraph that is nothing but marked words goes on with who spoke before."""
    after = place.at + 1
    while after < len(place.tokens) and place.tokens[after].shape in (Shape.STOP, Shape.OTHER):
        after += 1
    following = place.tokens[after] if after < len(place.tokens) else None
    ends = place.token.marked.inner.end if place.token.marked else place.token.end
    apart = following is None or "\n" in place.reading.text[ends : following.start]
    alone = place.at == place.start and apart
    if not alone or place.token.words < MIN_SPEECH or not place.found.near(place.token.start):
        return None
    return place.report("paragraph")


def _name_follows(place: _Place) -> Report | None:
    """«…»فلان: a name, with or without its role, and nothing else after the closing mark."""
    tokens = place.tokens
    first = place.at + 1
    while first < place.end and tokens[first].shape in (Shape.OTHER, Shape.COMMA):
        first += 1
    if first >= place.end or place.token.words < MIN_SPEECH:
        return None
    subject = parse_mention(place.reading, first, place.end)
    if subject is None or subject.type is not PERSON or subject.name is None:
        return None
    sure = subject.role is not None or tokens[subject.name.start].lexeme.kind & Kind.GIVEN_NAME
    ends = subject.last >= place.end or tokens[subject.last].lexeme.kind & (Kind.NAME_PREPOSITION | Kind.FUNCTION)
    ends = ends or tokens[min(subject.last, place.end - 1)].lexeme.text == "ل"
    return replace(place.report("name-after"), subject=subject) if sure and ends else None
