"""What stands around articles, and makes up most of a page: menus, cards of other stories, comments, scripts, styles.

What an outlet has on all its pages is made once; cards and comments differ from page to page.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from html import escape

from benchmarks.newsweb.outlets import SECTIONS, Article
from benchmarks.newsweb.prose import Telling

PROMPTS = (
    "اشترك في نشرتنا البريدية ليصلك جديدنا كل صباح",
    "تابعوا قناتنا على تلغرام لتصلكم الأخبار العاجلة أولاً بأول",
    "حمّل تطبيقنا الآن وتابع آخر الأخبار لحظة بلحظة",
)
COOKIES = "نستخدم ملفات تعريف الارتباط لتحسين تجربتك. باستمرارك في التصفح فإنك توافق على سياسة الخصوصية."

_STATEMENTS = (
    "function {a}({b},{c}){{if(!{b})return null;var {d}={b}.getAttribute('data-{c}')||{n};return {d}+{n}}}",
    "window.{a}=window.{a}||[];window.{a}.push({{'event':'{b}','id':{n},'slot':'/{n}/{c}_{d}'}});",
    "var {a}=document.querySelectorAll('.{b}-{c}');for(var i=0;i<{a}.length;i++){{{a}[i].style.opacity={n}/1000}}",
    "!function({a},{b}){{{a}.{c}={a}.{c}||function(){{({a}.q={a}.q||[]).push(arguments)}};{b}.async=!0}}(window,document);",
    '{{"{a}":"{b}","{c}":[{n},{n},{n}],"{d}":{{"width":{n},"lazy":true}}}}',
)
_RULES = (
    ".{a}-{b}{{margin:{n}px 0;padding:0 {n}px;color:#{n};float:right}}",
    ".{a} .{b}:hover>a{{opacity:.{n};display:block}}",
    "@media(max-width:{n}px){{.{a}-{c}{{width:100%;font-size:{n}%}}}}", "#{a}-{n} li+li{{border-top:1px solid #{n}}}",
)  # fmt: skip


class Around:
    """The furniture of one outlet's pages."""

    def __init__(self, articles: Sequence[Article], seed: int) -> None:
        self._articles = articles
        chance = random.Random(f"{seed}/{articles[0].outlet.number}")
        telling = Telling(chance)
        self.menu = [(f"/section/{n}", SECTIONS[n % 8] if n < 8 else telling.expand("name")) for n in range(90)]
        self.prompt = chance.choice(PROMPTS)
        self._made: dict[tuple[str, int], str] = {}
        self._chance = chance

    def script(self, size: int) -> str:
        """Return about ``size`` bytes of a script."""
        return self._code("script", _STATEMENTS, size)

    def style(self, size: int) -> str:
        """Return about ``size`` bytes of a style sheet."""
        return self._code("style", _RULES, size)

    def links(self, pattern: str, number: int, first: int = 0) -> str:
        """Return entries of the menu, each in ``pattern`` with its ``{url}`` and ``{text}``."""
        return "".join(pattern.format(url=url, text=text) for url, text in self.menu[first : first + number])

    def cards(self, article: Article, number: int, card: Callable[[Article, int], str]) -> str:
        """Return cards of other stories of the outlet, others on each page."""
        chance = random.Random(article.number * 97 + number)
        others = [chance.choice(self._articles) for _ in range(number)]
        return "".join(card(other, place) for place, other in enumerate(others))

    def comments(self, article: Article) -> list[tuple[str, str]]:
        """Return who commented on an article, and what they wrote."""
        telling = Telling(random.Random(article.number * 31 + article.outlet.number))
        people = [telling.person() for _ in range(article.number % 6)]
        return [(f"{person.given} {person.family}", telling.expand("comment")) for person in people]

    def other(self, article: Article) -> Article:
        """Return the story that is recommended in the middle of an article."""
        return self._articles[article.number * 7 % len(self._articles)]

    def _code(self, kind: str, statements: Sequence[str], size: int) -> str:
        if (kind, size) not in self._made:
            parts: list[str] = []
            while sum(map(len, parts)) < size:
                names = {name: self._identifier() for name in "abcd"}
                parts.append(self._chance.choice(statements).format(**names, n=self._chance.randrange(100, 999)))
            self._made[kind, size] = "\n".join(parts)
        return self._made[kind, size]

    def _identifier(self) -> str:
        return "".join(self._chance.choices("abcdefghijklmnoprstuvwxyz", k=self._chance.randint(3, 9)))


def linked(text: str, tag: str = '<a href="/tag/{0}">#{0}</a>') -> str:
    """Escape a text, and link its hashtags as content systems do."""
    return re.sub(r"#(\w+)", lambda match: tag.format(match[1]), escape(text, quote=False))


def body(article: Article, *, p: str, h: str, post: str, between: dict[int, str] | None = None) -> str:
    """Return an article's paragraphs in the patterns of a make; ``between`` stands after the paragraph of its number.

    A number beyond the last paragraph stands at the end.
    """
    patterns = {"p": p, "h": h, "post": post}
    between = {min(number, len(article.story.paragraphs) - 1): html for number, html in (between or {}).items()}
    return "\n".join(
        patterns[paragraph.kind].format(linked(paragraph.text)) + between.get(number, "")
        for number, paragraph in enumerate(article.story.paragraphs)
    )
