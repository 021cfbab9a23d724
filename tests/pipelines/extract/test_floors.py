"""The figures of extraction, held on the demo's outlets: unseen, and after their first ten articles."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.demo import Outlet, load_outlets
from crawler.demo.pages import article_page
from pipelines.analyse import analyse
from pipelines.extract import extract
from pipelines.extract.learning import learn, rules_of, sample
from pipelines.model import LearnedRules, Page, SourceRules

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
OUTLETS = [outlet.at(f"http://{outlet.name}.localhost/") for outlet in load_outlets(NOW)]
LEARNED_FROM = 10


def page_of(outlet: Outlet, number: int) -> Page:
    article = outlet.articles[number]
    rules = SourceRules(source=outlet.name, timezone=outlet.timezone)
    return Page(url=outlet.url(article), body=article_page(outlet, article), fetched_at=NOW, rules=rules)


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.name)
@pytest.mark.parametrize("after_learning", [False, True])
def test_every_article_is_whole_and_nothing_else_is_in_it(outlet: Outlet, after_learning: bool) -> None:
    learned = LearnedRules()
    if after_learning:
        learned = rules_of(learn([sample(i, analyse(page_of(outlet, i))) for i in range(LEARNED_FROM)]))
        assert learned.containers
    for number, article in enumerate(outlet.articles):
        page = page_of(outlet, number)
        found = extract(replace(page, rules=replace(page.rules, learned=learned)))
        assert found.text == article.text
        assert found.metadata.title == article.title
        # «رافد - وكالات»: the outlet is no author of its own, the agencies are.
        assert found.metadata.authors == (article.author.rpartition(" - ")[2],)
        assert found.metadata.published_at == article.published_at.replace(second=0, microsecond=0)
        assert not [leak for leak in article.must_not if leak in found.text]
