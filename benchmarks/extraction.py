"""What a learned container saves: CPU time to read a page, against trafilatura in the same run.

    python -m benchmarks.extraction [--rounds N] [--json]

The pages are those of the demo's outlets with the weight of real ones around them: menus, cards of other stories and
scripts, about 70 KB each. Rules are learned from each outlet's first ten articles; then all are read by
``trafilatura.extract`` with metadata, by Rawi in full, and by Rawi from the learned container. The three take turns,
round by round; the figures are medians of the rounds. A text that is not what the outlet wrote ends the run.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import trafilatura

from crawler.demo import Outlet, load_outlets
from crawler.demo.pages import article_page
from pipelines.analyse import analyse
from pipelines.extract import extract
from pipelines.extract.learning import learn, rules_of, sample
from pipelines.model import Page, SourceRules

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
#: Articles of each outlet that are learned from.
LEARNED = 10
#: What real pages carry besides the article: links of menus, cards of other stories, bytes of scripts.
MENU, CARDS, SCRIPT = 150, 160, 30_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    full, learned = corpus()
    ways: dict[str, Callable[[], None]] = {
        "trafilatura, with metadata": lambda: each(
            full, lambda page: trafilatura.extract(page.body, with_metadata=True)
        ),
        "Rawi, in full": lambda: each(full, extract),
        "Rawi, learned container": lambda: each(learned, extract),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(options.rounds):
        for name, way in ways.items():
            before = time.process_time()
            way()
            times[name].append((time.process_time() - before) / len(full))
    rival = statistics.median(times["trafilatura, with metadata"])
    rows = {
        name: {"ms": 1000 * statistics.median(took), "ratio": statistics.median(took) / rival}
        for name, took in times.items()
    }
    if options.json:
        json.dump(
            {"pages": len(full), "bytes": sum(len(page.body) for page in full) // len(full), "ways": rows}, sys.stdout
        )
        return
    print(f"{len(full)} pages of {sum(len(page.body) for page in full) // len(full):,} bytes, CPU time a page")
    for name, row in rows.items():
        print(f"  {name:<28} {row['ms']:6.1f} ms   {row['ratio']:.2f}")


def corpus() -> tuple[list[Page], list[Page]]:
    """Return the pages to read, without rules and with those of their outlets."""
    full: list[Page] = []
    learned: list[Page] = []
    for outlet in load_outlets(NOW):
        outlet = outlet.at(f"http://{outlet.name}.localhost/")
        pages = [heavy_page(outlet, number) for number in range(len(outlet.articles))]
        rules = rules_of(learn([sample(i, analyse(page)) for i, page in enumerate(pages[:LEARNED])]))
        for page, article in zip(pages, outlet.articles, strict=True):
            known = replace(page, rules=replace(page.rules, learned=rules))
            for read in (page, known):
                if extract(read).text != article.text:
                    sys.exit(f"{page.url}: the text is not the article's")
            full.append(page)
            learned.append(known)
    return full, learned


def heavy_page(outlet: Outlet, number: int) -> Page:
    """Return an article's page with the weight of a real one."""
    article = outlet.articles[number]
    encoding = "utf-8" if outlet.make == "wordpress" else "cp1256"
    titles = [other.title for other in outlet.articles]
    menu = "".join(f'<li><a href="/s/{i}/">{titles[i % len(titles)].split()[0]}</a></li>' for i in range(MENU))
    cards = "".join(
        f'<div class="card card-{i % 3}"><a href="/c/{i}/"><img src="/i/{i}.jpg" alt=""></a><h3><a href="/c/{i}/">'
        f'{titles[i % len(titles)]}</a></h3><span class="when">{1 + i % 28}/11/2026</span></div>'
        for i in range(CARDS)
    )
    script = "<script>" + "window.q=window.q||[];" * (SCRIPT // 22) + "</script>"
    around = f'<div class="menu"><ul>{menu}</ul></div>', f'<div class="most-read">{cards}</div>{script}'
    html = article_page(outlet, article).decode(encoding)
    opened = html.find(">", html.find("<body")) + 1
    closed = html.rfind("</body>")
    html = html[:opened] + around[0] + html[opened:closed] + around[1] + html[closed:]
    return Page(
        url=outlet.url(article),
        body=html.encode(encoding, "xmlcharrefreplace"),
        fetched_at=NOW,
        rules=SourceRules(source=outlet.name, timezone=outlet.timezone),
    )


def each(pages: Sequence[Page], read: Callable[[Page], object]) -> None:
    """Read every page."""
    for page in pages:
        read(page)


if __name__ == "__main__":
    main()
