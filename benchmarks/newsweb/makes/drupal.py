"""Drupal: fields within fields, paragraphs pasted from an office programme, dates by the RDF module."""

from __future__ import annotations

from html import escape

from benchmarks.newsweb.chrome import Around, body
from benchmarks.newsweb.dates import levantine_date
from benchmarks.newsweb.outlets import Article

ENCODING = "utf-8"


def path(article: Article) -> str:
    return f"/node/{article.number + 3_000}"


def page(article: Article, around: Around) -> str:
    story, outlet = article.story, article.outlet
    other = around.other(article)
    text = body(
        article, p='<p dir="RTL"><span style="font-size:16px;"><span style="font-family:simplified arabic,serif;">{0}</span></span></p>\n<p>&nbsp;</p>',
        h='<h2 dir="RTL"><span style="color:#8b0000;">{0}</span></h2>', post='<blockquote class="twitter-video"><p dir="rtl">{0}</p></blockquote>',
        between={2: f'<div class="views-related"><div class="title">اقرأ أيضاً</div><ul><li><a href="{other.path}">{escape(other.story.title)}</a></li></ul></div>'},
    )  # fmt: skip
    tags = "".join(
        f'<div class="field-item"><a href="/taxonomy/term/{n}">{tag}</a></div>' for n, tag in enumerate(story.tags)
    )
    imports = "".join(f'@import url("/modules/m{n}/m{n}.css?q{n * 37}");' for n in range(40))
    return f"""<!DOCTYPE html>
<html lang="ar" dir="rtl" prefix="content: http://purl.org/rss/1.0/modules/content/ dc: http://purl.org/dc/terms/"><head><meta charset="utf-8"/>
<meta name="Generator" content="Drupal 9 (https://www.drupal.org)"/><title>{escape(story.title)} | {outlet.title}</title>
<link rel="canonical" href="{article.url}"/><link rel="shortlink" href="{article.url}"/>
<meta name="description" content="{escape(story.paragraphs[0].text, quote=True)}"/><meta property="og:title" content="{escape(story.title, quote=True)}"/>
<meta property="og:site_name" content="{outlet.title}"/><meta property="article:published_time" content="{article.published_at.isoformat()}"/>
<style media="all">{imports}{around.style(12_000)}</style></head>
<body class="page-node-type-article path-node layout-one-sidebar"><div class="dialog-off-canvas-main-canvas"><div class="layout-container">
<header role="banner" class="region region-header"><nav role="navigation" class="block-system-menu-blockmain"><ul class="menu">{around.links('<li class="menu-item"><a href="{url}" data-drupal-link-system-path="x">{text}</a></li>', 80)}</ul></nav></header>
<div class="region region-highlighted"><div class="view view-breaking"><div class="view-content">{around.cards(article, 10, _row)}</div></div></div>
<main role="main"><div class="region region-content"><div class="block block-page-title-block"><h1 class="page-title"><span class="field field--name-title field--type-string">{escape(story.title)}</span></h1></div>
<article role="article" data-history-node-id="{article.number}" about="{article.path}" class="node node--type-article node--view-mode-full">
<footer class="node__meta"><div class="node__submitted">بقلم <span class="field field--name-uid"><span lang="" typeof="schema:Person" property="schema:name">{story.author}</span></span> <span class="field field--name-created">{levantine_date(article.published_at)}</span></div></footer>
<div class="node__content"><div class="field field--name-field-image field--type-image"><img loading="lazy" src="/sites/default/files/{article.number}.jpg" alt=""/></div>
<div class="addtoany"><a href="#" class="a2a_button_facebook">شارك</a><a href="#" class="a2a_button_whatsapp">واتساب</a></div>
<div class="clearfix text-formatted field field--name-body field--type-text-with-summary field--label-hidden field__item">{text}</div>
<div class="field field--name-field-tags field--label-above"><div class="field__label">الوسوم</div><div class="field__items">{tags}</div></div></div></article>
<div class="view view-related-content"><h2>ذات صلة</h2><div class="view-content">{around.cards(article, 30, _row)}</div></div></div></main>
<aside class="layout-sidebar-second" role="complementary"><div class="region region-sidebar-second"><div class="view view-most-read"><h2>الأكثر قراءة</h2>{around.cards(article, 40, _row)}</div>
<div class="block newsletter-signup"><p>{around.prompt}</p><form><input type="email"><button>اشترك</button></form></div></div></aside></div>
<footer role="contentinfo"><div class="region region-footer">{around.links('<span class="ft"><a href="{url}">{text}</a></span>', 40, 30)}<p>جميع الحقوق محفوظة {outlet.title}</p></div></footer></div>
<script type="application/json" data-drupal-selector="drupal-settings-json">{{"path":{{"currentPath":"node/{article.number}"}}}}</script><script>{around.script(14_000)}</script></body></html>"""


def _row(other: Article, place: int) -> str:
    return (
        f'<div class="views-row views-row-{place}"><div class="views-field views-field-field-image"><a href="{other.path}"><img src="/s/{other.number}.jpg"/></a></div>'
        f'<div class="views-field views-field-title"><span class="field-content"><a href="{other.path}" hreflang="ar">{escape(other.story.title)}</a></span></div>'
        f'<div class="views-field views-field-created"><span>{other.published_at:%H:%M}</span></div></div>'
    )
