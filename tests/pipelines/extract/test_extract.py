"""From bytes to article: the invented web's pages, odd layouts, lying charsets, and properties that always hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.demo import Article, Outlet, load_outlets
from crawler.demo.pages import article_page
from pipelines.errors import PageRejected
from pipelines.extract import Extracted, extract
from pipelines.extract.decode import decode
from pipelines.extract.text import clean
from pipelines.model import Page, SourceRules

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
WEB = [
    (outlet.at(f"http://{outlet.name}.localhost/"), article)
    for outlet in load_outlets(NOW)
    for article in outlet.articles
]
FIRST = "أعلنت بلدية وادي الزيتون أن الجسر الجديد سيفتح أمام المركبات صباح الأحد بعد اكتمال الاختبارات."
SECOND = "وقال رئيس البلدية جاسم العلي إن الأشغال انتهت قبل موعدها بشهرين، وإن الكلفة لم تتجاوز الموازنة."


def read(html: str, **options: object) -> Extracted:
    page = Page(url="https://nahr.example/news/7", body=html.encode(), fetched_at=NOW, **options)  # type: ignore[arg-type]
    return extract(page)


def page(body: str, head: str = "") -> str:
    return f'<html lang="ar"><head><meta charset="utf-8"><title>جسر وادي الزيتون</title>{head}</head><body>{body}</body></html>'


@pytest.mark.parametrize(("outlet", "article"), WEB, ids=lambda value: getattr(value, "slug", ""))
def test_the_invented_web_is_read_to_the_word(outlet: Outlet, article: Article) -> None:
    rules = SourceRules(timezone=outlet.timezone)
    found = extract(Page(url=outlet.url(article), body=article_page(outlet, article), fetched_at=NOW, rules=rules))
    assert found.text == article.text
    assert found.metadata.title == article.title
    assert found.metadata.published_at == article.published_at
    removed = " ".join(block.text for block in found.removed)
    for prompt in article.must_not:
        assert prompt not in found.text
        assert prompt in removed


@pytest.mark.parametrize(
    "body",
    [
        f"<div>{FIRST}</div><div>{SECOND}</div>",
        f"<div>{FIRST}<br><br>{SECOND}</div>",
        f"<div><span>{FIRST}</span><br/><span>{SECOND}</span></div>",
        f"<article><p>{FIRST[:40]}<b>{FIRST[40:]}</b></p><p>{SECOND}</p></article>",
        f"<table><tr><td>{FIRST}<br><br>{SECOND}</td><td><a href='/1'>خبر آخر</a></td></tr></table>",
        f"<div class='widget content'><p>{FIRST}</p><p>{SECOND}</p></div><div class='widget'><a href='/'>الرئيسية</a></div>",
        f"<p>{FIRST}</p><p>{SECOND}</p><div id='comments'><p>خبر جميل، بارك الله فيكم جميعاً على هذا العمل.</p></div>",
        f"<p>{FIRST}</p><figure><img src='a.jpg'><figcaption>الجسر الجديد</figcaption></figure><p>{SECOND}</p>",
        f"<div class='entry-content no-share'><p>{FIRST}</p><p>{SECOND}</p></div><div class='share'>شارك الخبر</div>",
        f"<p>{FIRST}</p><script>var a='نص';</script><style>p{{}}</style><p>{SECOND}</p>",
    ],
)
def test_paragraphs_in_every_layout(body: str) -> None:
    assert read(page(f"<h1>جسر وادي الزيتون</h1>{body}")).text == f"{FIRST}\n\n{SECOND}"


def test_lists_tables_subheads_and_posts_stay_in_order() -> None:
    body = (
        f"<article><h1>جسر وادي الزيتون</h1><p>{FIRST}</p><h2>مواعيد الفتح</h2><ul><li>الأحد صباحاً</li><li>الاثنين</li></ul>"
        "<table><tr><th>اليوم</th><th>الساعة</th></tr><tr><td>الأحد</td><td>8:00</td></tr></table>"
        f'<blockquote class="twitter-tweet"><p>افتتحنا اليوم #جسر_الوادي</p></blockquote><p>{SECOND}</p></article>'
    )
    found = read(page(body))
    assert found.text.split("\n\n") == [
        FIRST, "مواعيد الفتح", "الأحد صباحاً", "الاثنين", "اليوم الساعة", "الأحد 8:00", "افتتحنا اليوم #جسر_الوادي", SECOND,
    ]  # fmt: skip
    assert found.embeds == ("افتتحنا اليوم #جسر_الوادي",)


def test_a_wire_story_is_read_by_its_lines() -> None:
    lines = f"نورس / وادي الزيتون\n\n{FIRST}\n\n{SECOND}\n* الأحد صباحاً\n* الاثنين مساءً\n\nانتهى / س.ن 12\n"
    html = page(f"<h1>جسر وادي الزيتون</h1><div class='cap'>عدسة نورس</div><pre>{lines}</pre>")
    html = html.replace("<title>جسر وادي الزيتون</title>", "<title>وكالة نورس للأنباء - جسر وادي الزيتون</title>")
    assert read(html).text.split("\n\n") == [FIRST, SECOND, "* الأحد صباحاً", "* الاثنين مساءً"]


def test_what_a_heading_of_the_pages_opens_is_not_the_article() -> None:
    box = "<div><h3>ساحة النقاش (2)</h3><div><b>قارئ</b><p>وأين ذهبت الوعود التي قطعت لنا في العام الماضي؟</p></div></div>"
    links = "<div class='x'><span>من الملف نفسه</span><a href='/9'>سكان الوادي يزرعون ألف شجرة زيتون</a></div>"
    tags = "<div class='y'><a href='/t/1'>#جسور</a> <a href='/t/2'>#الوادي</a></div>"
    found = read(page(f"<div><p>{FIRST}</p>{links}<p>{SECOND}</p>{tags}{box}</div>"))
    assert found.text == f"{FIRST}\n\n{SECOND}"
    assert {"box:label", "links"} <= {removed.reason for removed in found.removed}


def test_the_title_in_a_list_of_headings_does_not_draw_the_article_out() -> None:
    titles = "".join(f"<li><a href='/{i}'>خبر آخر من أخبار الوادي رقم {i} في هذا اليوم</a></li>" for i in range(30))
    own = "<li><a href='/news/7'>جسر وادي الزيتون يفتح أمام المركبات</a></li>"
    body = f"<ul>{own}{titles}</ul><div class='story'><h1>جسر وادي الزيتون يفتح أمام المركبات</h1><p>{FIRST}</p><p>{SECOND}</p></div>"
    found = read(page(body))
    assert found.text == f"{FIRST}\n\n{SECOND}"
    assert found.trace.containers[0] == "div.story"


def test_verse_is_an_article() -> None:
    verses = ["على النهر نام الجسر حتى تعب الماء", "وقال الصيادون للريح عودي غداً", "فالليل أطول من حبال السفن"]
    lines = [*verses, *(f"{verse} مرة أخرى" for verse in verses), *(f"{verse} للمرة الثالثة" for verse in verses)]
    assert read(page("".join(f"<p>{line}</p>" for line in lines))).text.split("\n\n") == lines


def test_the_time_of_a_live_entry_stands_before_it() -> None:
    entry = f"<div class='e'><time>09:40</time><div>{FIRST}</div></div><div class='e'><time>10:05</time><div>{SECOND}</div></div>"
    assert read(page(f"<article>{entry}</article>")).text == f"09:40 {FIRST}\n\n10:05 {SECOND}"


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("<a href='/writers/12'>د. سعاد النجار</a><span>20 نوفمبر 2026</span>", "د. سعاد النجار"),
        (
            "<table><tr><td>20 نوفمبر 2026</td></tr><tr><td class='newsWriter'>كتب: منير الوائلي</td></tr></table>",
            "منير الوائلي",
        ),
        ("<li><span>سالم الدراجي</span></li><li><span>20 نوفمبر 2026</span></li>", "سالم الدراجي"),
    ],
)
def test_authors_by_the_address_of_their_page_or_beside_the_date(line: str, author: str) -> None:
    found = read(page(f"<h1>جسر وادي الزيتون</h1><div>{line}</div><p>{FIRST}</p><p>{SECOND}</p>"))
    assert found.metadata.authors == (author,)


def test_a_relative_date_beside_the_heading_is_nearer_than_the_dates_of_other_stories() -> None:
    others = "".join(f"<div><a href='/{i}'>خبر آخر</a><span>{i}/11/2026 10:00</span></div>" for i in range(1, 9))
    found = read(page(f"<h1>جسر وادي الزيتون</h1><span>منذ ساعتين</span><p>{FIRST}</p><p>{SECOND}</p>{others}"))
    assert found.metadata.published_at == datetime(2026, 11, 24, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("encoding", "header", "meta"),
    [
        ("utf-8", None, "utf-8"),
        ("utf-8", "windows-1256", "windows-1256"),
        ("cp1256", "utf-8", "utf-8"),
        ("cp1256", None, "windows-1256"),
        ("cp1256", None, "iso-8859-1"),
        ("utf-16", None, "utf-8"),
        ("iso8859-6", "iso-8859-6", ""),
    ],
)
def test_charsets_that_lie(encoding: str, header: str | None, meta: str) -> None:
    html = f'<html><head><meta charset="{meta}"></head><body>{FIRST.replace("،", "")}</body></html>'
    assert FIRST.replace("،", "") in decode(html.encode(encoding), header).text


@pytest.mark.parametrize("damage", [lambda body: body[:-1], lambda body: body[:40] + b"\xff" + body[40:]])
def test_a_broken_byte_does_not_make_another_charset_of_a_page(damage: Callable[[bytes], bytes]) -> None:
    html = f'<html><head><meta charset="utf-8"></head><body><p>{FIRST}</p><p>{SECOND}'
    assert FIRST in decode(damage(html.encode()), "utf-8").text


def test_text_that_was_encoded_twice_is_decoded_twice() -> None:
    twice = FIRST.encode().decode("latin-1").encode()
    assert decode(twice).text == FIRST


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"%PDF-1.4", "not-html"),
        (b"\xff\xd8\xff\xe0", "not-html"),
        (b"", "empty"),
        (b"<html></html>", "empty"),
        ("<h1>بالفيديو</h1><iframe src='https://player.example/1'></iframe>".encode(), "video"),
    ],
)
def test_what_holds_no_article_is_a_verdict(body: bytes, reason: str) -> None:
    with pytest.raises(PageRejected) as verdict:
        extract(Page(url="https://nahr.example/1", body=body, fetched_at=NOW))
    assert verdict.value.reason == reason


def test_json_ld_is_read_although_it_is_broken() -> None:
    block = (
        '<script type="application/ld+json">{"@context": "https://schema.org", /* theme */ "@graph": [{"@type": "NewsArticle",'
        '"headline": "جسر وادي الزيتون", "author": [{"name": "سعاد النجار"},], "datePublished": "2026-11-20T10:00:00+03:00",}]}'
        "</script>"
    )
    found = read(page(f"<p>{FIRST}</p><p>{SECOND}</p>", block)).metadata
    assert found.authors == ("سعاد النجار",)
    assert found.published_at == datetime(2026, 11, 20, 7, tzinfo=UTC)


def test_a_page_cannot_claim_the_address_of_another_site() -> None:
    link = '<link rel="canonical" href="https://other.example/stolen">'
    assert read(page(f"<p>{FIRST}</p>", link)).metadata.canonical_url == "https://nahr.example/news/7"


def test_a_date_in_the_future_is_not_believed() -> None:
    head = '<meta property="article:published_time" content="2031-01-01T00:00:00Z">'
    assert read(page(f"<p>{FIRST}</p>", head)).metadata.published_at is None


pieces = st.lists(
    st.sampled_from(
        [f"<p>{FIRST}</p>", f"<div>{SECOND}</div>", "<br>", "<p>اقرأ أيضاً: <a href='/'>خبر</a></p>", "<ul><li>بند أول</li></ul>",
         "<table><tr><td>خلية</td><td>أخرى</td></tr></table>", "<nav><a href='/'>قسم</a></nav>", "<blockquote>قول مأثور.</blockquote>",
         "<p>نص\u200f فيه \u202bعلامات\u202c</p>", "<div class='share'>شارك</div>", "</div>", "<div>", "<p>اشترك في نشرتنا</p>"]
    ),
    max_size=20,
)  # fmt: skip


@given(pieces)
def test_no_word_is_invented_and_order_is_kept(parts: list[str]) -> None:
    html = page("".join(parts))
    try:
        found = read(html)
    except PageRejected:
        return
    plain = clean(re.sub(r"<[^>]*>", " ", html))
    position = 0
    for paragraph in found.text.split("\n\n"):
        for word in paragraph.split():
            position = plain.find(word, position)
            assert position >= 0, word


@given(st.text())
def test_cleaning_is_idempotent(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.binary())
def test_no_bytes_end_the_run(body: bytes) -> None:
    try:
        extract(Page(url="https://nahr.example/1", body=body, fetched_at=NOW))
    except PageRejected as verdict:
        assert verdict.reason
