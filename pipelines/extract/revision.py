"""How a source's rules change when its latest articles are learned from: what is added, what lapses, and why.

A rule that was learned stays while any of the latest articles still speaks for it, so that rules do not come and go
with the share of pages that a passage happens to be on. What an operator pinned or forgot is never touched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from pipelines.extract.learning import LearnedRule, RuleKind, Sample, learn

#: The latest articles of a source that it is learned from.
WINDOW = 60
#: Of the latest so many pages, so many without the learned container mean that the layout has changed.
RECENT, LOST = 10, 5
#: Pages on which a container's text differs from the full reading, and the share of those compared, that end it.
DIFFERING, DIFFERING_SHARE = 2, 0.2
#: Pages that must have been compared before a container is off trial.
TRIED = 5
#: Articles without any sign of a rule after which it lapses.
LAPSED = 20


class RuleState(StrEnum):
    """Whether a rule is in force because it was learned or because an operator said so, or not at all.

    A container begins on trial: what it finds is compared with the full reading until enough pages agree.
    """

    TRIAL = "trial"
    LEARNED = "learned"
    PINNED = "pinned"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True)
class KnownRule:
    """A rule that a source has already."""

    id: int
    kind: RuleKind
    value: str
    state: RuleState


@dataclass(frozen=True, slots=True)
class Revision:
    """What learning changes: rules that are ``added`` or have new ``evidence``, those ``dropped`` and ``distrusted``,
    and those that are off trial because they ``held``.

    ``reason`` is a sentence on the change; empty when no rule came or went.
    """

    added: tuple[LearnedRule, ...] = ()
    evidence: tuple[LearnedRule, ...] = ()
    dropped: tuple[KnownRule, ...] = ()
    distrusted: tuple[KnownRule, ...] = ()
    held: tuple[KnownRule, ...] = ()
    reason: str = ""

    @property
    def changed(self) -> bool:
        """Whether pages are read by other rules than before."""
        return bool(self.added or self.dropped or self.distrusted or self.held)


def revise(known: Sequence[KnownRule], samples: Sequence[Sample]) -> Revision:
    """Compare the rules of a source with what its latest articles, the newest first, teach."""
    by_value = {(rule.kind, rule.value): rule for rule in known}
    passages = (rule for rule in known if rule.kind is RuleKind.PASSAGE and rule.state is not RuleState.FORGOTTEN)
    learned = learn(samples, frozenset(int(rule.value) for rule in passages))
    added = tuple(rule for rule in learned if (rule.kind, rule.value) not in by_value)
    seen = {(rule.kind, rule.value) for rule in learned}
    evidence = [rule for rule in learned if (rule.kind, rule.value) in by_value]
    evidence += [
        LearnedRule(rule.kind, rule.value, holders, len(samples))
        for rule in known
        if (rule.kind, rule.value) not in seen and (holders := _holders(rule, samples))
    ]
    open_rules = [rule for rule in known if rule.state in (RuleState.LEARNED, RuleState.TRIAL)]
    distrusted = tuple(rule for rule in open_rules if _is_distrusted(rule, samples))
    seen = {(rule.kind, rule.value) for rule in evidence}
    dropped = tuple(rule for rule in open_rules if (rule.kind, rule.value) not in seen and len(samples) >= LAPSED)
    gone = {rule.id for rule in (*distrusted, *dropped)}
    held = tuple(
        rule
        for rule in open_rules
        if rule.state is RuleState.TRIAL and rule.id not in gone and len(_compared(rule, samples)) >= TRIED
    )
    revision = Revision(added, tuple(evidence), dropped, distrusted, held)
    return replace(revision, reason=_reason(revision, known, samples))


def layout_changed(known: Sequence[KnownRule], samples: Sequence[Sample]) -> int:
    """Return on how many of the latest pages the learned container was missing, when that means a new layout; or 0."""
    if not any(rule.kind is RuleKind.CONTAINER and rule.state is not RuleState.FORGOTTEN for rule in known):
        return 0
    missing = sum(sample.trace.drift == "missing" for sample in samples[:RECENT])
    return missing if missing >= LOST else 0


def _holders(rule: KnownRule, samples: Sequence[Sample]) -> tuple[int, ...]:
    """Return the articles that speak for a rule, although it would not be learned from them."""

    def speaks(sample: Sample) -> bool:
        trace = sample.trace
        if rule.kind is RuleKind.CONTAINER:
            return trace.used == rule.value or rule.value in trace.containers
        return rule.value in (trace.taken if rule.kind is RuleKind.ELEMENT else map(str, trace.passages))

    return tuple(sample.article for sample in samples if speaks(sample))


def _is_distrusted(rule: KnownRule, samples: Sequence[Sample]) -> bool:
    """Tell whether the pages that were read in full as well give another text than the learned container."""
    if rule.kind is not RuleKind.CONTAINER:
        return False
    compared = _compared(rule, samples)
    return sum(compared) >= max(DIFFERING, DIFFERING_SHARE * len(compared))


def _compared(rule: KnownRule, samples: Sequence[Sample]) -> list[bool]:
    """Return for each page that was read by a container and in full whether the two differed."""
    return [s.trace.drift == "differs" for s in samples if s.trace.used == rule.value and s.trace.containers]


def _reason(revision: Revision, known: Sequence[KnownRule], samples: Sequence[Sample]) -> str:
    if not revision.changed:
        return ""
    said = []
    if missing := layout_changed(known, samples):
        said.append(f"layout change: its container was missing on {missing} of the last {RECENT} pages")
    changes: dict[str, Sequence[LearnedRule | KnownRule]] = {
        "learned": revision.added,
        "dropped": revision.dropped,
        "gave up": revision.distrusted,
        "trusts": revision.held,
    }
    for verb, rules in changes.items():
        counts = Counter(rule.kind for rule in rules)
        if counts:
            said.append(f"{verb} " + ", ".join(f"{n} {kind}{'s' * (n > 1)}" for kind, n in sorted(counts.items())))
    return f"{'; '.join(said)}; from {len(samples)} articles"
