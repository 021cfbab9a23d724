"""What a reader asks: words, "phrases", exclusions and alternatives, and the same as Postgres' ``tsquery``.

::

    بغداد البصرة        both words, in any of their written forms
    "مجلس النواب"       these words, side by side («» and “” do as well)
    -كرة  -"كأس آسيا"   without it
    بغداد | البصرة      one of them (also OR)
    تفجير*              words that begin like this
    #إقليم_كردستان      the words of a hashtag, side by side
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.errors import QueryError
from pipelines.search.clitics import accusative, forms, phrase_forms, prefix_forms
from pipelines.search.words import search_fold, search_words

#: Terms of one query; more is a mistake, such as a pasted article.
MOST_TERMS = 40

_TERM = re.compile(r"""(?P<no>(?<![^\s(])-)?(?:"(?P<a>[^"]*)"|«(?P<b>[^»]*)»|“(?P<c>[^”]*)”|(?P<w>[^\s"«»“”|]+))|\|""")


@dataclass(frozen=True, slots=True)
class Term:
    """One word or phrase: for each word, the forms that match it. ``prefix``: the last word is only a beginning."""

    words: tuple[tuple[str, ...], ...]
    prefix: bool = False

    def tsquery(self) -> str:
        """Return the term as a ``tsquery``."""
        mark = ":*" if self.prefix else ""
        parts = []
        for number, found in enumerate(self.words):
            end = mark if number == len(self.words) - 1 else ""
            parts.append("(" + " | ".join(f"'{form}'{end}" for form in found) + ")")
        return "(" + " <-> ".join(parts) + ")"

    def matches(self, at: int, words: list[str]) -> bool:
        """Tell whether the term stands at position ``at`` of a text's words."""
        if at + len(self.words) > len(words):
            return False
        last = len(self.words) - 1
        return all(
            any(words[at + i].startswith(form) for form in found) if self.prefix and i == last
            else words[at + i] in found
            for i, found in enumerate(self.words)
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Query:
    """Every group must be there, by one of its terms; none of ``excluded`` may be."""

    groups: tuple[tuple[Term, ...], ...]
    excluded: tuple[Term, ...] = ()

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms that are looked for."""
        return tuple(term for group in self.groups for term in group)

    def tsquery(self) -> str:
        """Return the query as Postgres reads a ``tsquery``; words are letters and digits only, so nothing is quoted."""
        wanted = ["(" + " | ".join(term.tsquery() for term in group) + ")" for group in self.groups]
        return " & ".join(wanted + [f"!{term.tsquery()}" for term in self.excluded])


def parse_query(text: str) -> Query:
    """Read a query. Raises :class:`~pipelines.errors.QueryError` where there is nothing to look for."""
    groups: list[tuple[Term, ...]] = []
    excluded: list[Term] = []
    alternative = False
    for match in _TERM.finditer(text):
        if match[0] in ("|", "OR"):
            alternative = bool(groups)
            continue
        term = _term(match)
        if term is None:
            continue
        if match["no"]:
            excluded.append(term)
        elif alternative:
            groups[-1] = (*groups[-1], term)
        else:
            groups.append((term,))
        alternative = False
    if not groups:
        raise QueryError("nothing to look for: a query needs a word or a \"phrase\" that is not excluded with '-'")
    if len(groups) + len(excluded) > MOST_TERMS:
        raise QueryError(f"a query has at most {MOST_TERMS} words; to find a passage, put a few words of it in quotes")
    return Query(tuple(groups), tuple(excluded))


def _term(match: re.Match[str]) -> Term | None:
    phrase = match["a"] or match["b"] or match["c"]
    written = phrase or match["w"] or ""
    words = [word.form for word in search_words(search_fold(written).text)]
    if not words:
        return None
    prefix = written.endswith("*")
    if len(words) == 1 and phrase is None:
        return Term((prefix_forms(words[0]) if prefix else forms(words[0]),), prefix)
    return Term((phrase_forms(words[0]), *(accusative(word) for word in words[1:])), prefix)
