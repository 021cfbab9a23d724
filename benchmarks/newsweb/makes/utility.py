"""A custom site of utility classes: no class says what anything is; JSON-LD of one article without a graph."""

from __future__ import annotations

import json
from html import escape

from benchmarks.newsweb.chrome import COOKIES, Around, body
from benchmarks.newsweb.dates import long_date
from benchmarks.newsweb.outlets import Article

ENCODING = "utf-8"


def path(article: Article) -> str:
    return f"/news/{article.published_at:%Y%m%d}-{article.number}"


def page(article: Article, around: Around) -> str:
    story, outlet = article.story, article.outlet
    other = around.other(article)
    data = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": story.title,
            "datePublished": article.published_at.isoformat(), "dateModified": article.published_at.isoformat(),
            "author": [{"@type": "Person", "name": story.author}], "image": [f"{outlet.home}i/{article.number}.webp"],
            "publisher": {"@type": "NewsMediaOrganization", "name": outlet.title}}  # fmt: skip
    text = body(
        article, p='<p class="mb-6 text-lg leading-9 text-gray-800 dark:text-gray-200">{0}</p>',
        h='<h2 class="mt-8 mb-4 text-2xl font-bold">{0}</h2>', post='<blockquote class="my-6 border-r-4 pr-4 italic">{0}</blockquote>',
        between={
            1: '<div class="my-4 h-64 w-full bg-gray-100 flex items-center justify-center"><span class="text-xs">إعلان</span></div>',
            4: f'<div class="my-6 rounded-xl bg-gray-50 p-4"><span class="text-sm font-bold">اقرأ أيضاً</span><a class="block underline" href="{other.path}">{escape(other.story.title)}</a></div>',
            99: f'<div class="mt-8 rounded-xl bg-blue-50 p-6"><p class="text-base">{around.prompt}</p></div>',
        },
    )  # fmt: skip
    tags = "".join(
        f'<a class="rounded-full border px-3 py-1 text-sm" href="/t/{n}">{tag}</a>' for n, tag in enumerate(story.tags)
    )
    return f"""<!doctype html><html lang="ar" dir="rtl" class="scroll-smooth"><head><meta charset="utf-8"><title>{escape(story.title)}</title>
<meta name="theme-color" content="#fff"><meta property="og:title" content="{escape(story.title)}"><meta property="og:type" content="article"><meta property="og:site_name" content="{outlet.title}">
<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script><style>{around.style(22_000)}</style></head>
<body class="bg-white font-sans antialiased"><div class="sticky top-0 z-50 border-b"><div class="mx-auto flex max-w-7xl px-4">{around.links('<a class="px-2 py-4 text-sm hover:underline" href="{url}">{text}</a>', 50)}</div></div>
<div class="mx-auto grid max-w-7xl grid-cols-12 gap-8 px-4"><div class="col-span-8"><div class="py-4"><span class="text-xs text-red-700">{article.section}</span>
<h1 class="mt-2 text-4xl font-black">{escape(story.title)}</h1><div class="mt-4 flex items-center gap-2 text-sm"><span>{story.author}</span><span>•</span><time datetime="{article.published_at.isoformat()}">{long_date(article.published_at)}</time></div></div>
<div class="aspect-video"><img class="h-full w-full object-cover" src="/i/{article.number}.webp" alt=""></div>
<div class="flex gap-2 py-2"><button class="h-8 w-8" aria-label="فيسبوك">{_icon(3)}</button><button class="h-8 w-8" aria-label="واتساب">{_icon(5)}</button></div>
<div class="py-6">
{text}
</div><div class="flex flex-wrap gap-2 py-4">{tags}</div>
<div class="border-t py-6"><div class="mb-4 text-xl font-bold">قد يهمك أيضاً</div><div class="grid grid-cols-3 gap-4">{around.cards(article, 30, _card)}</div></div></div>
<div class="col-span-4"><div class="mb-4 text-xl font-bold">الأكثر قراءة</div>{around.cards(article, 40, _card)}</div></div>
<div class="border-t bg-gray-900 text-white"><div class="mx-auto grid max-w-7xl grid-cols-4 gap-2 p-8">{around.links('<a class="text-sm opacity-75" href="{url}">{text}</a>', 40, 50)}</div><div class="p-4 text-center text-xs">جميع الحقوق محفوظة © {outlet.title}</div></div>
<div class="fixed bottom-0 w-full bg-white p-4 shadow"><span>{COOKIES}</span><button>موافق</button></div><script>{around.script(18_000)}</script></body></html>"""


def _icon(shape: int) -> str:
    strokes = "".join(f'<path d="M{n}.{n * shape} {n + 2}c{n}.2 1.{shape} 3 {n}l{shape} 4z"/>' for n in range(8))
    return f'<svg viewBox="0 0 24 24" fill="none" stroke="currentColor">{strokes}</svg>'


def _card(other: Article, place: int) -> str:
    return (
        f'<div class="flex gap-3 border-b py-3"><a class="shrink-0" href="{other.path}"><img class="h-16 w-24 rounded object-cover" loading="lazy" src="/i/{other.number}.webp" alt=""></a>'
        f'<div class="flex flex-col"><a class="text-base font-semibold leading-6 hover:underline" href="{other.path}">{escape(other.story.title)}</a>'
        f'<span class="mt-1 text-xs text-gray-500" data-place="{place}">{other.published_at:%d/%m}</span></div></div>'
    )
