"""How two newsrooms of different make publish the same kind of thing: pages, feeds, front pages.

``wordpress``: UTF-8, JSON-LD with ``@graph``, OpenGraph, share bars, related stories, comments, prompts in plain
paragraphs; RSS 2.0 with summaries. ``tables``: windows-1256 that only the page declares, layout in tables, paragraphs
parted by ``<br><br>``, bylines in the text; Atom.
"""

from __future__ import annotations

import json
import re
from html import escape
from zoneinfo import ZoneInfo

from crawler.demo.outlets import Article, Outlet

_ARABIC_MONTHS = [

    "جانفي",
    "فيفري",
    "مارس",
    "أفريل",
    "ماي",
    "جوان",
    "جويلية",
    "أوت",
    "سبتمبر",
    "أكتوبر",
    "نوفمبر",
    "ديسمبر",

]  # fmt: skip


def article_page(outlet: Outlet, article: Article) -> bytes:
    """Return the page of an article."""
    return _wordpress(outlet, article) if outlet.make == "wordpress" else _tables(outlet, article)


def front_page(outlet: Outlet) -> bytes:
    """Return the front page: links to everything."""
    links = "".join(
        f'<li><a href="{outlet.path(article)}">{escape(article.title)}</a></li>' for article in outlet.articles
    )
    page = (
        f'<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>{escape(outlet.title)}</title>'
        f'<link rel="alternate" type="application/rss+xml" href="{outlet.feed_url}"></head>'
        f"<body><h1>{escape(outlet.title)}</h1><ul>{links}</ul></body></html>"
    )
    return page.encode()


def video_page(outlet: Outlet) -> bytes:
    """Return a page that holds a video and no article."""
    page = (
        '<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="{charset}"><title>بالفيديو: غروب على الضفة'
        '</title><meta property="og:type" content="video.other"></head><body><h1>بالفيديو: غروب على الضفة</h1>'
        '<video src="/sunset.mp4"></video></body></html>'
    )
    charset = "utf-8" if outlet.make == "wordpress" else "windows-1256"
    return page.replace("{charset}", charset).encode("utf-8" if outlet.make == "wordpress" else "cp1256")


def english_page() -> bytes:
    """Return a page in another language, as outlets slip into their Arabic feeds."""
    prose = (
        "The municipality of the port said on Tuesday that the new bridge would open to cars before the end of the "
        "month, and that the old one would be closed for repair. Officials have not said what the work will cost."
    )
    page = (
        f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>New bridge to open</title></head>"
        f"<body><h1>New bridge to open</h1><article><p>{prose}</p><p>{prose}</p></article></body></html>"
    )
    return page.encode()


def feed(outlet: Outlet) -> bytes:
    """Return the feed, with the blemishes of real ones: pages that are gone, a video, English, one entry twice."""
    return _rss(outlet) if outlet.make == "wordpress" else _atom(outlet)


def sitemap(outlet: Outlet) -> bytes:
    """Return the sitemap."""
    urls = "".join(
        f"<url><loc>{escape(outlet.url(article))}</loc><lastmod>{article.published_at.isoformat()}</lastmod></url>"
        for article in outlet.articles
    )
    head = '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return f"{head}{urls}</urlset>".encode()


def _linked(text: str) -> str:
    """Escape a text, and link its hashtags as content systems do."""
    return re.sub(r"#(\w+)", r'<a href="/tag/\1/" rel="tag">#\1</a>', escape(text, quote=False))


def _wordpress(outlet: Outlet, article: Article) -> bytes:
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": outlet.title, "url": outlet.base_url},
            {
                "@type": "NewsArticle",
                "headline": article.title,
                "datePublished": article.published_at.isoformat(),
                "articleSection": article.section,
                "author": {"@type": "Person", "name": article.author},
                "publisher": {"@type": "Organization", "name": outlet.title},
            },
        ],
    }
    related = next((other for other in outlet.articles if other.slug == article.read_also), None)
    body = []
    for number, paragraph in enumerate(article.paragraphs):
        last = number == len(article.paragraphs) - 1
        body.append(_wordpress_block(paragraph, article.glued if last else None))
        if number == 1 and related:
            body.append(
                f'<p><strong>اقرأ أيضاً: <a href="{outlet.path(related)}">{escape(related.title)}</a></strong></p>'
            )
    body += [f"<p>{escape(prompt)}</p>" for prompt in article.prompts]
    others = "".join(
        f'<li><a href="{outlet.path(other)}">{escape(other.title)}</a></li>' for other in outlet.articles[:5]
    )
    return f"""<!DOCTYPE html>
<html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>{escape(article.title)} - {escape(outlet.title)}</title>
<link rel="canonical" href="{outlet.url(article)}">
<meta property="og:type" content="article"><meta property="og:title" content="{escape(article.title)}">
<meta property="og:site_name" content="{escape(outlet.title)}">
<script type="application/ld+json">{json.dumps(graph, ensure_ascii=False)}</script></head>
<body class="rtl single-post">
<header class="site-header"><nav><a href="/">الرئيسية</a> <a href="/s/">سياسة</a></nav></header>
<main><article class="post hentry"><h1 class="entry-title">{escape(article.title)}</h1>
<div class="entry-meta"><span class="author">{escape(article.author)}</span>
<time datetime="{article.published_at.isoformat()}">{article.published_at:%d/%m/%Y}</time></div>
<div class="share-bar"><a href="#">شارك على فيسبوك</a><a href="#">واتساب</a></div>
<div class="entry-content">
{chr(10).join(body)}
</div></article>
<section class="related-posts"><h3>قد يعجبك أيضاً</h3><ul>{others}</ul></section>
<section class="comments-area"><h3>التعليقات</h3><p>بارك الله فيكم على هذا الخبر.</p></section></main>
<aside class="sidebar"><h4>الأكثر قراءة</h4><ul>{others}</ul></aside>
<footer>جميع الحقوق محفوظة © {escape(outlet.title)}</footer></body></html>
""".encode()


def _wordpress_block(paragraph: str, glued: str | None) -> str:
    tail = f"<br>{escape(glued)}" if glued else ""
    if paragraph.startswith("## "):
        return f"<h2>{_linked(paragraph[3:])}</h2>"
    if paragraph.startswith("- "):
        return f"<ul><li>{_linked(paragraph[2:])}</li></ul>"
    if paragraph.startswith("> "):
        return f'<blockquote class="twitter-tweet"><p>{_linked(paragraph[2:])}</p></blockquote>'
    return f"<p>{_linked(paragraph)}{tail}</p>"


def _tables(outlet: Outlet, article: Article) -> bytes:
    local = article.published_at.astimezone(ZoneInfo(outlet.timezone))
    date = f"{local.day} {_ARABIC_MONTHS[local.month - 1]} {local.year} {local:%H:%M}"
    parts = [f"<b>كتب: {escape(article.author)}</b>", *(_linked(paragraph) for paragraph in article.paragraphs)]
    if article.glued:
        parts[-1] += f"<br>{escape(article.glued)}"
    parts += [f"<i>{escape(prompt)}</i>" for prompt in article.prompts]
    others = "".join(
        f'<tr><td><a href="{outlet.path(other)}">{escape(other.title)}</a></td></tr>' for other in outlet.articles[:6]
    )
    page = f"""<html dir="rtl"><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1256">
<title>{escape(outlet.title)} - {escape(article.title)}</title></head><body>
<table width="100%"><tr><td colspan="2"><a href="/">{escape(outlet.title)}</a></td></tr>
<tr><td width="200"><b>آخر الأخبار</b><table>{others}</table></td>
<td><font size="5"><b>{escape(article.title)}</b></font><br><font size="1">{date}</font><br><br>
<font size="3">{"<br><br>".join(parts)}</font><br><br>
<a href="/print">طباعة</a> | <a href="/send">أرسل لصديق</a></td></tr>
<tr><td colspan="2"><font size="1">جميع الحقوق محفوظة لصحيفة المرسى</font></td></tr></table></body></html>
"""
    return page.encode("cp1256", "xmlcharrefreplace")


def _rss(outlet: Outlet) -> bytes:
    items = [_item(outlet.url(article), article.title, article.paragraphs[0], article) for article in outlet.articles]
    first = outlet.articles[0]
    items.insert(1, items[0])
    items.append(_item(f"{outlet.base_url}video/sunset/", "بالفيديو: غروب على الضفة", "", first))
    items.append(_item(f"{outlet.base_url}2020/01/01/gone/", "خبر حذف من الموقع", "", first))
    items.append(_item(f"{outlet.base_url}english/bridge/", "New bridge to open", "", first))
    head = f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>{escape(outlet.title)}</title>'
    return f"{head}<link>{outlet.base_url}</link><language>ar</language>{''.join(items)}</channel></rss>".encode()


def _item(url: str, title: str, summary: str, article: Article) -> str:
    date = f"{article.published_at:%a, %d %b %Y %H:%M:%S} +0000"
    return (
        f"<item><title>{escape(title)}</title><link>{escape(url)}</link><pubDate>{date}</pubDate>"
        f'<guid isPermaLink="false">{escape(url)}</guid><description>{escape(summary)}</description></item>'
    )


def _atom(outlet: Outlet) -> bytes:
    entries = [
        f"<entry><title>{escape(article.title)}</title><id>tag:marsa,{article.slug}</id>"
        f'<link rel="alternate" href="{outlet.path(article)}"/><updated>{article.published_at.isoformat()}</updated>'
        f"<author><name>{escape(article.author)}</name></author></entry>"
        for article in outlet.articles
    ]
    entries.append(
        '<entry><title>بالفيديو: غروب على الضفة</title><id>tag:marsa,video</id><link href="/video-sunset.html"/>'
        f"<updated>{outlet.articles[0].published_at.isoformat()}</updated></entry>"
    )
    head = '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
    title = f"<title>{escape(outlet.title)}</title><id>{outlet.base_url}</id>"
    return f"{head}{title}{''.join(entries)}</feed>".encode()
