"""Accelerated Mobile Pages: custom elements, one style of at most 75 KB, JSON-LD, no script but AMP's own."""

from __future__ import annotations

import json
from html import escape

from benchmarks.newsweb.chrome import Around, body
from benchmarks.newsweb.dates import levantine_date
from benchmarks.newsweb.outlets import Article

ENCODING = "utf-8"


def path(article: Article) -> str:
    return f"/amp/story/{article.number + 7_000}"


def page(article: Article, around: Around) -> str:
    story, outlet = article.story, article.outlet
    data = {"@context": "http://schema.org", "@type": "NewsArticle", "mainEntityOfPage": article.url,
            "headline": story.title, "datePublished": article.published_at.isoformat(),
            "author": {"@type": "Person", "name": story.author}, "keywords": ",".join(story.tags),
            "publisher": {"@type": "Organization", "name": outlet.title, "logo": {"@type": "ImageObject", "url": "/l.png"}}}  # fmt: skip
    other = around.other(article)
    text = body(
        article, p="<p>{0}</p>", h="<h2>{0}</h2>", post='<blockquote class="post">{0}</blockquote>',
        between={
            1: '<amp-ad width="300" height="250" type="doubleclick" data-slot="/1/amp"><div placeholder>إعلان</div></amp-ad>',
            3: f'<div class="amp-related"><span>مواضيع متعلقة</span><a href="{other.path}">{escape(other.story.title)}</a></div>',
        },
    )  # fmt: skip
    return f"""<!doctype html><html ⚡ lang="ar" dir="rtl"><head><meta charset="utf-8"><script async src="https://cdn.ampproject.org/v0.js"></script>
<title>{escape(story.title)}</title><link rel="canonical" href="{article.url}"><meta name="viewport" content="width=device-width,minimum-scale=1">
<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>
<style amp-boilerplate>body{{-webkit-animation:-amp-start 8s steps(1,end) 0s 1 normal both}}</style><style amp-custom>{around.style(45_000)}</style></head>
<body><amp-sidebar id="sidebar" layout="nodisplay" side="right"><ul>{around.links('<li><a href="{url}">{text}</a></li>', 90)}</ul></amp-sidebar>
<header class="amp-header"><button on="tap:sidebar.toggle">☰</button><a href="/"><amp-img src="/logo.png" width="120" height="40"></amp-img></a></header>
<article class="amp-article"><header class="amp-article-header"><div class="amp-category"><a href="/s">{article.section}</a></div><h1 class="amp-title">{escape(story.title)}</h1>
<div class="amp-meta amp-byline"><span class="amp-author">{story.author}</span></div><div class="amp-meta amp-posted-on"><time datetime="{article.published_at.isoformat()}">{levantine_date(article.published_at)}</time></div></header>
<figure class="amp-featured-image"><amp-img src="/i/{article.number}.jpg" width="1200" height="675" layout="responsive"></amp-img></figure>
<div class="amp-social"><amp-social-share type="facebook"></amp-social-share><amp-social-share type="twitter"></amp-social-share></div>
<div class="amp-article-content">
{text}
</div><footer class="amp-article-footer"><div class="amp-tags">{"".join(f'<a href="/t/{n}">{tag}</a>' for n, tag in enumerate(story.tags))}</div></footer></article>
<section class="amp-related-list"><h3>اقرأ المزيد</h3>{around.cards(article, 60, _card)}</section>
<footer class="amp-footer"><p>{around.prompt}</p><div>{around.links('<a href="{url}">{text}</a>', 40)}</div><p>© {outlet.title}</p></footer>
<amp-consent id="consent" layout="nodisplay"><script type="application/json">{{"consentRequired":true}}</script></amp-consent></body></html>"""


def _card(other: Article, place: int) -> str:
    return (
        f'<div class="amp-card c{place}"><a href="{other.path}"><amp-img src="/i/{other.number}.jpg" width="120" height="80"></amp-img>'
        f'<span class="amp-card-title">{escape(other.story.title)}</span></a><time>{other.published_at:%d/%m/%Y}</time></div>'
    )
