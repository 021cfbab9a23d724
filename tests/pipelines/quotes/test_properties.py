"""What must hold for any text: true offsets, no crash, bounded work."""

from __future__ import annotations

import sys
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.model import QuoteKind
from pipelines.quotes import MAX_LENGTH, find_quotes

WORDS = (
    "قال", "وأضافت", "مشيراً", "إلى", "أن", "إنّه", "بأنها", "وزير", "الخارجية", "الدكتور", "سالم", "الحداد", "محمد",
    "وكالة", "الأفق", "بيان", "وفقا", "للوزير", "بحسب", "مصدر", "ذاته", "الذي", "نقلت", "عن", "قوله", "اليوم", "كـــان",
    "لرسول", "#وسم_طويل", "على", "حد", "قوله", "في", "تصريح", "لـ", "كتب", "ما", "و", "د.", "لا", "15", "CNN",
)  # fmt: skip
PIECES = st.sampled_from([*WORDS, "«", "»", "“", "”", '"', "'", "((", "))", "،", ":", ".", "؟", "\n\n", "(", ")"])
DECORATION = st.sampled_from(["", "", "", " ", " ", "\u064e", "\u0640", "\u200f", "\u2067", "\u2069", "\ufeff"])
TEXTS = st.lists(st.tuples(PIECES, DECORATION), max_size=80).map(
    lambda pairs: "".join(f"{piece}{mark} " if mark != " " else f"{piece}" for piece, mark in pairs)
)


def check(text: str) -> None:
    quotes = find_quotes(text)
    for quote in quotes:
        spans = [quote.span, *([quote.cue] if quote.cue else [])]
        if quote.speaker and quote.speaker.mention:
            spans.append(quote.speaker.mention)
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert 0 <= quote.confidence <= 1
        assert quote.rule
        if quote.speaker:
            assert quote.speaker.name.strip() == quote.speaker.name != ""
    assert list(quotes) == sorted(quotes, key=lambda quote: quote.span.start)
    direct = [quote.span for quote in quotes if quote.kind is QuoteKind.DIRECT]
    assert all(before.end <= after.start for before, after in pairwise(direct))


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_offsets_are_true_and_nothing_crashes_on_generated_arabic(text: str) -> None:
    check(text)


@pytest.mark.parametrize("last", ["الوزير", "المتحدث", "المصدر", "البيان", "الفنانة", "وزير", "هذا ما قاله"])
def test_an_article_may_end_with_whoever_speaks(last: str) -> None:
    check(f"«سنعود غدا إلى بيوتنا كلنا»، بحسب {last}")


@given(st.text(max_size=200))
@settings(deadline=None)
def test_any_text_at_all(text: str) -> None:
    check(text)


@given(TEXTS, st.sampled_from(["\u064e", "\u0640"]))
@settings(max_examples=60, deadline=None)
def test_decoration_inside_words_changes_no_verdict(text: str, mark: str) -> None:
    decorated = "".join(f"{letter}{mark}" if letter in "قشمعد" else letter for letter in text)
    assert [(q.kind, q.rule) for q in find_quotes(text)] == [(q.kind, q.rule) for q in find_quotes(decorated)]


HOSTILE = (
    "«", '"', '" ', "«ا»", 'قال: "ا. ', "وقال ", "قال الوزير محمد ", "الوزير محمد سالم ", "بحسب ", "بحسب الوزير محمد، ",
    "ا ", "أن ", "قال إن ", "قال «ا ا ا ا ا ا» ", "«ا ا ا ا ا ا ا ا ا»\n", "نقل عن ", "مشيرا إلى ", "د. ", "ً", "(",
    "سالم الحداد، وزير ", "قال: ا. ", "وزارة ", "على حد قوله، ", 'قال: «ا ا ا ا ا ا» ',
    "«ا ا ا ا ا ا ا ا ا».\n",
)  # fmt: skip


def calls(text: str) -> int:
    """How many function calls finding the quotations of ``text`` takes: work, whatever the machine."""
    count = 0

    def profile(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(profile)
    try:
        find_quotes(text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("unit", HOSTILE, ids=range(len(HOSTILE)))
def test_work_grows_no_faster_than_the_text(unit: str) -> None:
    size = 4_000
    find_quotes(unit * 3)  # lexicons are loaded once
    once, twice = (calls((unit * (length // len(unit) + 1))[:length]) for length in (size, 2 * size))
    assert twice < 2.6 * once + 2_000


def test_what_is_too_long_for_an_article_is_not_read() -> None:
    text = "ا " * (MAX_LENGTH // 2) + "قال الوزير سالم الحداد إن الطريق مفتوح."
    assert find_quotes(text) == ()
