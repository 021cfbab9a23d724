"""A page that lists articles: its pattern is learned, what matches is announced, and pages that go on are found."""

from __future__ import annotations

import pytest

from crawler.listings import check_pattern, following_page, learn_pattern, links_of, matching, parse_listing, parse_page
from pipelines.errors import FeedRejected

HOME = "https://nahr.example/"
NAV = '<nav><a href="/politics">سياسة</a><a href="/sports">رياضة</a><a href="/about">من نحن</a></nav>'


def front_page(*paths: str) -> bytes:
    items = "".join(
        f'<li><a href="{path}"><img src="/{n}.jpg"></a><a href="{path}">افتتاح جسر جديد في وادي الزيتون رقم {n}</a></li>'
        for n, path in enumerate(paths)
    )
    return f"<html><body>{NAV}<ul>{items}</ul><a href='/f.pdf'>ملف</a></body></html>".encode()


@pytest.mark.parametrize(
    ("paths", "unlike"),
    [
        ([f"/2026/03/05/story-of-the-bridge-{n}" for n in range(6)], "/2026/03/05/"),
        ([f"/news/{1200 + n}" for n in range(6)], "/news/latest"),
        ([f"/politics/{n}/افتتاح-جسر-جديد-في-الوادي" for n in range(6)], "/politics"),
        ([f"/article.php?id={n}" for n in range(6)], "/article.php?sort=new"),
        ([f"/content/افتتاح-جسر-{n}-في-الوادي.html" for n in range(6)], "/content/index.html"),
    ],
)
def test_the_pattern_of_articles_is_learned_from_one_page(paths: list[str], unlike: str) -> None:
    links = links_of(parse_page(front_page(*paths), "utf-8"), HOME)
    learned = learn_pattern(links)
    assert learned is not None
    assert len(learned.links) == 6
    assert all(link.text.startswith("افتتاح") for link in learned.links)
    assert not [link for link in matching(links, learned.pattern) if link not in learned.links]
    page = f'<a href="{unlike}">كلمات قليلة</a>'.encode()
    with pytest.raises(FeedRejected, match="no-links"):
        parse_listing(page, HOME, learned.pattern)


def test_a_page_of_nothing_but_sections_has_no_pattern() -> None:
    assert learn_pattern(links_of(parse_page(NAV.encode(), None), HOME)) is None


def test_a_listing_announces_each_article_once_with_its_headline() -> None:
    parsed = parse_listing(front_page("/news/1", "/news/2", "/news/1?utm_source=x"), HOME, r"^/news/\d+")
    assert [(entry.url, entry.title) for entry in parsed.entries] == [
        ("https://nahr.example/news/1", "افتتاح جسر جديد في وادي الزيتون رقم 0"),
        ("https://nahr.example/news/2", "افتتاح جسر جديد في وادي الزيتون رقم 1"),
    ]


@pytest.mark.parametrize(
    ("url", "link", "following"),
    [
        ("https://nahr.example/news", '<link rel="next" href="/news/page/2/">', "https://nahr.example/news/page/2/"),
        ("https://nahr.example/news", '<a class="pager-next" href="?p=x2">»</a>', "https://nahr.example/news?p=x2"),
        ("https://nahr.example/news?page=2", '<a href="?page=1">1</a><a href="?page=3">3</a>',
         "https://nahr.example/news?page=3"),
        ("https://nahr.example/news", '<a href="https://elsewhere.example/?page=2" rel="next">2</a>', None),
        ("https://nahr.example/news", '<a href="/calendar/2027">2027</a>', None),
    ],
)  # fmt: skip
def test_the_page_that_goes_on(url: str, link: str, following: str | None) -> None:
    assert following_page(parse_page(f"<html><body>{link}</body></html>".encode(), None), url) == following


def test_a_pattern_that_is_none_is_told() -> None:
    assert check_pattern(r"^/news/\d+$") is None
    assert "unterminated" in (check_pattern("[") or "")
    assert "longer" in (check_pattern("a" * 600) or "")
