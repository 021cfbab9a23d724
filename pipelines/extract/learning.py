"""What a source's articles teach about its pages: where the article stands, and what on every page is not the article.

Wrapper induction in the plainest form (Kushmerick 1997, "Wrapper induction for information extraction"): a rule is
what enough pages agree on. Each rule carries its evidence, the articles that speak for it. Pure: traces in, rules out.

A passage that recurs is the outlet's own unless its articles tell one story: follow-ups share a background paragraph,
but then they share other words too, which the rest of the source does not use.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, product
from statistics import fmean
from typing import TypeVar

from pipelines.arabic import fold_text, words
from pipelines.extract.passages import last_sentence, passage_key, passages
from pipelines.extract.sift import BOILERPLATE
from pipelines.model import Article, LearnedRules, Trace

Key = TypeVar("Key", bound=Hashable)

#: Articles that must agree before anything is learned of a source, and that each rule needs: what two or three
#: stories share is theirs.
ENOUGH, SUPPORT = 5, 4
#: The share of the articles of a source that a passage must stand in, unless so many articles have it.
SHARE, MANY = 0.2, 10
#: The share of articles from which on a passage is the outlet's whatever they are about.
NEARLY_ALL = 0.6
#: Two articles are one story, told again, when so much of the smaller is in the other.
RETOLD = 0.5
#: Articles tell one story when they share so many of their words, and so many times as many as with the others.
ALIKE, TIMES_AS_ALIKE = 0.15, 2.0
#: Letters of a word that may be a story's own.
WORD = 4
#: A selector is as good as the best when it finds the container in this share of as many articles.
NEARLY_AS_GOOD = 0.9
#: Share of the pages with an element of a make that it must have come to nothing on.
EMPTY = 0.9
#: Elements that hold others: a class of a line or a paragraph says how it is set, not what it is.
_HOLDING = ("div", "section", "aside", "ul", "ol", "table", "figure", "header", "footer", "form", "nav")


class RuleKind(StrEnum):
    """What a learned rule says: where the article is, or what is not part of it."""

    CONTAINER = "container"
    PASSAGE = "passage"
    ELEMENT = "element"


@dataclass(frozen=True, slots=True)
class Sample:
    """One article of a source, to learn from: its number in the store, what it says, and how it was found.

    ``blocks`` are its title, the blocks of its text, and what was taken out of it because it recurs.
    """

    article: int
    blocks: tuple[str, ...]
    trace: Trace


@dataclass(frozen=True, slots=True)
class LearnedRule:
    """A rule with its evidence: the articles, among ``of``, that speak for it.

    ``value`` is a selector, a signature, or the decimal key of a passage, which ``text`` shows as it stood in one.
    """

    kind: RuleKind
    value: str
    articles: tuple[int, ...]
    of: int
    text: str = ""


def sample(number: int, article: Article) -> Sample:
    """Return an article as something to learn from."""
    recurring = (r.text for r in article.removed if r.reason in (BOILERPLATE, "read-also", "links", "call"))
    return Sample(number, (article.title or "", *article.text.split("\n\n"), *recurring), article.trace)


def rules_of(rules: Iterable[LearnedRule]) -> LearnedRules:
    """Return rules in the form in which pages are read by them."""
    values: dict[RuleKind, list[str]] = {kind: [] for kind in RuleKind}
    for rule in rules:
        values[rule.kind].append(rule.value)
    return LearnedRules(
        containers=tuple(values[RuleKind.CONTAINER]),
        passages=frozenset(map(int, values[RuleKind.PASSAGE])),
        elements=frozenset(values[RuleKind.ELEMENT]),
    )


def learn(samples: Sequence[Sample], known: Collection[int] = frozenset()) -> list[LearnedRule]:
    """Return what ``samples``, the latest articles of one source, teach; nothing when they are too few.

    Containers come in the order in which they are to be tried. Of passages that are ``known`` to be the outlet's it is
    not asked again whether they are, which takes most of the time.
    """
    stories = _apart(samples)
    if len(stories) < ENOUGH:
        return []
    return [*_containers(stories), *_passages(stories, known), *_elements(stories)]


def _apart(samples: Sequence[Sample]) -> list[Sample]:
    """Leave out articles that tell again what another one told: updates and copies at other addresses."""
    told: list[Sample] = []
    having: dict[int, list[int]] = defaultdict(list)
    for sample in samples:
        mine = sample.trace.passages
        shared = Counter(i for key in mine for i in having[key])
        if any(n >= RETOLD * min(len(mine), len(told[i].trace.passages)) and n > 1 for i, n in shared.items()):
            continue
        for key in mine:
            having[key].append(len(told))
        told.append(sample)
    return told


def _containers(samples: Sequence[Sample]) -> list[LearnedRule]:
    """Choose selectors until what is left has too little in common: each finds the container of many articles."""
    left = [sample for sample in samples if sample.trace.containers]
    of = len(left)
    rules: list[LearnedRule] = []
    while len(left) >= SUPPORT:
        support = Counter(selector for sample in left for selector in sample.trace.containers)
        most = max(support.values())
        good = [selector for selector, n in support.items() if n >= max(SUPPORT, NEARLY_AS_GOOD * most)]
        if not good:
            break
        best = min(good, key=lambda selector: _mean_rank(selector, left))
        found = [sample for sample in left if best in sample.trace.containers]
        rules.append(LearnedRule(RuleKind.CONTAINER, best, tuple(sample.article for sample in found), of))
        left = [sample for sample in left if best not in sample.trace.containers]
    return rules


def _mean_rank(selector: str, samples: Iterable[Sample]) -> float:
    ranks = [s.trace.containers.index(selector) for s in samples if selector in s.trace.containers]
    return sum(ranks) / len(ranks)


def _passages(samples: Sequence[Sample], known: Collection[int]) -> list[LearnedRule]:
    needed = max(SUPPORT, min(SHARE * len(samples), MANY))
    recurring = {
        key: holders
        for key, holders in _holders(samples, lambda trace: trace.passages).items()
        if len(holders) >= needed
    }
    sure = {key for key, holders in recurring.items() if key in known or len(holders) >= NEARLY_ALL * len(samples)}
    if len(sure) < len(recurring):
        likeness = _Likeness({sample.article: _own_words(sample, recurring.keys()) for sample in samples})
        others = ((key, [s.article for s in recurring[key]]) for key in recurring if key not in sure)
        sure |= {key for key, articles in others if not likeness.is_one_story(articles)}
    return [
        LearnedRule(RuleKind.PASSAGE, str(key), tuple(s.article for s in holders), len(samples), _shown(key, holders))
        for key, holders in recurring.items()
        if key in sure
    ]


class _Likeness:
    """How many of their words two articles share, for all pairs of a source's articles."""

    def __init__(self, words: Mapping[int, frozenset[str]]) -> None:
        self._articles = frozenset(words)
        self._shares = {
            frozenset((one, other)): len(words[one] & words[other]) / max(min(len(words[one]), len(words[other])), 1)
            for one, other in combinations(words, 2)
        }

    def is_one_story(self, holders: Collection[int]) -> bool:
        """Tell whether ``holders`` share much more with each other than with the other articles."""
        within = fmean(self._shares[frozenset(pair)] for pair in combinations(holders, 2))
        others = self._articles.difference(holders)
        across = fmean(self._shares[frozenset(pair)] for pair in product(holders, others)) if others else 0.0
        return within >= max(ALIKE, TIMES_AS_ALIKE * across)


def _own_words(sample: Sample, recurring: Collection[int]) -> frozenset[str]:
    """Return the words that tell what an article is about: folded, without the shortest and without what recurs."""
    told = []
    for block in sample.blocks:
        if passage_key(block) in recurring:
            continue
        parted = last_sentence(block)
        told.append(parted[0] if parted and passage_key(parted[1]) in recurring else block)
    folded = fold_text("\n".join(told)).casefold()
    return frozenset(word for word in words(folded) if len(word) >= WORD)


def _shown(key: int, holders: Sequence[Sample]) -> str:
    """Return a passage as one of its articles has it; of a lead-in, what stands before its colon."""
    blocks = [block for sample in holders for block in sample.blocks]
    leads = [lead + colon for lead, colon, _ in (block.partition(":") for block in blocks) if colon]
    return next((text for block in (*blocks, *leads) for k, text in passages(block) if k == key), "")


def _elements(samples: Sequence[Sample]) -> list[LearnedRule]:
    """Makes of elements that came to nothing wherever they stood, but for a few."""
    taken = _holders(samples, lambda trace: trace.taken)
    kept = _holders(samples, lambda trace: trace.kept)
    return [
        LearnedRule(RuleKind.ELEMENT, name, tuple(s.article for s in holders), len(holders) + len(kept.get(name, ())))
        for name, holders in sorted(taken.items())
        if name.startswith(tuple(f"{tag}{mark}" for tag in _HOLDING for mark in ".#"))
        and len(holders) >= max(SUPPORT + 1, EMPTY * (len(holders) + len(kept.get(name, ()))))
    ]


def _holders(samples: Sequence[Sample], of: Callable[[Trace], Iterable[Key]]) -> Mapping[Key, list[Sample]]:
    holders: dict[Key, list[Sample]] = defaultdict(list)
    for sample in samples:
        for key in dict.fromkeys(of(sample.trace)):
            holders[key].append(sample)
    return holders
