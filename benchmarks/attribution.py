"""How right quotations, speakers and hashtags are, on articles labelled by hand.

    python -m benchmarks.attribution [FOLDER] [--errors] [--json]

FOLDER holds one JSON file an article: ``id``, ``text``, ``hashtags`` and ``quotes`` with ``kind``, ``start``, ``end``,
``speaker``, ``speaker_type``, ``speaker_mention``, and perhaps ``speaker_alt`` (other right answers) and ``borderline``
(a fragment that may be found or not). Without it the articles of ``benchmarks/labelled`` are read: invented news in the
styles of many outlets, written and labelled without sight of the rules.

A quotation is found when one of its kind shares enough of its characters (intersection over union, the usual measure
of quotation detection: 0.8 for direct, 0.5 for indirect, whose ends are soft). Its speaker is right when the name has
the last word of the labelled one and no word that is not in it; a speaker whom the article does not name is ``null``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.analyse import analyse_text
from pipelines.arabic import fold_text, tokens
from pipelines.model import Quote

LABELLED = Path(__file__).parent / "labelled"
#: The share of characters that makes two spans one quotation.
OVERLAP = {"direct": 0.8, "indirect": 0.5}

Gold = Mapping[str, Any]


@dataclass(slots=True)
class Counts:
    """How many are right, labelled, and found."""

    right: int = 0
    labelled: int = 0
    found: int = 0

    def add(self, right: int, labelled: int, found: int) -> None:
        """Count one article more."""
        self.right += right
        self.labelled += labelled
        self.found += found

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 1.0 when there was nothing to find and nothing was found."""
        total = self.labelled + self.found
        return 2 * self.right / total if total else 1.0


def main() -> None:
    """Score a folder and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=LABELLED)
    parser.add_argument("--errors", action="store_true", help="print what was missed, invented or given to another")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    articles = [json.loads(path.read_text("utf-8")) for path in sorted(options.folder.glob("*.json"))]
    if not articles:
        sys.exit(f"{options.folder}: no labelled articles (*.json) there")
    figures = score(articles, errors=options.errors)
    if options.json:
        json.dump({"articles": len(articles), "f1": figures}, sys.stdout)
        return
    print(f"{len(articles)} labelled articles, F1")
    for name, figure in figures.items():
        print(f"  {name:<42} {figure:.3f}")


def score(articles: Sequence[Gold], *, errors: bool = False) -> dict[str, float]:
    """Return the F1 of each figure over ``articles``; with ``errors`` print every mistake."""
    spans = {kind: Counts() for kind in OVERLAP}
    attributed = {kind: Counts() for kind in OVERLAP}
    hashtags = Counts()
    for gold in articles:
        article = analyse_text(gold["text"])
        tags, written = {tag.tag for tag in article.hashtags}, set(gold["hashtags"])
        hashtags.add(len(tags & written), len(written), len(tags))
        for kind, enough in OVERLAP.items():
            labelled = [quote for quote in gold["quotes"] if quote["kind"] == kind]
            pairs = list(paired(labelled, [quote for quote in article.quotes if quote.kind == kind], enough))
            counted = [(one, other) for one, other in pairs if not (one and one.get("borderline"))]
            both = [(one, other) for one, other in counted if one and other]
            right = [same_speaker(one, other) for one, other in both]
            wanted, found = sum(one is not None for one, _ in counted), sum(other is not None for _, other in counted)
            spans[kind].add(len(both), wanted, found)
            attributed[kind].add(sum(right), wanted, found)
            if errors:
                report(gold, kind, counted)
    return {
        "hashtags": hashtags.f1,
        "direct, found": spans["direct"].f1,
        "direct, found and rightly attributed": attributed["direct"].f1,
        "indirect, found": spans["indirect"].f1,
        "indirect, found and rightly attributed": attributed["indirect"].f1,
    }


def paired(
    labelled: Sequence[Gold], found: Sequence[Quote], enough: float
) -> Iterator[tuple[Gold | None, Quote | None]]:
    """Pair labelled with found quotations one to one, the best overlap first; then yield what is left alone."""
    candidates = sorted(
        ((overlap(one, other), i, j) for i, one in enumerate(labelled) for j, other in enumerate(found)), reverse=True
    )
    left, right = dict(enumerate(labelled)), dict(enumerate(found))
    for shared, i, j in candidates:
        if shared >= enough and i in left and j in right:
            yield left.pop(i), right.pop(j)
    yield from ((one, None) for one in left.values())
    yield from ((None, other) for other in right.values())


def overlap(one: Gold, other: Quote) -> float:
    """Intersection over union of two spans, in characters."""
    shared = min(one["end"], other.span.end) - max(one["start"], other.span.start)
    union = max(one["end"], other.span.end) - min(one["start"], other.span.start)
    return max(0, shared) / union


def same_speaker(labelled: Gold, quote: Quote) -> bool:
    """Whether the speaker that was found is the labelled one, or an answer that is as good."""
    found = name_words(quote.speaker.name if quote.speaker else None)
    if any(found == name_words(other) for other in labelled.get("speaker_alt", ())):
        return True
    name = name_words(labelled["speaker"])
    if not found or not name:
        # Of a source without a name the article says who it is or it does not: both ways to say so are right.
        return not found and (not name or labelled["speaker_type"] == "unnamed")
    kept = {name[-1]} if labelled["speaker_type"] == "person" else set(name)
    return kept <= set(found) <= {*name, *name_words(labelled["speaker_mention"])}


def name_words(name: str | None) -> list[str]:
    """Split a name into folded words without their article."""
    words = (token.text for token in tokens(fold_text(name or "").replace("_", " ")))
    return [word.removeprefix("ال") if len(word) > 4 else word for word in words]


def report(gold: Gold, kind: str, pairs: Sequence[tuple[Gold | None, Quote | None]]) -> None:
    """Print the mistakes of one kind in one article."""
    for one, other in pairs:
        if one and not other:
            print(f"{gold['id']} missed {kind}: {one['text'][:90]}")
        elif other and not one:
            print(f"{gold['id']} invented {kind} ({other.rule}): {other.span.of(gold['text'])[:90]}")
        elif one and other and not same_speaker(one, other):
            name = other.speaker.name if other.speaker else None
            print(f"{gold['id']} speaker {name!r}, not {one['speaker']!r}: {one['text'][:60]}")


if __name__ == "__main__":
    main()
