"""Making the sources of a database be those of some files: first a plan, then the changes, in an order that works."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.sources.document import document
from crawler.sources.history import differences
from crawler.sources.model import Source
from crawler.sources.repository import Sources
from crawler.sources.validity import check_source
from pipelines.errors import SourceError


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a plan: ``add``, ``edit`` or ``delete``, with the lines that differ."""

    action: str
    source: Source
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What has to be done. ``unchanged`` sources are as they should be; ``kept`` are in the database alone."""

    steps: tuple[Step, ...]
    unchanged: int = 0
    kept: tuple[str, ...] = ()


def make_plan(known: Sequence[Source], wanted: Sequence[Source], *, prune: bool) -> Plan:
    """Return what makes ``known`` be ``wanted``; without ``prune``, sources that are in no file stay.

    Raises :class:`~pipelines.errors.SourceError` when a wanted source is wrong, or two of them share a feed.
    """
    for source in wanted:
        check_source(source)
    owners: dict[str, str] = {}
    for source in wanted:
        for feed in source.feeds:
            if owners.setdefault(feed.url, source.name) != source.name:
                raise SourceError(f"{owners[feed.url]} and {source.name} have the same feed: {feed.url}")
    names = {source.name for source in wanted}
    before = {source.name: source for source in known}
    others = [source for source in known if source.name not in names]
    steps = [Step("delete", source) for source in others] if prune else []
    for source in wanted:
        old = before.get(source.name)
        if old is None:
            steps.append(Step("add", source))
        elif lines := differences(document(old), document(source)):
            steps.append(Step("edit", source, tuple(lines)))
    changed = {step.source.name for step in steps}
    kept = () if prune else tuple(source.name for source in others)
    return Plan(tuple(steps), sum(name not in changed for name in names), kept)


async def apply(plan: Plan, sources: Sources) -> None:
    """Carry out a plan. Articles of sources that go are kept.

    A feed may move from one source to another: what fails because of that is tried again after the others.
    """
    waiting = deque(plan.steps)
    failed = 0
    while waiting:
        step = waiting.popleft()
        try:
            if step.action == "delete":
                await sources.remove(step.source.name, keep_articles=True)
            elif step.action == "add":
                await sources.add(step.source)
            else:
                await sources.change(step.source)
            failed = 0
        except SourceError:
            waiting.append(step)
            failed += 1
            if failed >= len(waiting):
                raise
