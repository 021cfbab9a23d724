"""A newspaper's own system: schema.org as microdata in the markup, everything else in sections and lists."""

from __future__ import annotations

from html import escape

from benchmarks.newsweb.chrome import COOKIES, Around, body
from benchmarks.newsweb.dates import long_date
from benchmarks.newsweb.outlets import Article

ENCODING = "utf-8"


def path(article: Article) -> str:
    return f"/articles/{article.number // 10}/{article.number}.html"


def page(article: Article, around: Around) -> str:
    story, outlet = article.story, article.outlet
    other = around.other(article)
    text = body(
        article, p="<p>{0}</p>", h="<h4>{0}</h4>", post="<blockquote><p>{0}</p></blockquote>",
        between={
            2: f'<ul class="inner-links"><li>طالع أيضاً: <a href="{other.path}">{escape(other.story.title)}</a></li></ul>',
            5: f'<div class="ad-mpu" id="mpu-{article.number}"></div><script>{around.script(900)}</script>',
        },
    )  # fmt: skip
    comments = "".join(
        f'<div class="cmt" itemprop="comment" itemscope itemtype="http://schema.org/Comment"><b itemprop="author">{name}</b><p itemprop="text">{said}</p></div>'
        for name, said in around.comments(article)
    )
    return f"""<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8"/><title>{escape(story.title)} : {outlet.title}</title>
<meta name="description" content="{escape(story.paragraphs[0].text, quote=True)}"/><meta name="keywords" content="{",".join(story.tags)}"/>
<style>{around.style(14_000)}</style><script>{around.script(12_000)}</script></head><body>
<div id="top"><ul class="sections">{around.links('<li><a href="{url}">{text}</a></li>', 45)}</ul><ul class="services">{around.links('<li><a href="{url}"><i></i>{text}</a></li>', 45, 45)}</ul></div>
<div id="page"><div id="right"><div itemscope itemtype="http://schema.org/NewsArticle"><meta itemprop="mainEntityOfPage" content="{article.url}"/>
<div class="bread"><a href="/">الرئيسية</a> &raquo; <a href="/s" itemprop="articleSection">{article.section}</a></div>
<h1 itemprop="headline">{escape(story.title)}</h1>
<p class="by">كتب <span itemprop="author" itemscope itemtype="http://schema.org/Person"><span itemprop="name">{story.author}</span></span></p>
<p class="at" itemprop="datePublished" content="{article.published_at.isoformat()}">نشر في: {long_date(article.published_at)}</p>
<div class="photo" itemprop="image" itemscope itemtype="http://schema.org/ImageObject"><img src="/p/{article.number}.jpg" itemprop="url"/></div>
<div class="share"><a href="#">فيسبوك</a><a href="#">تويتر</a><a href="#">تلغرام</a><a href="#">نسخ الرابط</a></div>
<div id="articleBody" itemprop="articleBody">
{text}
</div><div class="keywords">{"".join(f'<a href="/k/{n}">{tag}</a>' for n, tag in enumerate(story.tags))}</div></div>
<section class="more"><h3>موضوعات ذات صلة</h3><ul>{around.cards(article, 40, _item)}</ul></section>
<section class="comments"><h3>تعليقات القراء</h3>{comments}<form><textarea></textarea><button>أضف تعليقاً</button></form></section></div>
<div id="left"><section class="tabs"><h3>الأكثر قراءة</h3><ol>{around.cards(article, 50, _item)}</ol></section><section class="newsletter"><h3>النشرة البريدية</h3><p>{around.prompt}</p></section></div></div>
<div id="bottom">{around.links('<a href="{url}">{text}</a>', 60)}<p>جميع الحقوق محفوظة © {outlet.title}</p></div><div class="gdpr">{COOKIES}</div><script>{around.script(20_000)}</script></body></html>"""


def _item(other: Article, place: int) -> str:
    return (
        f'<li class="i{place}"><a href="{other.path}"><img data-src="/p/s/{other.number}.jpg" alt=""/><span>{escape(other.story.title)}</span></a>'
        f"<em>{other.published_at:%H:%M}</em></li>"
    )
