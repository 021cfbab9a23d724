"""From values to a page: the templates, in the reader's language and theme, with everything foreign made harmless."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from crawler.marking import harmless
from crawler.web.access import FORM_TOKEN, assets_of, form_token
from crawler.web.language import LANGUAGES, Language, language, negotiate
from pipelines.search.snippets import Snippet

THEMES = ("auto", "light", "dark")
LANGUAGE_COOKIE, THEME_COOKIE = "rawi_language", "rawi_theme"
#: Seconds that a choice of language or theme is remembered: a year.
REMEMBERED = 365 * 24 * 3600

#: Characters that steer the direction of a text and are not seen (UAX #9), and controls.
_UNSEEN = re.compile("[\\x00-\\x1f\\x7f-\\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, slots=True)
class Reader:
    """How a reader wants pages: language and theme, as asked for in the address, or remembered, or the browser's."""

    language: Language
    theme: str

    @classmethod
    def of(cls, request: Request) -> Reader:
        """Read it from a request."""
        asked, kept = request.query_params, request.cookies
        wanted = asked.get("lang") or kept.get(LANGUAGE_COOKIE)
        theme = asked.get("theme") or kept.get(THEME_COOKIE)
        code = negotiate(wanted, request.headers.get("accept-language", ""))
        return cls(language(code), theme if theme in THEMES else THEMES[0])


def render(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    """Return a page. What the reader chose in the address is remembered in a cookie."""
    reader = Reader.of(request)
    context = {**_context(request, reader), **values}
    page = HTMLResponse(_environment().get_template(template).render(context), status)
    page.headers["Vary"] = "Cookie, Accept-Language"
    page.headers["Content-Language"] = reader.language.code
    for name, cookie, value in (
        ("lang", LANGUAGE_COOKIE, reader.language.code),
        ("theme", THEME_COOKIE, reader.theme),
    ):
        if request.query_params.get(name) == value:
            page.set_cookie(cookie, value, max_age=REMEMBERED, httponly=True, samesite="lax")
    return page


def leave_for(address: str, done: str | None = None) -> Response:
    """Return a redirect after a change (303): the page there says what was ``done``."""
    return RedirectResponse(f"{address}?done={done}" if done else address, 303)


def here(request: Request, **changed: object) -> str:
    """Return the address of this page with other parameters; ``None`` takes one away."""
    kept = {name: value for name, value in request.query_params.items() if name not in ("done", *changed)}
    query = urlencode({**kept, **{name: str(value) for name, value in changed.items() if value is not None}})
    # With two strokes at its beginning it would be the address of another site.
    path = f"/{quote(request.url.path).lstrip('/')}"
    return f"{path}?{query}" if query else path


def segment(text: str) -> str:
    """Return a text as one segment of a path."""
    return quote(text, safe="")


def _context(request: Request, reader: Reader) -> dict[str, Any]:
    now = datetime.now(UTC)
    lang = reader.language
    done = request.query_params.get("done")
    return {
        "lang": lang,
        "t": lang.text,
        "n": lang.count,
        "num": lang.number,
        "theme": reader.theme,
        "themes": THEMES,
        "other": next(code for code in LANGUAGES if code != lang.code),
        "path": request.url.path,
        "here": partial(here, request),
        "asset": assets_of(request).url,
        "form_token": Markup('<input type="hidden" name="{}" value="{}">').format(FORM_TOKEN, form_token(request)),
        "now": now,
        "time": _time(lang, now),
        "span": lang.span,
        "done": done if done in lang.strings["done"] else None,
        "signed_in": request.state.session.signed_in,
    }


def _time(lang: Language, now: datetime) -> Callable[[datetime | None], Markup]:
    def time(moment: datetime | None) -> Markup:
        if moment is None:
            return Markup('<span class="never">{}</span>').format(lang.text("time.never"))
        return Markup('<time datetime="{}" title="{}">{}</time>').format(
            moment.isoformat(timespec="seconds"), lang.moment(moment.astimezone()), lang.ago(moment, now)
        )

    return time


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("crawler.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    filters: Mapping[str, Callable[..., Any]] = {
        "bdi": isolated,
        "text": text,
        "passage": passage,
        "plain": plain,
        "cut": cut,
        "web": web_address,
        "address": readable,
        "segment": segment,
    }
    made.filters.update(filters)
    return made


def isolated(text: object, length: int = 300) -> Markup:
    """Return a foreign name or title so that its direction is its own and harms nothing around it."""
    return Markup('<bdi dir="auto">{}</bdi>').format(cut(harmless(str(text)), length))


def text(written: object, length: int = 300) -> str:
    """Return a foreign text for an element of its own with ``dir="auto"``."""
    return cut(harmless(str(written)), length)


def plain(text: object, length: int = 200) -> str:
    """Return a text for a page's title or an attribute, where nothing can be isolated: without unseen characters."""
    return cut(_UNSEEN.sub(" ", str(text)).strip(), length)


def cut(text: str, length: int) -> str:
    """Return a text of at most ``length`` characters, with … where there was more, at a blank where there is one."""
    if len(text) <= length:
        return text
    short = text[:length]
    return (short.rpartition(" ")[0] if " " in short[length // 2 :] else short) + "…"


def readable(url: str, length: int = 140) -> str:
    """Return an address as people read it: Arabic as Arabic, not in percents."""
    return plain(unquote(url), length)


def web_address(url: str) -> str | None:
    """Return an address that a link may lead to; ``None`` for ``javascript:`` and the like."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def passage(found: Snippet) -> Markup:
    """Return what a search found, its hits in ``<mark>``."""
    parts, at = [escape("… " if found.cut[0] else "")], 0
    for hit in found.hits:
        parts += [escape(harmless(found.text[at : hit.start])), Markup("<mark>{}</mark>").format(hit.of(found.text))]
        at = hit.end
    parts += [escape(harmless(found.text[at:])), escape(" …" if found.cut[1] else "")]
    return Markup("").join(parts)
