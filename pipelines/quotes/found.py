"""What has been found in an article so far: reports, and who the subjects of its verbs of saying are."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pipelines.model import QuoteKind, Span
from pipelines.quotes.cues import Cue
from pipelines.quotes.phrases import Mention

#: So many reports before a place are looked at; a sentence holds fewer.
NEAR = 12


@dataclass(slots=True)
class Report:
    """Words reported at token ``at`` (the cue): who speaks is ``subject``, or implied when it is ``None``.

    ``span`` and ``cue_span`` are offsets into the text. ``unattributed`` means that nobody can be implied either.
    Nobody changes a report; it is not frozen because a frozen one takes four times as long to make.
    """

    kind: QuoteKind
    span: Span
    at: int
    cue: Cue | None
    cue_span: Span | None
    subject: Mention | None
    rule: str
    unattributed: bool = False

    def of(self, kind: QuoteKind, span: Span) -> Report:
        """Return the same report of other words: much faster than :func:`dataclasses.replace`."""
        return Report(kind, span, self.at, self.cue, self.cue_span, self.subject, self.rule, self.unattributed)


@dataclass(slots=True)
class Found:
    """What has been found so far: reports, marked tokens used, and the subject of every verb of saying by token.

    The subject of a verb that reports nothing is not looked for until somebody asks whom its sentence is about, since
    hardly anybody does.
    """

    reports: list[Report] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    _subjects: dict[int, Mention | None] = field(default_factory=dict)
    _unread: dict[int, Callable[[], Mention | None]] = field(default_factory=dict)
    _verbs: list[int] = field(default_factory=list)

    def add(self, report: Report) -> None:
        """Take a report in, in the order of the text."""
        insort(self.reports, report, key=_start)

    def has_subject(self, at: int, subject: Mention) -> None:
        """Remember the subject of the verb at token ``at``; verbs come in the order of the text."""
        self._subjects[at] = subject
        self._verbs.append(at)

    def may_have_subject(self, at: int, look: Callable[[], Mention | None]) -> None:
        """Remember how to look for the subject of the verb at token ``at``."""
        self._unread[at] = look
        self._verbs.append(at)

    def subject_at(self, at: int) -> Mention | None:
        """Return the subject of the verb of saying at token ``at``, if there is one."""
        if at in self._unread:
            self._subjects[at] = self._unread.pop(at)()
        return self._subjects.get(at)

    def subjects_before(self, at: int, floor: int) -> Iterator[tuple[int, Mention]]:
        """Yield the verbs of saying after token ``floor`` and before ``at`` that have subjects, nearest first."""
        verbs = self._verbs[bisect_right(self._verbs, floor) : bisect_left(self._verbs, at)]
        for verb in reversed(verbs):
            subject = self.subject_at(verb)
            if subject is not None:
                yield verb, subject

    def near(self, offset: int) -> list[Report]:
        """Return the last reports that begin before ``offset``."""
        last = bisect_left(self.reports, offset, key=_start)
        return self.reports[max(0, last - NEAR) : last]


def _start(report: Report) -> int:
    return report.span.start
