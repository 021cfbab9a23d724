"""Who else reads these pages? Processor time a page and whether the words are right, in turns, in one process.

Rawi's rows are the whole analysis, with hashtags, quotations, fingerprints and words to search by, and extraction
alone; the others extract. The peers are those of the extra ``peers``; who is not installed is named as absent.
"""

from __future__ import annotations

import contextlib
import logging
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from importlib import import_module
from io import StringIO
from typing import Any

import trafilatura

from benchmarks.speed.pages import Specimen
from pipelines.analyse import analyse
from pipelines.extract import extract
from pipelines.model import Page

Reader = Callable[[Page], str]
#: The rival of the target.
RIVAL = "trafilatura, with metadata"


def read_all(specimens: Sequence[Specimen], rounds: int) -> tuple[dict[str, dict[str, float]], list[str]]:
    """Return ``ms`` (medians of the rounds), ``ratio`` to trafilatura's with metadata, and ``f1`` of each reader; and
    the names of those that are not installed.
    """
    peers, absent = _peers()
    cold, warm = [s.cold for s in specimens], [s.warm for s in specimens]
    readers: dict[str, tuple[Reader, Sequence[Page]]] = {
        RIVAL: (lambda page: trafilatura.extract(page.body, with_metadata=True, include_comments=False) or "", cold),
        "trafilatura": (lambda page: trafilatura.extract(page.body) or "", cold),
        "Rawi, cold, extraction": (lambda page: extract(page).text, cold),
        "Rawi, warm, extraction": (lambda page: extract(page).text, warm),
        "Rawi, cold, whole analysis": (lambda page: analyse(page).text, cold),
        "Rawi, warm, whole analysis": (lambda page: analyse(page).text, warm),
        **{name: (peer, cold) for name, peer in peers.items()},
    }
    times: dict[str, list[float]] = {name: [] for name in readers}
    texts: dict[str, list[str]] = {}
    for number in range(rounds + 1):
        for name, (reader, pages) in readers.items():
            began = time.process_time()
            with contextlib.redirect_stdout(StringIO()):
                texts[name] = [reader(page) for page in pages]
            if number:  # the first time, libraries load what they need
                times[name].append((time.process_time() - began) / len(pages))
    rival = statistics.median(times[RIVAL])
    truths = [specimen.text for specimen in specimens]
    rows = {
        name: {
            "ms": 1000 * statistics.median(took),
            "ratio": statistics.median(took) / rival,
            "f1": statistics.fmean(map(four_gram_f1, texts[name], truths)),
        }
        for name, took in times.items()
    }
    return rows, absent


def four_gram_f1(found: str, truth: str) -> float:
    """Return the F1 measure of the runs of four words that two texts share."""
    one, other = _four_grams(found), _four_grams(truth)
    shared = (one & other).total()
    return 2 * shared / (one.total() + other.total()) if shared else 0.0


def _four_grams(text: str) -> Counter[tuple[str, ...]]:
    words = text.split()
    return Counter(tuple(words[i : i + 4]) for i in range(max(len(words) - 3, 1)))


def _peers() -> tuple[dict[str, Reader], list[str]]:
    makers: dict[str, Callable[[], Reader]] = {
        "newspaper4k": _newspaper,
        "news-please": _news_please,
        "readability-lxml": _readability,
        "resiliparse": _resiliparse,
    }
    found, absent = {}, []
    for name, make in makers.items():
        try:
            found[name] = make()
        except ImportError as error:
            absent.append(name)
            sys.stderr.write(f"{name} is absent: {error}\n")
    return found, absent


def _newspaper() -> Reader:
    newspaper: Any = import_module("newspaper")
    import_module("nltk")

    def read(page: Page) -> str:
        article = newspaper.Article(page.url, language="ar")
        article.download(input_html=_decoded(page))
        article.parse()
        return str(article.text)

    return read


def _news_please() -> Reader:
    newsplease: Any = import_module("newsplease")
    logging.getLogger("newsplease").setLevel(logging.CRITICAL)
    return lambda page: newsplease.NewsPlease.from_html(_decoded(page), url=page.url).maintext or ""


def _readability() -> Reader:
    readability: Any = import_module("readability")
    html: Any = import_module("lxml.html")
    logging.getLogger("readability").setLevel(logging.CRITICAL)

    def read(page: Page) -> str:
        summary = readability.Document(_decoded(page)).summary()
        return "\n".join(html.fromstring(summary).itertext())

    return read


def _resiliparse() -> Reader:
    plain: Any = import_module("resiliparse.extract.html2text")
    return lambda page: str(plain.extract_plain_text(_decoded(page), main_content=True))


def _decoded(page: Page) -> str:
    return page.body.decode(page.charset or "cp1256", "replace")
