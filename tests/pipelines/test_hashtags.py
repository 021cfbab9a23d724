"""Hashtags: what is one, how it counts, and where it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.arabic import key
from pipelines.hashtags import find_hashtags
from pipelines.model import Origin


def tags(text: str) -> list[str]:
    return [hashtag.tag for hashtag in find_hashtags(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("تقدم في #سد_الزيتون، و#حقول_النهر.", ["#سد_الزيتون", "#حقول_النهر"]),
        ("تنظيم «#الظل» و“#المدى”", ["#الظل", "#المدى"]),
        ("في وادي النخل#عاجل للتو", ["#عاجل"]),
        ("\u2067\u202b#وادي\u202c\u2069 و＃ميناء", ["#وادي", "＃ميناء"]),
        ("وسم #می\u200cخواهم طويل", ["#می\u200cخواهم"]),
        ("#خَبَر و#Live_2026 و#كأس2026", ["#خَبَر", "#Live_2026", "#كأس2026"]),
        ("القرار #236 واللون #fff000 و#12_", []),
        ("https://nahr.example/a#section و&#1593; و C# و # وحدها", []),
        ("#وسم ثم #وسم", ["#وسم"]),
    ],
)
def test_what_is_a_hashtag(text: str, expected: list[str]) -> None:
    assert tags(text) == expected


def test_spellings_of_one_tag_count_as_one() -> None:
    found = find_hashtags("#إقليم_الجزيرة #اقليم_الجزيره #إِقليم_الجـزيرة")
    assert len(found) == 3
    assert {hashtag.key for hashtag in found} == {"اقليم الجزيره"}


def test_where_a_hashtag_comes_from() -> None:
    text = "خبر عن #النهر.\n\nكتبت البلدية: #الجسر مفتوح"
    found = find_hashtags(text, "عنوان #عاجل #النهر", ["#اقتصاد", "بلا وسم"], ["كتبت البلدية: #الجسر مفتوح"])
    assert [(hashtag.tag, hashtag.origin) for hashtag in found] == [
        ("#النهر", Origin.BODY),
        ("#الجسر", Origin.EMBED),
        ("#عاجل", Origin.TITLE),
        ("#اقتصاد", Origin.KEYWORDS),
    ]


@given(st.text(alphabet="#＃_ابةإأ ىxy1٢،.«»\u200c\u200f\u202b\u0650\u0640&/:\n"))
def test_spans_are_true_and_keys_are_folded(text: str) -> None:
    for hashtag in find_hashtags(text):
        assert hashtag.span is not None
        assert key(hashtag.span.of(text)[1:]) == hashtag.key == key(hashtag.key)
        assert any(character.isalpha() for character in hashtag.tag)
