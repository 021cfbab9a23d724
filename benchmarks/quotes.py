"""What it costs to find who said what: CPU time of ``find_quotes``, beside what extraction of the same pages takes.

    python -m benchmarks.quotes [--rounds N] [--json]

The articles are the labelled ones of this folder, joined to some 500 words. There is no peer for Arabic attribution to
measure against; the yardstick is ``trafilatura.extract`` with metadata of light pages with the same articles, in the
same run, turn by turn. Three figures more tell what a text can do to us: the time a word takes in an article repeated
16 times, against the article alone; and of texts made to be slow, a megabyte each, the slowest. Times are CPU, the
figures of each article the least of the rounds, since whatever else the machine does only ever adds.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import trafilatura

from benchmarks.attribution import LABELLED
from crawler.demo import load_outlets
from crawler.demo.pages import article_page
from pipelines.quotes import find_quotes
from pipelines.workers import GARBAGE

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
#: Figures are for so many words, the length of an ordinary article.
WORDS = 500
#: How often an article is repeated to see whether a word costs the same in a long text.
REPEATED = 16
#: Hostile texts are so long, in characters.
MEGABYTE = 1_000_000
#: What hostile texts repeat, by name.
HOSTILE = {
    "straight marks": '"',
    "opening marks": "«",
    "brackets": "()",
    "spaces": " ",
    "one letter": "ا ",
    "a verb of saying": "قال ",
    "verb and complementizer": "وقال إن ",
    "marked words after a colon": "قال: «ا ا ا ا ا ا» ",
    "names with titles": "الوزير محمد سالم ",
    "role without a name": "وزير ",
    "abbreviated title": "د. ",
    "titles in a row": "نائب رئيس مدير ",
    "relays": "نقل عن ",
    "source phrases": "بحسب الوزير محمد، ",
    "statements": "وقال البيان إن ",
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = measure(options.rounds)
    if options.json:
        json.dump(figures, sys.stdout, ensure_ascii=False)
        return
    print(f"{figures['articles']} texts, CPU time per {WORDS} words")
    print(f"  find_quotes, median          {figures['median_ms']:7.2f} ms")
    print(f"  find_quotes, p99             {figures['p99_ms']:7.2f} ms")
    print(f"  of what trafilatura takes    {figures['of_extraction']:7.2f}")
    print(f"  a word at {REPEATED}x the length     {figures['linearity']:7.2f} of one at 1x")
    print(f"  slowest hostile megabyte     {figures['hostile_s']:7.2f} s   {figures['hostile']}")


def measure(rounds: int) -> dict[str, int | float | str]:
    """Return every figure by its name."""
    texts, pages = corpus()
    # Garbage is looked for as rarely as in the processes that analyse.
    gc.freeze()
    gc.set_threshold(GARBAGE)
    once, extraction = [float("inf")] * len(texts), [float("inf")] * len(texts)
    repeated = list(once)
    for text in texts:
        find_quotes(text)  # lexicons are loaded once
    for _ in range(rounds):
        # One after the other: in a crawl, too, nobody reads a text of 8,000 words between two articles.
        for i, text in enumerate(texts):
            once[i] = min(once[i], seconds(lambda text=text: find_quotes(text)))
        for i, page in enumerate(pages):
            extraction[i] = min(extraction[i], seconds(lambda page=page: trafilatura.extract(page, with_metadata=True)))
        for i, text in enumerate(texts):
            long = "\n\n".join([text] * REPEATED)
            repeated[i] = min(repeated[i], seconds(lambda long=long: find_quotes(long)))
    per_words = sorted(1000 * WORDS * took / len(text.split()) for took, text in zip(once, texts, strict=True))
    slowest, name = max((seconds(lambda unit=unit: find_quotes(filled(unit))), name) for name, unit in HOSTILE.items())
    return {
        "articles": len(texts),
        "median_ms": statistics.median(per_words),
        "p99_ms": per_words[int(0.99 * len(per_words))],
        "of_extraction": sum(once) / sum(extraction),
        "linearity": sum(repeated) / (REPEATED * sum(once)),
        "hostile_s": slowest,
        "hostile": name,
    }


def corpus() -> tuple[list[str], list[bytes]]:
    """Return texts of at least ``WORDS`` words, and a page of each."""
    outlet = next(iter(load_outlets(NOW)))
    outlet = outlet.at(f"http://{outlet.name}.localhost/")
    texts: list[str] = []
    joined = ""
    for path in sorted(LABELLED.glob("*.json")):
        joined = f"{joined}\n\n{json.loads(path.read_text('utf-8'))['text']}".strip()
        if len(joined.split()) >= WORDS:
            texts.append(joined)
            joined = ""
    article = outlet.articles[0]
    return texts, [article_page(outlet, replace(article, paragraphs=tuple(text.split("\n")))) for text in texts]


def filled(unit: str) -> str:
    """Return a megabyte of ``unit``."""
    return (unit * (MEGABYTE // len(unit) + 1))[:MEGABYTE]


def seconds(work: Callable[[], object]) -> float:
    """Return the CPU time of ``work``."""
    before = time.process_time()
    work()
    return time.process_time() - before


if __name__ == "__main__":
    main()
