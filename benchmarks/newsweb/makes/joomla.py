"""Joomla: justified paragraphs with inline styles, details in a definition list, modules in tables around."""

from __future__ import annotations

from html import escape

from benchmarks.newsweb.chrome import Around, body
from benchmarks.newsweb.dates import long_date
from benchmarks.newsweb.outlets import SECTIONS, Article

ENCODING = "utf-8"


def path(article: Article) -> str:
    return f"/index.php/news/{SECTIONS.index(article.section)}/{article.number + 900}-item"


def page(article: Article, around: Around) -> str:
    story, outlet = article.story, article.outlet
    text = body(
        article, p='<p style="text-align: justify;"><span style="font-size: 14pt;">{0}</span></p>',
        h='<p style="text-align: center;"><strong><span style="font-size: 16pt;">{0}</span></strong></p>', post="<blockquote><p>{0}</p></blockquote>",
        between={4: '<p style="text-align: center;"><img src="/images/inline.jpg" alt="" width="600"></p>', 99: f"<p><strong>{around.prompt}</strong></p>"},
    )  # fmt: skip
    return f"""<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" xml:lang="ar-aa" lang="ar-aa" dir="rtl"><head><base href="{article.url}"/><meta http-equiv="content-type" content="text/html; charset=utf-8"/>
<meta name="author" content="{story.author}"/><meta name="generator" content="Joomla! - Open Source Content Management"/><title>{escape(story.title)}</title>
<style>{around.style(12_000)}</style><script>{around.script(16_000)}</script></head><body class="site com_content view-article">
<div class="body"><div class="container"><header class="header"><a class="brand" href="/">{outlet.title}</a></header><div class="navigation"><ul class="nav menu nav-pills">{around.links('<li class="item"><a href="{url}">{text}</a></li>', 70)}</ul></div>
<div class="row-fluid"><div id="aside-right" class="span3"><div class="well moduletable"><h3 class="page-header">آخر الأخبار</h3><ul class="latestnews">{around.cards(article, 40, _item)}</ul></div></div>
<main id="content" role="main" class="span6"><div class="item-page" itemscope itemtype="https://schema.org/Article"><meta itemprop="inLanguage" content="ar-AA"/>
<div class="page-header"><h2 itemprop="headline">{escape(story.title)}</h2></div>
<dl class="article-info muted"><dt class="article-info-term">التفاصيل</dt><dd class="createdby" itemprop="author" itemscope itemtype="https://schema.org/Person">كتب بواسطة: <span itemprop="name">{story.author}</span></dd>
<dd class="category-name">المجموعة: <a href="/c">{article.section}</a></dd><dd class="published"><time datetime="{article.published_at.isoformat()}" itemprop="datePublished">نشر بتاريخ: {long_date(article.published_at)}</time></dd><dd class="hits">الزيارات: {article.number * 13 % 997}</dd></dl>
<div itemprop="articleBody">
{text}
</div><ul class="pager pagenav"><li class="previous"><a href="/p">السابق</a></li><li class="next"><a href="/n">التالي</a></li></ul></div>
<div class="moduletable related"><h3>مقالات مشابهة</h3><ul>{around.cards(article, 30, _item)}</ul></div></main>
<div id="aside" class="span3"><div class="well moduletable"><h3 class="page-header">الأكثر قراءة</h3><ul class="mostread">{around.cards(article, 45, _item)}</ul></div></div></div></div></div>
<footer class="footer"><div class="container">{around.links('<a href="{url}">{text}</a> ', 50, 40)}<p>&copy; {outlet.title}</p></div></footer><script>{around.script(14_000)}</script></body></html>"""


def _item(other: Article, place: int) -> str:
    return (
        f'<li class="n{place}" itemscope itemtype="https://schema.org/Article"><a href="{other.path}" itemprop="url"><span itemprop="name">{escape(other.story.title)}</span></a>'
        f"<small>{other.published_at:%d/%m/%Y}</small></li>"
    )
