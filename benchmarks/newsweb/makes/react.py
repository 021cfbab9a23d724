"""A site that a JavaScript framework rendered: hashed class names, and all its data once more as JSON at the end."""

from __future__ import annotations

import json
from html import escape

from benchmarks.newsweb.chrome import COOKIES, Around, body
from benchmarks.newsweb.dates import eastern_date
from benchmarks.newsweb.outlets import Article

ENCODING = "utf-8"


def path(article: Article) -> str:
    return f"/stories/{article.published_at:%Y/%m}/{article.number:05d}"


def page(article: Article, around: Around) -> str:
    story, outlet = article.story, article.outlet
    other = around.other(article)
    text = body(
        article, p='<div class="sc-gsnTZi kQxWmn" data-component="text-block"><p class="sc-dkzDqf bTFhSu">{0}</p></div>',
        h='<div class="sc-gsnTZi kQxWmn" data-component="subheadline-block"><h2 class="sc-hKMtZM eFpJMv">{0}</h2></div>',
        post='<div class="sc-gsnTZi" data-component="embed-block"><blockquote class="sc-bczRLJ">{0}</blockquote></div>',
        between={
            2: '<div class="sc-ezWOiH advert" data-component="ad-slot"></div>',
            4: f'<div class="sc-bZkfAO" data-component="links-block"><h3>ذات صلة</h3><ul><li><a href="{other.path}">{escape(other.story.title)}</a></li></ul></div>',
        },
    )  # fmt: skip
    data = {"props": {"pageProps": {"story": {
        "id": article.number, "headline": story.title, "blocks": [
            {"type": paragraph.kind, "model": {"text": paragraph.text}} for paragraph in story.paragraphs
        ]}}}, "page": "/stories/[...slug]", "buildId": "x7Qe"}  # fmt: skip
    return f"""<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charSet="utf-8"/><title>{escape(story.title)} | {outlet.title}</title>
<meta property="og:title" content="{escape(story.title)}"/><meta property="og:type" content="article"/><meta property="og:site_name" content="{outlet.title}"/>
<meta property="article:published_time" content="{article.published_at.isoformat()}"/><meta property="article:author" content="{story.author}"/><meta property="article:section" content="{article.section}"/>
<style data-styled="active">{around.style(20_000)}</style></head><body><div id="__next"><header class="sc-evZas"><nav class="sc-breuTD"><ul>{around.links('<li class="sc-ksZaOG"><a class="sc-hAZoDl" href="{url}">{text}</a></li>', 60)}</ul></nav></header>
<main id="main-content" class="sc-iAvgwm"><div class="sc-fnykZs"><div class="sc-fEOsli" data-component="headline-block"><h1 class="sc-bjUoiL">{escape(story.title)}</h1></div>
<div class="sc-idiyUo" data-component="byline-block"><span class="sc-dIouRR">{story.author}</span><time class="sc-hHLeRK" datetime="{article.published_at.isoformat()}">{eastern_date(article.published_at)}</time></div>
<div class="sc-iIPllB" data-component="image-block"><img srcSet="/i/{article.number}.webp 480w, /i/{article.number}-l.webp 976w" src="/i/{article.number}.webp" alt=""/></div>
<div class="sc-kDDrLX">
{text}
</div><div class="sc-iqcoie" data-component="topic-list"><ul>{"".join(f'<li><a href="/topics/{n}">{tag}</a></li>' for n, tag in enumerate(story.tags))}</ul></div></div>
<div class="sc-crXcEl" data-component="see-alsos"><h2>المزيد حول هذه القصة</h2>{around.cards(article, 30, _card)}</div>
<div class="sc-evrZIY" data-component="most-read"><h2>الأكثر قراءة</h2><ol>{around.cards(article, 30, _card)}</ol></div></main>
<footer class="sc-jqUVSM"><p>{around.prompt}</p>{around.links('<a class="sc-kgflAQ" href="{url}">{text}</a>', 60, 30)}<p>© {outlet.title}. {COOKIES}</p></footer></div>
<script id="__NEXT_DATA__" type="application/json">{json.dumps(data)}</script><script>{around.script(6_000)}</script></body></html>"""


def _card(other: Article, place: int) -> str:
    return (
        f'<div class="sc-ftTHYK" data-testid="card-{place}"><div class="sc-pyfCe"><img src="/i/{other.number}.webp" loading="lazy" alt=""/></div><div class="sc-jrcTuL">'
        f'<a class="sc-kDvujY" href="{other.path}"><h2 class="sc-ipEyDJ">{escape(other.story.title)}</h2></a><span class="sc-csuSiG">{eastern_date(other.published_at)}</span></div></div>'
    )
