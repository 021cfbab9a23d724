"""What was forgotten stays so, whatever feeds announce."""

from __future__ import annotations

from psycopg_pool import AsyncConnectionPool

from pipelines.storage.forget import Oblivion
from tests.crawler.conftest import CrawlSite, fetch_all
from tests.pipelines.storage.test_forget import SECRET, TEXT, traces_of
from tests.site import LONG, Answer, Site, article_page, rss


async def test_a_feed_that_announces_what_was_forgotten_is_not_heard(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool
) -> None:
    site.routes["/feed"] = Answer(rss("/1", titles=(SECRET,)))
    site.routes["/1"] = Answer(article_page(text=f"{LONG}\n{TEXT}"))
    await crawl_site()
    await Oblivion(pool).urls([site.url("/1")])
    site.routes["/feed"] = Answer(rss("/1", titles=(SECRET + " (محدث)",)))
    site.requests.clear()
    assert (await crawl_site()).new == 0
    assert site.paths() == ["/feed"]
    assert await fetch_all(pool, "SELECT 1 FROM entries") == []
    assert await traces_of(pool, SECRET) == []
