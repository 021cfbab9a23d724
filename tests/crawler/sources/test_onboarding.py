"""Adding a source: whatever address is given, its feeds are found, each address is fetched once, nothing is saved unseen."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import pytest
from psycopg_pool import AsyncConnectionPool

from crawler.crawl import Crawl
from crawler.sources.model import FeedKind
from crawler.sources.onboarding import Proposal, Wishes, propose, save
from tests.crawler.conftest import CONFIG, fetch_all
from tests.site import LONG, Answer, Site

NOW = datetime.now(UTC).replace(microsecond=0)
MORE = (
    "وأوضح العلي أن البلدية خصصت مساراً للدراجات وآخر للمشاة على جانبي الجسر، وأن الإنارة تعمل بالطاقة الشمسية طوال الليل."
    " وأضاف أن سكان الضفة الغربية من الوادي كانوا يقطعون عشرين كيلومتراً للوصول إلى المستشفى، وأن الطريق الجديد يختصرها إلى"
    " ثلاثة. وشارك في أعمال البناء أربعون مهندساً وثلاثمئة عامل من أبناء المنطقة على مدى عامين كاملين."
)


def page(number: int, *, date: datetime | None = None, text: str = "", head: str = "") -> bytes:
    """An article with a date and an author, long enough to raise no doubt."""
    when = (date or NOW - timedelta(hours=number)).isoformat()
    title = f"افتتاح الجسر رقم {number} في وادي الزيتون"
    body = (
        text
        or f"في جسر رقم {number}: {LONG}\nوفي جسر رقم {number}: {MORE}\nوهذا هو الجسر رقم {number} الذي تفتتحه البلدية هذا العام."
    )
    paragraphs = "".join(f"<p>{part}</p>" for part in body.split("\n"))
    return (
        f'<html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>{title} | صحيفة الوادي</title>{head}'
        f'<meta property="article:published_time" content="{when}"><meta name="author" content="سعاد النجار"></head>'
        f"<body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    ).encode()


def feed(*numbers: int, path: str = "/n/", age: timedelta = timedelta()) -> bytes:
    items = "".join(
        f"<item><title>افتتاح الجسر رقم {n} في وادي الزيتون</title><link>{path}{n}</link>"
        f"<description>افتتحت البلدية الجسر رقم {n} صباح اليوم بحضور عدد من أهالي وادي الزيتون وضيوفهم.</description>"
        f"<pubDate>{format_datetime(NOW - age - timedelta(hours=n))}</pubDate></item>"
        for n in numbers
    )
    return f'<rss version="2.0"><channel><title>صحيفة الوادي</title><language>ar</language>{items}</channel></rss>'.encode()


def front(*heads: str, links: str = "") -> bytes:
    return (
        f"<html><head><meta charset='utf-8'><title>صحيفة الوادي</title>{''.join(heads)}</head>"
        f"<body><a href='/about'>من نحن</a>{links}</body></html>"
    ).encode()


def alternate(path: str, kind: str = "application/rss+xml") -> str:
    return f'<link rel="alternate" type="{kind}" href="{path}">'


def publish(site: Site, *numbers: int) -> None:
    for n in numbers:
        site.routes[f"/n/{n}"] = Answer(page(n))


async def proposed(site: Site, path: str = "/", **wishes: str) -> Proposal:
    return await propose(CONFIG, [site.url(path)], Wishes(**wishes))


@pytest.mark.parametrize("given", ["/", "/section", "/n/1", "/feed"])
async def test_whatever_is_given_its_feed_is_found_and_three_articles_are_shown(site: Site, given: str) -> None:
    site.routes |= {
        "/": Answer(front(alternate("/feed"))),
        "/section": Answer(front(alternate("/feed"))),
        "/feed": Answer(feed(*range(1, 9))),
    }
    publish(site, *range(1, 9))
    proposal = await proposed(site, given)
    assert proposal.good
    assert proposal.source is not None
    assert [f.url for f in proposal.source.feeds] == [site.url("/feed")]
    assert proposal.source.home == site.url("/")
    assert proposal.source.title == "صحيفة الوادي"
    assert [one.article.title for one in proposal.previews if one.article] == [
        f"افتتاح الجسر رقم {n} في وادي الزيتون" for n in (1, 2, 3)
    ]
    assert [one.doubts for one in proposal.previews] == [(), (), ()]
    assert proposal.problems == ()
    # Each address once: adding alone must not get us blocked.
    assert max(Counter(path for _, path, _ in site.requests).values()) == 1


async def test_what_onboarding_fetched_is_saved_and_not_fetched_again(
    site: Site, pool: AsyncConnectionPool, database_url: str
) -> None:
    site.routes |= {"/": Answer(front(alternate("/feed"))), "/feed": Answer(feed(1, 2, 3, 4, 5))}
    publish(site, 1, 2, 3, 4, 5)
    proposal = await proposed(site, name="wadi")
    assert proposal.source is not None
    source = await save(pool, proposal, proposal.source, by="salma", keep_pages=True)
    states = await fetch_all(pool, "SELECT state, count(*) AS n FROM entries GROUP BY state ORDER BY state")
    assert states == [{"state": "pending", "n": 2}, {"state": "stored", "n": 3}]
    kept = await fetch_all(pool, "SELECT headers FROM pages")
    assert ["content-type" in dict(page["headers"]) for page in kept] == [True] * 3, "as of any crawl"
    report = await Crawl(CONFIG, pool, database_url).run([source])
    assert (report.sources["wadi"].new, dict(report.sources["wadi"].feeds)) == (2, {"unchanged": 1})
    asked = Counter(site.paths())
    assert [asked[f"/n/{n}"] for n in range(1, 6)] == [1] * 5


async def test_feeds_are_ranked_and_those_that_repeat_better_ones_are_left_out(site: Site) -> None:
    site.routes |= {
        "/": Answer(front(alternate("/feed"), alternate("/politics"), alternate("/comments/feed"), alternate("/old"),
                          alternate("/local"), alternate("/broken"))),
        "/feed": Answer(feed(*range(1, 9))),
        "/politics": Answer(feed(2, 4, 6)),
        "/local": Answer(feed(*range(20, 26))),
        "/old": Answer(feed(30, 31, age=timedelta(days=90))),
        "/broken": Answer(b"<rss><channel>"),
    }  # fmt: skip
    publish(site, *range(1, 32))
    proposal = await proposed(site)
    verdicts = {f.url.removeprefix(site.url("")): (f.verdict, f.chosen) for f in proposal.discovery.feeds}
    assert verdicts == {
        "/feed": ("ok", True),
        "/local": ("ok", True),
        "/politics": ("duplicate", False),
        "/old": ("stale", False),
        "/broken": ("malformed", False),
    }
    assert "/comments/feed" not in site.paths()


async def test_several_feeds_that_are_given_are_feeds_of_one_source(site: Site) -> None:
    site.routes |= {"/a": Answer(feed(1, 2, 3, 4)), "/b": Answer(feed(3, 4, 5))}
    publish(site, *range(1, 6))
    proposal = await propose(CONFIG, [site.url("/a"), site.url("/b")], Wishes())
    assert proposal.source is not None
    assert {f.url for f in proposal.source.feeds} == {site.url("/a"), site.url("/b")}
    assert {f.overlap for f in proposal.discovery.chosen} == {0.0, 2 / 3}


async def test_articles_that_robots_txt_closes_are_told(site: Site) -> None:
    site.routes |= {"/feed": Answer(feed(1, 2, 3)), "/robots.txt": Answer(b"User-agent: *\nDisallow: /n/\n")}
    publish(site, 1, 2, 3)
    proposal = await proposed(site, "/feed")
    assert (proposal.good, proposal.robots_allow) == (False, False)
    assert [problem.reason for problem in proposal.problems] == ["robots"]


async def test_feeds_that_moved_are_looked_for_from_the_front_page_that_was_said(site: Site) -> None:
    site.routes |= {"/": Answer(front(alternate("/feed"))), "/feed": Answer(feed(1, 2, 3))}
    publish(site, 1, 2, 3)
    proposal = await propose(CONFIG, [site.url("/old-feed")], Wishes(home=site.url("/")))
    assert proposal.good
    assert [f.url for f in proposal.discovery.chosen] == [site.url("/feed")]
    assert [problem.reason for problem in proposal.problems] == ["http-404"]


async def test_where_feeds_often_are_is_tried_when_nothing_is_declared(site: Site) -> None:
    site.routes |= {"/": Answer(front()), "/rss.xml": Answer(feed(1, 2, 3))}
    publish(site, 1, 2, 3)
    proposal = await proposed(site)
    assert [f.url for f in proposal.discovery.chosen] == [site.url("/rss.xml")]
    assert "/atom.xml" not in site.paths()


async def test_a_sitemap_that_robots_txt_names_is_found(site: Site) -> None:
    urls = "".join(
        f"<url><loc>{site.url(f'/n/{n}')}</loc><lastmod>{(NOW - timedelta(hours=n)).isoformat()}</lastmod></url>"
        for n in (1, 2, 3)
    )
    robots = f"User-agent: *\nCrawl-delay: 0.01\nSitemap: {site.url('/maps.xml')}\n"
    site.routes |= {
        "/robots.txt": Answer(robots.encode()),
        "/": Answer(front()),
        "/maps.xml": Answer(
            f"<sitemapindex><sitemap><loc>{site.url('/news.xml')}</loc></sitemap></sitemapindex>".encode()
        ),
        "/news.xml": Answer(f"<urlset>{urls}</urlset>".encode()),
    }
    publish(site, 1, 2, 3)
    proposal = await proposed(site)
    assert [(f.url, f.kind) for f in proposal.discovery.chosen] == [(site.url("/maps.xml"), FeedKind.SITEMAP)]
    assert proposal.discovery.robots.delay == 0.01
    assert proposal.good


async def test_a_site_without_any_feed_is_offered_as_a_listing(
    site: Site, pool: AsyncConnectionPool, database_url: str
) -> None:
    links = "".join(f'<a href="/n/{n}">افتتاح الجسر رقم {n} في وادي الزيتون</a>' for n in range(1, 7))
    site.routes["/"] = Answer(front(links=links + '<a href="/sports">رياضة</a>'))
    publish(site, *range(1, 7))
    proposal = await proposed(site)
    [listing] = proposal.discovery.chosen
    assert (listing.kind, listing.pattern) == (FeedKind.LISTING, r"^/n/\d+/?$")
    assert len(proposal.discovery.links) == 6
    assert proposal.good
    assert proposal.source is not None
    source = await save(pool, proposal, proposal.source, by="salma", keep_pages=False)
    assert (await Crawl(CONFIG, pool, database_url).run([source])).sources[source.name].new == 3


async def test_a_sitemap_that_is_given_is_read_as_one(site: Site) -> None:
    urls = "".join(
        f"<url><loc>{site.url(f'/n/{n}')}</loc><lastmod>{(NOW - timedelta(hours=n)).isoformat()}</lastmod></url>"
        for n in (1, 2, 3)
    )
    site.routes["/map.xml"] = Answer(f"<urlset>{urls}</urlset>".encode(), headers={"Content-Type": "text/xml"})
    publish(site, 1, 2, 3)
    proposal = await proposed(site, "/map.xml")
    assert proposal.source is not None
    assert [(f.url, f.kind) for f in proposal.source.feeds] == [(site.url("/map.xml"), FeedKind.SITEMAP)]
    assert proposal.good
    assert site.paths()[0] == "/map.xml"


async def test_a_pattern_that_nothing_matches_is_told(site: Site) -> None:
    site.routes["/"] = Answer(front(links='<a href="/n/1">خبر</a>'))
    proposal = await proposed(site, pattern=r"^/story/\d+$")
    assert [problem.reason for problem in proposal.problems] == ["no-links"]


async def test_an_operators_pattern_makes_a_page_a_listing(site: Site) -> None:
    site.routes["/"] = Answer(front(alternate("/feed"), links='<a href="/n/1">خبر</a><a href="/x/2">غيره</a>'))
    publish(site, 1)
    proposal = await proposed(site, pattern=r"^/n/\d+$")
    assert proposal.source is not None
    [listing] = proposal.source.feeds
    assert (listing.kind, listing.pattern) == (FeedKind.LISTING, r"^/n/\d+$")
    assert "/feed" not in site.paths()


LOGIN = "<html><body><h1>الدخول</h1><form><input name='u'><input type='password' name='p'></form></body></html>"
CHALLENGE = (
    '<html><head><title>Just a moment...</title></head><body><div id="cf-wrapper" class="cf-browser-verification">'
    '<form id="challenge-form" class="challenge-form"></form></div></body></html>'
)
ENGLISH = "<rss version='2.0'><channel><title>News</title>" + "".join(
    f"<item><title>The bridge number {n} was opened to cars in the valley on Sunday</title><link>/e/{n}</link></item>"
    for n in range(5)
)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(b"no", 404), "http-404"),
        (Answer(b"no", 403), "http-403"),
        (Answer(b"no", 418), "http-418"),
        (Answer(b"no", 503), "http-503"),
        (Answer(LOGIN.encode()), "login"),
        (Answer(CHALLENGE.encode(), 403), "challenge"),
        (Answer(CHALLENGE.encode()), "challenge"),
        (Answer(f"{ENGLISH}</channel></rss>".encode()), "other-language"),
        (Answer(b"%PDF-1.7", headers={"Content-Type": "application/pdf"}), "not-a-sitemap"),
        (Answer(feed()), "no-entries"),
        (Answer(front()), "nothing-found"),
        (Answer(b"<html>", drip=5), "timeout"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_an_address_that_cannot_be_added_has_its_sentence_and_its_next_step(
    site: Site, short_timeout: None, answer: Answer, reason: str
) -> None:
    site.routes["/"] = answer
    proposal = await proposed(site)
    assert proposal.source is None
    assert [problem.reason for problem in proposal.problems] == [reason]
    [problem] = proposal.problems
    assert problem.sentence.endswith(".")
    assert not problem.sentence.startswith("It cannot be used")
    assert problem.next


async def test_a_host_that_nobody_knows_and_one_that_robots_txt_closes(site: Site) -> None:
    unknown = await propose(CONFIG, ["http://nobody.invalid/"], Wishes())
    assert [problem.reason for problem in unknown.problems] == ["dns"]
    site.routes |= {"/robots.txt": Answer(b"User-agent: *\nDisallow: /\n"), "/": Answer(front())}
    closed = await proposed(site)
    assert [problem.reason for problem in closed.problems] == ["robots"]
    assert site.paths() == []


async def test_three_hundred_feeds_are_not_all_asked(site: Site) -> None:
    tags = "".join(f'<a href="/tag/{n}/feed/">RSS</a>' for n in range(300))
    site.routes |= {"/": Answer(front(alternate("/feed"), links=tags)), "/feed": Answer(feed(1, 2, 3))}
    publish(site, 1, 2, 3)
    proposal = await proposed(site)
    assert proposal.good
    assert [problem.reason for problem in proposal.problems] == ["many-feeds"]
    assert len(site.requests) < 15


async def test_a_feed_that_is_an_archive_is_read_as_far_as_is_sensible(site: Site) -> None:
    site.routes["/feed"] = Answer(feed(*range(1, 6), *range(10, 6_000)))
    publish(site, *range(1, 6))
    proposal = await proposed(site, "/feed")
    assert proposal.good
    assert [problem.reason for problem in proposal.problems] == ["beyond-limit"]


async def test_articles_that_nobody_can_read_are_not_added_unseen(site: Site) -> None:
    site.routes["/feed"] = Answer(feed(1, 2, 3))
    for n in (1, 2, 3):
        site.routes[f"/n/{n}"] = Answer(LOGIN.encode())
    proposal = await proposed(site, "/feed")
    assert not proposal.good
    assert [problem.reason for problem in proposal.problems] == ["login"]


async def test_what_looks_wrong_with_an_article_is_said(site: Site) -> None:
    prompt = "وادي الزيتون في صور، كل يوم قصة جديدة من أرشيف الصحيفة القديم"
    site.routes["/feed"] = Answer(feed(1, 2, 3))
    site.routes |= {
        "/n/1": Answer(page(1, date=NOW - timedelta(hours=4), text=f"{LONG}\n{prompt}\n{MORE}")),
        "/n/2": Answer(page(2, text=f"{LONG}\n{prompt}")),
        "/n/3": Answer(page(3, date=NOW - timedelta(days=40), text=f"{LONG}\n{MORE}")),
    }
    proposal = await proposed(site, "/feed")
    first, second, third = (" ".join(one.doubts) for one in proposal.previews)
    assert "exactly 3 h from the feed's" in first
    assert prompt[:20] in first
    assert "short" in second
    assert "days from the feed's" in third


async def test_the_zone_is_concluded_from_how_far_pages_are_ahead_of_their_feed(site: Site) -> None:
    site.routes["/feed"] = Answer(feed(1, 2, 3))
    for n in (1, 2, 3):
        local = (NOW - timedelta(hours=n)).astimezone(ZoneInfo("Africa/Tunis")).replace(tzinfo=None)
        site.routes[f"/n/{n}"] = Answer(page(n, date=local))
    proposal = await proposed(site, "/feed")
    assert proposal.suggestions["timezone"].value == "Africa/Algiers"
    assert [one.doubts for one in proposal.previews] == [(), (), ()]
    told = await proposed(site, "/feed", timezone="Asia/Baghdad")
    assert all("exactly 2 h" in one.doubts[0] for one in told.previews)


async def test_country_zone_and_interval_are_suggested(site: Site) -> None:
    quick = "".join(
        f"<item><title>افتتاح الجسر رقم {n} في وادي الزيتون</title><link>/n/{n}</link>"
        f"<pubDate>{format_datetime(NOW - timedelta(minutes=4 * n))}</pubDate></item>"
        for n in range(1, 16)
    )
    site.routes["/feed"] = Answer(
        f'<rss version="2.0"><channel><title>و</title><language>ar-IQ</language>{quick}</channel></rss>'.encode()
    )
    publish(site, *range(1, 16))
    proposal = await proposed(site, "/feed")
    assert proposal.source is not None
    assert (proposal.source.country, proposal.source.timezone) == ("IQ", "Asia/Baghdad")
    assert proposal.source.interval is None
    assert "its feed reaches back" in proposal.suggestions["interval"].why
