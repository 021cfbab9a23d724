"""A small site that says nothing of itself: no metadata but a title, lines in elements without a meaning."""

from __future__ import annotations

from html import escape

from benchmarks.newsweb.chrome import Around, body
from benchmarks.newsweb.dates import half_day_date
from benchmarks.newsweb.outlets import Article

ENCODING = "utf-8"


def path(article: Article) -> str:
    return f"/view.php?n={article.number + 500}"


def page(article: Article, around: Around) -> str:
    story, outlet = article.story, article.outlet
    other = around.other(article)
    text = body(
        article, p="<div>{0}</div>", h="<div><b>{0}</b></div>", post='<blockquote class="fb">{0}</blockquote>',
        between={3: f'<div class="see"><a href="{other.path}">اقرأ أيضاً: {escape(other.story.title)}</a></div>'},
    )  # fmt: skip
    return f"""<html dir="rtl"><head><meta charset="utf-8"><title>{escape(story.title)}</title>
<style>{around.style(10_000)}</style><script>{around.script(25_000)}</script></head><body>
<div class="c1"><div class="c2">{around.links('<span class="c3"><a href="{url}">{text}</a></span>', 60)}</div></div>
<div class="c4">{around.cards(article, 15, _line)}</div>
<div class="c5"><div class="c6"><h1>{escape(story.title)}</h1><div class="c7">{half_day_date(article.published_at)}</div>
<div class="c8"><img src="up/{article.number}.jpg"></div><div class="c9">{text}</div>
<div class="c10"><a href="#">فيسبوك</a> <a href="#">واتساب</a> <a href="#">طباعة</a></div></div>
<div class="c11"><div class="c12">أخبار أخرى</div>{around.cards(article, 70, _line)}</div>
<div class="c13"><div class="c12">الأكثر قراءة</div>{around.cards(article, 60, _line)}</div></div>
<div class="c14">{around.links('<a href="{url}">{text}</a> ', 30, 60)}<div>جميع الحقوق محفوظة لموقع {outlet.title}</div></div><script>{around.script(12_000)}</script></body></html>"""


def _line(other: Article, place: int) -> str:
    return f'<div class="l{place % 3}"><img src="up/t{other.number}.jpg"><a href="{other.path}">{escape(other.story.title)}</a></div>'
