"""Rules for a source's pages, tried on one of them before they are saved."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, Response

from crawler.sources.model import Source
from crawler.sources.repository import Sources
from crawler.web.access import Analysis, Pool, Settings
from crawler.web.problems import Problem
from crawler.web.rendering import leave_for, render, segment
from pipelines.errors import PageRejected, RuleError, SourceError
from pipelines.extract.selectors import check_rules
from pipelines.model import Article, OperatorRules, SourceRules
from pipelines.storage.learning import RuleBook
from pipelines.storage.overview import Overview
from pipelines.versions import Piece, word_diff
from pipelines.workers import AnalysisPool

router = APIRouter()

#: Kept pages that rules can be tried on, and learned rules that are shown.
PAGES, LEARNED = 20, 60


@dataclass(frozen=True, slots=True)
class Trial:
    """One page by the rules of now and by those that are tried; ``rejected`` says why these find no article on it."""

    facts: list[tuple[str, list[Piece]]]
    text: list[Piece]
    removed: list[tuple[str, str]]
    rejected: str | None = None

    @property
    def same(self) -> bool:
        """Whether the rules change nothing."""
        pieces = [piece for _, fact in self.facts for piece in fact] + self.text
        return all(piece.change == "same" for piece in pieces)


@router.get("/sources/{name}/rules")
async def form(request: Request, pool: Pool, name: str) -> Response:
    """Show the rules of a source."""
    source = await _known(pool, name)
    return await _page(request, pool, source, source.operator, None)


@router.post("/sources/{name}/rules")
async def change(
    request: Request,
    pool: Pool,
    settings: Settings,
    analysis: Analysis,
    name: str,
    action: Annotated[Literal["try", "save"], Form()],
    article: Annotated[int, Form()] = 0,
    body: Annotated[str, Form()] = "",
    title: Annotated[str, Form()] = "",
    author: Annotated[str, Form()] = "",
    date: Annotated[str, Form()] = "",
    remove: Annotated[str, Form()] = "",
    remove_text: Annotated[str, Form()] = "",
) -> Response:
    """Try rules on a kept page, or save them."""
    source = await _known(pool, name)
    rules = OperatorRules(
        body.strip() or None,
        title.strip() or None,
        author.strip() or None,
        date.strip() or None,
        _lines(remove),
        _lines(remove_text),
    )
    try:
        check_rules(rules)
        if action == "save":
            await Sources(pool, settings.operator).set_operator_rules(name, rules)
            return leave_for(f"/sources/{segment(name)}", "rules")
    except RuleError as error:
        return await _page(request, pool, source, rules, None, article=article, fault=str(error))
    trial = await _try(pool, analysis, source, rules, article)
    return await _page(request, pool, source, rules, trial, article=article)


async def _page(
    request: Request,
    pool: Pool,
    source: Source,
    rules: OperatorRules,
    trial: Trial | None,
    *,
    article: int = 0,
    fault: str | None = None,
) -> Response:
    return render(
        request,
        "rules.html",
        status=422 if fault else 200,
        name=source.name,
        rules=rules,
        pages=await Overview(pool, now=datetime.now(UTC)).kept_articles(source.id, PAGES),
        learned=(await RuleBook(pool).rules(source.id))[:LEARNED],
        article=article,
        trial=trial,
        fault=fault,
    )


async def _try(
    pool: Pool, analysis: AnalysisPool, source: Source, rules: OperatorRules, article_id: int
) -> Trial | None:
    """Read the kept page of an article twice; ``None`` when it is not kept any more."""
    book = RuleBook(pool)
    now = replace(source.rules, learned=(await book.effective([source.id]))[source.id])
    before = await _read(book, analysis, article_id, now)
    try:
        after = await _read(book, analysis, article_id, replace(now, operator=rules))
    except PageRejected as verdict:
        return Trial([], [], [], f"{verdict.reason}: {verdict.detail}" if verdict.detail else verdict.reason)
    if after is None:
        return None
    return await asyncio.to_thread(_compared, before, after)


async def _read(book: RuleBook, analysis: AnalysisPool, article_id: int, rules: SourceRules) -> Article | None:
    page = await book.kept_page(article_id, rules)
    return await analysis.analyse(page) if page is not None else None


def _compared(before: Article | None, after: Article) -> Trial:
    def facts(article: Article | None) -> dict[str, str]:
        if article is None:
            return {"headline": "", "author": "", "date": ""}
        moment = article.published_at.isoformat(" ", "minutes") if article.published_at else ""
        return {"headline": article.title or "", "author": "، ".join(article.authors), "date": moment}

    old, new = facts(before), facts(after)
    return Trial(
        [(what, word_diff(old[what], new[what])) for what in new],
        word_diff(before.text if before else "", after.text),
        [(block.reason, block.text) for block in after.removed],
    )


async def _known(pool: Pool, name: str) -> Source:
    try:
        return await Sources(pool).get(name)
    except SourceError as error:
        raise Problem(404, str(error)) from error


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
