"""Whose words they are: resolves each report's subject, named or implied, to somebody of the article."""

from __future__ import annotations

from functools import cache

from pipelines.arabic import fold_text
from pipelines.lexicons import load
from pipelines.model import Span, SpeakerType
from pipelines.quotes.cast import Cast
from pipelines.quotes.cues import Cue, CueForm
from pipelines.quotes.descriptions import span_of
from pipelines.quotes.found import Found, Report
from pipelines.quotes.kinds import Kind
from pipelines.quotes.members import Member, last_before
from pipelines.quotes.phrases import Mention, is_indefinite
from pipelines.quotes.sentence_subjects import sentence_subject
from pipelines.quotes.speaker_types import ORGANISATION, PERSON, UNNAMED
from pipelines.quotes.tokens import Reading
from pipelines.quotes.words import NO_WORD

#: A new subject since the last quotation is looked for so many sentences back.
MAX_SENTENCES_BACK = 4
#: A clause's own subject is looked for so many tokens back.
MAX_CLAUSE_BACK = 40
#: In its own sentence a subject stands at most so many tokens before.
MAX_TOKENS_BACK = 200
#: A heading between paragraphs is not longer, in tokens.
MAX_HEADING = 8


class Attribution:
    """Resolves the reports of one article in their order; remembers who spoke last."""

    def __init__(self, reading: Reading, found: Found, cast: Cast) -> None:
        self._reading = reading
        self._found = found
        self.cast = cast
        self._running: Member | None = None
        self._running_at = -1
        self._said_until = 0

    def speaker_of(self, report: Report) -> tuple[Member | None, Span | None]:
        """Return who says ``report`` and where that is said; ``None`` when the article does not tell."""
        if report.unattributed:
            return None, None
        if report.subject is not None:
            member = self._issuer(report) or self.cast.resolve(report.subject, self._running)
            if not member.name:
                return None, None  # nothing but signs stood in the marks
            span: Span | None = span_of(self._reading, report.subject)
            if report.cue and report.cue.finite and (not member.gender or report.rule == "verb-subject"):
                member.gender = report.cue.gender  # its own verb tells more than its name
        else:
            member_or_none = self._implied(report)
            member_or_none = self._replier(report, member_or_none) or member_or_none
            if member_or_none is None:
                return None, None
            member, span = member_or_none, None
        member.spoken = True
        self._running, self._running_at, self._said_until = member, report.at, report.span.end
        return member, span

    def _issuer(self, report: Report) -> Member | None:
        """Return whose «البيان» is, when a sentence before told who said or did something «في بيان»."""
        tokens, mention = self._reading.tokens, report.subject
        if mention is None or not mention.points_back or not tokens[mention.first].lexeme.kind & Kind.STATEMENT:
            return None
        base = tokens[mention.first].lexeme.base
        for at in range(mention.first - 1, max(-1, mention.first - MAX_TOKENS_BACK), -1):
            word = tokens[at].lexeme
            if word.base.removesuffix("ا") != base or word.definite:
                continue
            sentence = self._reading.sentence_of(at)
            subjects = (subject for _, subject in self._found.subjects_before(at, sentence.start - 1))
            subject = next(subjects, None) or sentence_subject(self._reading, sentence, at)
            return self.cast.resolve(subject, self._running) if subject and subject.head != base else None
        return None

    def _implied(self, report: Report) -> Member | None:
        sentence = self._reading.sentence_of(report.at)
        clause, of_clause = self._clause_subject(report)
        floor = clause if of_clause is not None else max(sentence.start - 1, report.at - MAX_TOKENS_BACK)
        for _, subject in self._found.subjects_before(report.at, max(floor, self._running_at)):
            if not self._is_nobody(subject):
                member = self.cast.resolve(subject, self._running)
                if _agrees(member, report.cue):
                    return member
        if of_clause is not None:
            return of_clause
        new = self._new_subject(report)
        if new is not None:
            return new
        if self._running is None or not _agrees(self._running, report.cue):
            return self._agreeing(report)
        return self._running

    def _is_nobody(self, subject: Mention) -> bool:
        """Whether a subject is a noun that may mean a body and does not: «شهدت المحطة حركة كثيفة، …»."""
        return subject.type is ORGANISATION and is_indefinite(self._reading, subject)

    def _replier(self, report: Report, other: Member | None) -> Member | None:
        """Return who answers ``other`` («فردت عليها:»): whoever else was named last, and agrees."""
        cue, tokens = report.cue, self._reading.tokens
        if cue is None or other is None or cue.verb not in _replies():
            return None
        following = tokens[report.at + 1].lexeme if report.at + 1 < len(tokens) else NO_WORD
        if not (cue.transitive or following.base.removesuffix("م").removesuffix("ا").endswith("ه")):
            return None
        people = (m for m in self.cast.members if m is not other and m.is_named_person)
        agreeing = (m for m in people if _agrees(m, cue) and m.seen_before(report.at) >= 0)
        return max(agreeing, key=lambda member: member.seen_before(report.at), default=None)

    def _clause_subject(self, report: Report) -> tuple[int, Member | None]:
        """Return where the clause begins that the verb goes on, and its subject: «فيما ترفض … هذا وتقول إن»."""
        tokens, sentence = self._reading.tokens, self._reading.sentence_of(report.at)
        floor = max(sentence.start, self._running_at, report.at - MAX_CLAUSE_BACK)
        for at in range(report.at - 1, floor, -1):
            if not tokens[at].lexeme.kind & Kind.SUBORDINATOR or tokens[at].aside:
                continue
            mention = sentence_subject(self._reading, Span(at + 1, report.at), report.at)
            if mention is None or mention.points_back:
                return at, None
            member = self.cast.resolve(mention, self._running)
            return at, member if _agrees(member, report.cue) else None
        return -1, None

    def _new_subject(self, report: Report) -> Member | None:
        """Return the subject of a sentence since the last quotation, nearest first: a new one takes the floor."""
        tokens = self._reading.tokens
        here = tokens[report.at].sentence
        for index in range(here, max(-1, here - MAX_SENTENCES_BACK), -1):
            sentence = self._reading.sentences[index]
            if sentence.end <= self._running_at:
                return None
            if sentence.start <= self._running_at < sentence.end:
                return self._main_subject(report, sentence)
            mention = None if self._is_heading(sentence) else sentence_subject(self._reading, sentence, report.at)
            if mention is None and index == here and (doer := self._doer(report, sentence)) is not None:
                return doer
            if mention is None:
                continue
            by_role = mention.type is PERSON and mention.name is None and index != here
            member = self.cast.known(mention, self._running) if mention.points_back or by_role else None
            called = index == here and mention.type is SpeakerType.ORGANISATION and mention.last > mention.first + 1
            # «نشر البنك المركزي أرقاماً، وأشار إلى أن»: met here first, it points at nothing.
            lost = mention.points_back and member is None and not called
            if lost or (by_role and (member is None or not member.named)):
                continue
            member = member or self.cast.resolve(mention, self._running)
            if _agrees(member, report.cue):
                return member
        return None

    def _is_heading(self, sentence: Span) -> bool:
        """Whether a sentence is a paragraph of few words that no punctuation mark ends."""
        tokens, text = self._reading.tokens, self._reading.text
        last = tokens[sentence.end - 1]
        if last.word is None or sentence.end - sentence.start > MAX_HEADING or sentence.end >= len(tokens):
            return False
        before = text[tokens[sentence.start - 1].end : tokens[sentence.start].start] if sentence.start else "\n"
        return "\n" in before and "\n" in text[last.end : tokens[sentence.end].start]

    def _main_subject(self, report: Report, sentence: Span) -> Member | None:
        """Return the person who acts in a sentence after what somebody else said in a clause of it.

        «ورداً على سؤال عن سلفه الذي اعتبر أن …، رفض فلان التعليق. وقال»: a verb of saying that reports nothing there.
        """
        floor = max(sentence.start, self._running_at)
        for at, subject in self._found.subjects_before(min(sentence.end, report.at), floor):
            if self._reading.tokens[at].start < self._said_until:
                continue
            member = self.cast.known(subject, self._running)
            named = member is not None and member.is_named_person
            return member if named and member is not None and _agrees(member, report.cue) else None
        return None

    def _doer(self, report: Report, sentence: Span) -> Member | None:
        """Return the person named before a circumstance in its sentence, when the last speaker is none or another's."""
        cue, running = report.cue, self._running
        if cue is None or cue.form is not CueForm.PARTICIPLE:
            return None
        if running and _agrees(running, cue) and running.type in (PERSON, UNNAMED):
            return None
        last = last_before(self.cast.members, report.at, PERSON)
        inside = last is not None and last.seen_before(report.at - 1) >= sentence.start
        return last if inside and last is not None and _agrees(last, cue) else None

    def _agreeing(self, report: Report) -> Member | None:
        """Return who was named last and agrees with the verb in gender, when the last speaker does not."""
        people = (member for member in self.cast.members if member.is_named_person)
        agreeing = [member for member in people if member.gender and _agrees(member, report.cue)]
        last = max(agreeing, key=lambda member: member.seen_before(report.at - 1), default=None)
        if last is not None and last.seen_before(report.at - 1) >= max(0, report.at - 2 * MAX_CLAUSE_BACK):
            return last
        member = last_before(self.cast.members, report.at, *SpeakerType)
        return member if member is not None and member.gender and _agrees(member, report.cue) else None


@cache
def _replies() -> frozenset[str]:
    return frozenset(fold_text(verb) for verb in load("cue_replies"))


def _agrees(member: Member, cue: Cue | None) -> bool:
    """Whether a verb's gender and number fit a speaker, as far as they are known."""
    if cue is None or cue.form is CueForm.NOUN or not cue.gender or not member.gender:
        return True
    if cue.number == "p" and cue.gender == "m" and member.type is not UNNAMED:
        return member.plural
    if cue.number == "p" or member.plural:
        return True
    return cue.gender == member.gender
