"""A newspaper theme of WordPress: JSON-LD with ``@graph``, OpenGraph, plug-ins' styles and scripts all over."""

from __future__ import annotations

import json
from html import escape
from urllib.parse import quote

from benchmarks.newsweb.chrome import COOKIES, Around, body
from benchmarks.newsweb.dates import long_date
from benchmarks.newsweb.outlets import Article

ENCODING = "utf-8"


def path(article: Article) -> str:
    return f"/{article.published_at:%Y/%m/%d}/{quote(article.story.title.replace(' ', '-').replace(':', ''))}-{article.number}/"


def page(article: Article, around: Around) -> str:
    story, outlet = article.story, article.outlet
    graph = {"@context": "https://schema.org", "@graph": [
        {"@type": "WebSite", "@id": f"{outlet.home}#website", "name": outlet.title, "url": outlet.home},
        {"@type": "WebPage", "@id": article.url, "name": story.title, "isPartOf": {"@id": f"{outlet.home}#website"}},
        {"@type": "NewsArticle", "headline": story.title, "datePublished": article.published_at.isoformat(),
         "articleSection": article.section, "author": {"@type": "Person", "name": story.author},
         "keywords": list(story.tags), "publisher": {"@type": "Organization", "name": outlet.title}},
    ]}  # fmt: skip
    other = around.other(article)
    text = body(
        article, p="<p>{0}</p>", h="<h3><strong>{0}</strong></h3>",
        post='<blockquote class="twitter-tweet"><p lang="ar" dir="rtl">{0}</p></blockquote>',
        between={
            1: '<div class="jeg_ad jeg_ad_inline"><div class="ads-wrapper"><script>googletag.cmd.push(1)</script></div></div>',
            2: f'<div class="jnews_inline_related_post"><h4>اقرأ أيضاً</h4><a href="{other.path}">{escape(other.story.title)}</a></div>',
            99: f"<p>{around.prompt}</p>",
        },
    )  # fmt: skip
    tags = "".join(f'<a href="/tag/{quote(tag)}/" rel="tag">{tag}</a>' for tag in story.tags)
    comments = "".join(
        f'<li class="comment"><div class="comment-author vcard"><cite class="fn">{name}</cite></div>'
        f'<div class="comment-content"><p>{said}</p></div><a class="comment-reply-link" href="#r">رد</a></li>'
        for name, said in around.comments(article)
    )
    return f"""<!DOCTYPE html>
<html dir="rtl" lang="ar"><head><meta charset="UTF-8"><meta name="viewport" content="width=device-width">
<title>{escape(story.title)} - {outlet.title}</title><link rel="canonical" href="{article.url}">
<meta property="og:locale" content="ar_AR"><meta property="og:type" content="article">
<meta property="og:title" content="{escape(story.title)}"><meta property="og:site_name" content="{outlet.title}">
<meta property="article:published_time" content="{article.published_at.isoformat()}">
<meta property="og:image" content="{outlet.home}wp-content/uploads/{article.number}.jpg">
<script type="application/ld+json" class="yoast-schema-graph">{json.dumps(graph, ensure_ascii=False)}</script>
<style id="global-styles-inline-css">{around.style(16_000)}</style><script>{around.script(9_000)}</script></head>
<body class="rtl post-template-default single single-post postid-{article.number} single-format-standard">
<div class="jeg_header"><div class="jeg_topbar"><span>{long_date(article.published_at)}</span></div>
<ul class="jeg_menu jeg_main_menu">{around.links('<li class="menu-item menu-item-type-taxonomy"><a href="{url}">{text}</a></li>', 60)}</ul></div>
<div class="jeg_main"><div class="container"><div class="row"><div class="jeg_main_content col-md-8">
<div class="jeg_breadcrumbs"><span><a href="/">الرئيسية</a></span> <span><a href="/s/">{article.section}</a></span></div>
<div class="entry-header"><h1 class="jeg_post_title">{escape(story.title)}</h1>
<div class="jeg_post_meta"><div class="jeg_meta_author"><span class="meta_text">بواسطة</span> <a href="/author/{article.number % 9}/">{story.author}</a></div>
<div class="jeg_meta_date"><a href="{article.path}">{long_date(article.published_at)}</a></div></div></div>
<div class="jeg_featured featured_image"><img src="/wp-content/uploads/{article.number}.jpg" alt="{escape(story.title)}" width="750"></div>
<div class="jeg_share_top_container"><div class="jeg_share_button share-float"><a href="#" class="jeg_btn-facebook"><i class="fa fa-facebook-official"></i><span>شارك على فيسبوك</span></a><a href="#" class="jeg_btn-twitter"><span>شارك على تويتر</span></a></div></div>
<div class="entry-content no-share"><div class="content-inner">
{text}
<div class="jeg_post_tags"><span>الوسوم:</span>{tags}</div></div></div>
<div class="jnews_related_post_container"><h3 class="jeg_block_title">مقالات ذات صلة</h3>{around.cards(article, 24, _card)}</div>
<div id="comments" class="comment-wrapper"><h3>التعليقات</h3><ol class="commentlist">{comments}</ol></div></div>
<div class="jeg_sidebar col-md-4"><div class="widget widget_jnews_popular"><h3>الأكثر قراءة</h3>{around.cards(article, 30, _card)}</div></div></div></div></div>
<div class="jeg_footer"><ul>{around.links('<li><a href="{url}">{text}</a></li>', 30, 60)}</ul><p class="copyright">جميع الحقوق محفوظة © {outlet.title}</p></div>
<div id="cookie-notice">{COOKIES} <a href="/privacy/">موافق</a></div>
<script>{around.script(14_000)}</script></body></html>"""


def _card(other: Article, place: int) -> str:
    return (
        f'<article class="jeg_post jeg_pl_sm format-standard post-{place}"><div class="jeg_thumb"><a href="{other.path}">'
        f'<img class="lazyload" data-src="/i/{other.number}-120x86.jpg" alt=""></a></div><div class="jeg_postblock_content">'
        f'<h3 class="jeg_post_title"><a href="{other.path}">{escape(other.story.title)}</a></h3>'
        f'<div class="jeg_post_meta"><i class="fa fa-clock-o"></i> {other.published_at:%d/%m/%Y}</div></div></article>'
    )
