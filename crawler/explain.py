"""Why an article's quotations are what they are: its text with quotations, cues and speakers marked.

Pure: an :class:`~pipelines.model.Article` in, one self-contained page out.
"""

from __future__ import annotations

from html import escape

from crawler.marking import Badge, colours, marked_paragraphs
from pipelines.model import Article, Quote, QuoteKind

#: What each rule of :mod:`pipelines.quotes` says, for people.
RULES = {
    "verb-subject": "the subject stands after the verb of saying",
    "subject-verb": "the subject stands before the verb of saying",
    "participle": "a participle (مبيناً، مضيفة) goes on with whoever is the subject of its sentence",
    "implied": "the verb names nobody: whoever spoke last or is the subject since then",
    "noun": "a noun of saying (قوله، تصريح) with its possessor",
    "relay": "somebody relays it (نقلاً عن): the origin speaks",
    "spokesman": "a body speaks by the mouth of somebody (على لسان)",
    "document": "a document says it (جاء في البيان)",
    "source-after": "a source phrase (بحسب، وفق) stands after what was said",
    "source-first": "a source phrase (بحسب، وفق) opens the sentence",
    "verb-after": "the verb of saying stands after the marks",
    "label": "a name and a colon before the marks",
    "subject-colon": "a colon makes the subject of the sentence speak",
    "subject-marks": "the named person whom the sentence is about; nothing in it says that somebody speaks",
    "name-after": "a name right after the closing mark",
    "same-breath": "goes on with who was quoted in the same sentence",
    "paragraph": "a paragraph of nothing but marked words goes on with who spoke before",
    "cue-in-sentence": "a verb of saying or stance stands earlier in the sentence",
    "marks-only": "long marked words; the article does not say whose",
}


def page(article: Article, heading: str) -> str:
    """Return one right-to-left HTML page that needs nothing else: the marked text, and why each quotation is one."""
    colour = colours(article)
    text = "\n".join(f"<p>{paragraph}</p>" for paragraph in marked_paragraphs(article, _numbered))
    rows = "\n".join(_row(article, number, quote, colour) for number, quote in enumerate(article.quotes))
    return _PAGE.format(heading=escape(heading), style=_STYLE, text=text, rows=rows or _NOBODY)


def _numbered(number: int) -> Badge:
    return Badge(str(number + 1), f"اقتباس {number + 1}")


def _row(article: Article, number: int, quote: Quote, colour: dict[str, int]) -> str:
    speaker = quote.speaker
    name = speaker.name if speaker else "لا يقول النص"
    kind = "نص" if quote.kind is QuoteKind.DIRECT else "معنى"
    cells = (
        f'<b class="c{colour.get(name, "none")}">{escape(name)}</b>',
        escape((speaker.role or "") if speaker else ""),
        kind,
        escape(quote.cue.of(article.text) if quote.cue else ""),
        escape(speaker.mention.of(article.text) if speaker and speaker.mention else ""),
        f"{quote.confidence:.2f}",
        f'<span dir="ltr">{escape(quote.rule)}: {escape(RULES.get(quote.rule, ""))}</span>',
    )
    return f'<tr id="q{number + 1}"><td>{number + 1}</td>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'


_NOBODY = '<tr><td colspan="8">لا أحد ينقل عنه كلام.</td></tr>'
_STYLE = """
:root { color-scheme: light dark; --ink: #1d1d1f; --paper: #fff; --line: #ddd }
@media (prefers-color-scheme: dark) { :root { --ink: #eee; --paper: #18181b; --line: #3f3f46 } }
body { font: 1.1rem/1.9 "Noto Naskh Arabic", "Amiri", "Segoe UI", serif; color: var(--ink); background: var(--paper);
  max-width: 48rem; margin: 2rem auto; padding: 0 1rem }
.direct, .indirect { --hue: 0; border-radius: .2em; padding: .1em .05em }
.direct { background: hsl(var(--hue) 70% 50% / .28) }
.indirect { box-shadow: inset 0 -.16em hsl(var(--hue) 70% 50% / .6) }
.c0 { --hue: 210 } .c1 { --hue: 28 } .c2 { --hue: 140 } .c3 { --hue: 330 }
.c4 { --hue: 260 } .c5 { --hue: 55 } .c6 { --hue: 180 } .c7 { --hue: 0 }
b[class^=c] { border-inline-start: .5em solid hsl(var(--hue, 0) 70% 50%); padding-inline-start: .4em }
.cnone { background: none; outline: 1px dashed var(--line) } u { text-underline-offset: .3em }
.badge { color: inherit; font-size: .7em; vertical-align: super }
table { border-collapse: collapse; font-size: .85rem; line-height: 1.5; width: 100% }
th, td { text-align: start; vertical-align: top; padding: .3rem .5rem; border-top: 1px solid var(--line) }
tr:target { outline: 2px solid hsl(210 70% 50%) }
"""
_PAGE = """<!DOCTYPE html>
<html lang="ar" dir="rtl"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{heading}</title><style>{style}</style></head>
<body><h1>{heading}</h1>
<p><small>مظلل: كلام بنصه · مسطر: كلام بمعناه · <u>تحته خط</u>: كلمة القول · <b>غليظ</b>: ذكر القائل</small></p>
<main>{text}</main>
<table><thead><tr><th>#</th><th>القائل</th><th>صفته</th><th>النقل</th><th>كلمة القول</th><th>ذكره</th><th>الثقة</th>
<th>لماذا</th></tr></thead><tbody>
{rows}
</tbody></table></body></html>
"""
