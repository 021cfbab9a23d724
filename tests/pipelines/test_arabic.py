"""Folding with a way back, words, paragraphs and sentences."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.arabic import fold, fold_text, key, paragraphs, sentences, tokens

#: Letters, tashkeel, tatweel, bidi and zero-width controls, ligatures, digits, marks, Latin: what pages really hold.
ARABIC = st.text(
    st.sampled_from('ابتجدروىيةأإآؤئءکی ًَُِّْٰـ\u200b\u200c\u200e\u200f\u202b\u202c\u2067\u2069ﻻﷲﺏ09٣۴ .،؟«»“”"\nABc#_')
)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("أَكَّدَ", "اكد"),
        ("إلـــى", "الي"),
        ("مسؤولة", "مسووله"),
        ("شاطئ", "شاطي"),
        ("\u2067\u202b#ميدان\u202c\u2069", "#ميدان"),
        ("٣٬٠٠٠ و۴۵", "3٬000 و45"),
        ("ﻻ", "لا"),
        ("ایران کریم", "ايران كريم"),
        ("Rawi «x»", "Rawi «x»"),
    ],
)
def test_spellings_of_one_word_fold_together(written: str, folded: str) -> None:
    assert fold_text(written) == folded


@given(ARABIC)
def test_folding_gives_the_same_text_with_the_way_back_and_without(text: str) -> None:
    assert fold(text).text == fold_text(text)


@given(ARABIC)
def test_folding_twice_is_folding_once(text: str) -> None:
    once = fold_text(text)
    assert fold_text(once) == once


@given(ARABIC, st.data())
def test_the_way_back_leads_to_the_letters_it_came_from(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    start = data.draw(st.integers(0, len(folded.text)))
    end = data.draw(st.integers(start, len(folded.text)))
    span = folded.original(start, end)
    assert 0 <= span.start <= span.end <= len(text)
    assert folded.text[start:end] in fold_text(span.of(text))
    if start < end and span.end - span.start >= end - start:
        assert folded.position(span.start) <= start


@given(ARABIC)
def test_tokens_sentences_and_paragraphs_stay_inside_the_text_and_apart(text: str) -> None:
    for spans in (list(tokens(text)), list(sentences(text)), list(paragraphs(text))):
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert all(before.end <= after.start for before, after in pairwise(spans))
    assert all(text[token.start : token.end] == token.text for token in tokens(text))
    covered = "".join(span.of(text) for span in sentences(text))
    assert "".join(covered.split()) == "".join("".join(span.of(text) for span in paragraphs(text)).split())


def test_a_key_ignores_case_underscores_and_blanks() -> None:
    assert key("#وادي_السلام ") == key("#وادى السلام")
    assert key("CNN") == key("cnn")


def test_words_keep_their_marks_and_numbers_their_points() -> None:
    words = [token.text for token in tokens("قالَتْ: «نموٌّ ٣٫٥ في المئة» لـ#وكالة_الوادي 1,200.")]
    assert words == ["قالَتْ", "نموٌّ", "٣٫٥", "في", "المئة", "لـ", "وكالة_الوادي", "1,200"]


def test_sentences_end_at_stops_but_not_at_titles_numbers_or_inside_marks() -> None:
    text = "قال د. سالم الرافد إن النمو بلغ 3.5 في المئة. وأضاف «انتهينا. لن نعود». هل يعود؟ نعم!\n\nفقرة أخرى بلا نقطة"
    assert [span.of(text) for span in sentences(text)] == [
        "قال د. سالم الرافد إن النمو بلغ 3.5 في المئة.",
        "وأضاف «انتهينا. لن نعود».",
        "هل يعود؟",
        "نعم!",
        "فقرة أخرى بلا نقطة",
    ]


def test_a_mark_that_never_closes_does_not_swallow_the_sentences_after_it() -> None:
    text = "قال «انتهينا. لن نعود. وأضاف"
    assert len(list(sentences(text))) == 3
