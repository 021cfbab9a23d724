"""An old site on ASP.NET: windows-1256, tables within tables, a view state of many kilobytes, no metadata but a title."""

from __future__ import annotations

from html import escape

from benchmarks.newsweb.chrome import Around, body
from benchmarks.newsweb.dates import half_day_date
from benchmarks.newsweb.outlets import Article

ENCODING = "cp1256"


def path(article: Article) -> str:
    return f"/NewsDetails.aspx?id={article.number + 45_000}"


def page(article: Article, around: Around) -> str:
    story, outlet = article.story, article.outlet
    text = body(
        article, p="{0}<br><br>", h="<b><font color=navy>{0}</font></b><br><br>", post="<blockquote>{0}</blockquote>"
    )
    comments = "".join(
        f'<tr><td class="cmtName">{name}</td><td class="cmtText">{said}</td></tr>'
        for name, said in around.comments(article)
    )
    state = "".join(f"{hash_(article.number, n):08x}" for n in range(1_400))
    return f"""<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">
<html dir="rtl"><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1256">
<title>{outlet.title} - {escape(story.title)}</title>
<style type="text/css">{around.style(9_000)}</style><script language="javascript">{around.script(12_000)}</script></head>
<body bgcolor="#ffffff" topmargin="0"><form name="aspnetForm" method="post" action="NewsDetails.aspx?id={article.number}" id="aspnetForm">
<input type="hidden" name="__VIEWSTATE" id="__VIEWSTATE" value="/wEP{state}">
<table width="1000" align="center" cellpadding="0" cellspacing="0" border="0"><tr><td colspan="3" class="banner"><a href="Default.aspx"><img src="images/logo.gif" alt="{outlet.title}"></a></td></tr>
<tr><td colspan="3"><table width="100%" class="menu"><tr>{around.links('<td class="m"><a href="{url}">{text}</a></td>', 40)}</tr></table></td></tr>
<tr><td width="180" valign="top"><table width="100%" class="side">{around.cards(article, 45, _row)}</table></td>
<td width="620" valign="top"><table width="100%" cellpadding="4"><tr><td class="sec"><a href="Section.aspx">{article.section}</a></td></tr>
<tr><td><h1 class="newsTitle">{escape(story.title)}</h1></td></tr>
<tr><td class="newsDate">{half_day_date(article.published_at)}</td></tr>
<tr><td class="newsWriter">كتب: {story.author}</td></tr>
<tr><td align="center"><img src="uploads/{article.number}.jpg" width="400"></td></tr>
<tr><td class="newsText" align="justify"><span id="ctl00_Body_lblText">{text}</span></td></tr>
<tr><td><table class="tools"><tr><td><a href="Print.aspx">طباعة</a></td><td><a href="Send.aspx">أرسل لصديق</a></td><td><a href="#">فيسبوك</a></td></tr></table></td></tr>
<tr><td><table width="100%" class="related"><tr><td class="hd">أخبار ذات صلة</td></tr>{around.cards(article, 25, _row)}</table></td></tr>
<tr><td><table width="100%" class="comments"><tr><td colspan="2" class="hd">التعليقات</td></tr>{comments}</table></td></tr></table></td>
<td width="200" valign="top"><table class="most"><tr><td class="hd">الأكثر قراءة</td></tr>{around.cards(article, 35, _row)}</table></td></tr>
<tr><td colspan="3" class="foot">{around.links('<a href="{url}">{text}</a> | ', 30, 40)}<br>جميع الحقوق محفوظة &copy; {outlet.title}</td></tr></table></form>
<script language="javascript">{around.script(10_000)}</script></body></html>"""


def hash_(number: int, place: int) -> int:
    """Return a number that looks like chance, as the bytes of a view state do."""
    return (number * 2_654_435_761 + place * 40_503_191 + place * place * 97) & 0xFFFFFFFF


def _row(other: Article, place: int) -> str:
    return (
        f'<tr class="r{place % 2}"><td><img src="images/bullet.gif" width="8"></td><td><a href="NewsDetails.aspx?id={other.number + 45_000}">'
        f"{escape(other.story.title)}</a></td></tr>"
    )
