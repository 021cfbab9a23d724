"""A magazine theme of Blogger: lines parted by ``<br>`` within one element, microdata around it, one long style."""

from __future__ import annotations

from html import escape

from benchmarks.newsweb.chrome import Around, body
from benchmarks.newsweb.dates import eastern_date
from benchmarks.newsweb.outlets import Article

ENCODING = "utf-8"


def path(article: Article) -> str:
    return f"/{article.published_at:%Y/%m}/blog-post_{article.number + 100}.html"


def page(article: Article, around: Around) -> str:
    story, outlet = article.story, article.outlet
    text = body(
        article, p="{0}<br /><br />", h="<b>{0}</b><br /><br />", post="<blockquote>{0}</blockquote>",
        between={3: f'<div class="related-inline" style="text-align: center;"><a href="{around.other(article).path}">شاهد أيضاً: {escape(around.other(article).story.title)}</a></div>'},
    )  # fmt: skip
    labels = "، ".join(f"<a href='/search/label/{tag}' rel='tag'>{tag}</a>" for tag in story.tags)
    comments = "".join(
        f"<li class='comment'><cite class='user'>{name}</cite><p class='comment-content'>{said}</p></li>"
        for name, said in around.comments(article)
    )
    return f"""<!DOCTYPE html>
<html class='v2' dir='rtl' xmlns='http://www.w3.org/1999/xhtml' xmlns:b='http://www.google.com/2005/gml/b'><head>
<meta content='text/html; charset=UTF-8' http-equiv='Content-Type'/><meta content='blogger' name='generator'/>
<link href='{article.url}' rel='canonical'/><meta content='{article.url}' property='og:url'/>
<meta content='{escape(story.title, quote=True)}' property='og:title'/>
<title>{escape(story.title)} | {outlet.title}</title>
<style id='page-skin-1' type='text/css'><!--
{around.style(30_000)}
--></style></head>
<body class='item loading'><div id='outer-wrapper'><div id='header-wrapper'><h2 class='site-title'><a href='/'>{outlet.title}</a></h2>
<div class='widget LinkList' id='LinkList1'><ul id='nav'>{around.links("<li><a href='{url}'>{text}</a></li>", 70)}</ul></div></div>
<div class='ticker'><span>عاجل</span><ul>{around.cards(article, 12, _line)}</ul></div>
<div id='content-wrapper'><div id='main-wrapper'><div class='main section' id='main'><div class='widget Blog' id='Blog1'>
<div class='blog-posts hfeed'><div class='post hentry' itemprop='blogPost' itemscope='itemscope' itemtype='http://schema.org/BlogPosting'>
<meta content='{outlet.home}i/{article.number}.jpg' itemprop='image_url'/>
<h1 class='post-title entry-title' itemprop='name headline'>{escape(story.title)}</h1>
<div class='post-meta'><span class='post-author vcard'><span class='fn' itemprop='author'>{story.author}</span></span>
<abbr class='published' itemprop='datePublished' title='{article.published_at.isoformat()}'>{eastern_date(article.published_at)}</abbr></div>
<div class='post-body entry-content' id='post-body-{article.number}' itemprop='articleBody'>
<div class="separator" style="clear: both; text-align: center;"><a href="/i/{article.number}.jpg"><img border="0" src="/i/{article.number}.jpg" /></a></div>
{text}
<div style='clear: both;'></div></div>
<div class='post-footer'><span class='post-labels'>التسميات: {labels}</span>
<div class='share-buttons'><a class='fb' href='#'>مشاركة عبر فيسبوك</a><a class='tw' href='#'>مشاركة عبر تويتر</a><a class='wa' href='#'>واتساب</a></div></div></div></div>
<div id='related-posts'><h5>مواضيع ذات صلة</h5>{around.cards(article, 20, _card)}</div>
<div class='comments' id='comments'><h4>التعليقات</h4><ol>{comments}</ol></div></div></div></div>
<div id='sidebar-wrapper'><div class='widget PopularPosts'><h2>المشاركات الشائعة</h2><ul>{around.cards(article, 30, _card)}</ul></div>
<div class='widget BlogArchive'><h2>الأرشيف</h2>{around.links("<div><a href='{url}'>{text}</a> (12)</div>", 40, 20)}</div></div></div>
<div id='footer-wrapper'>جميع الحقوق محفوظة لموقع {outlet.title}</div></div>
<script type='text/javascript'>//<![CDATA[
{around.script(18_000)}
//]]></script></body></html>"""


def _card(other: Article, place: int) -> str:
    return (
        f"<div class='item-content p{place}'><div class='item-thumbnail'><a href='{other.path}'><img src='/i/{other.number}.jpg' width='72'/></a></div>"
        f"<div class='item-title'><a href='{other.path}'>{escape(other.story.title)}</a></div></div>"
    )


def _line(other: Article, place: int) -> str:
    return f"<li class='t{place}'><a href='{other.path}'>{escape(other.story.title)}</a></li>"
