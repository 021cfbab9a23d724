"""Fingerprints: alike for what is alike, whatever the spelling."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipelines.dedup import distance, fingerprint

STORY = " ".join(f"الفقرة{i} تصف حادثاً في القرية{i * 7} وتذكر شاهداً{i}" for i in range(40))


def test_wire_copy_is_near_and_other_news_is_far() -> None:
    assert distance(fingerprint(STORY), fingerprint("خاص - وادي الزيتون: " + STORY)) <= 6
    other = " ".join(f"المباراة{i} انتهت بفوز الفريق{i}" for i in range(60))
    assert distance(fingerprint(STORY), fingerprint(other)) >= 16


def test_spelling_does_not_count() -> None:
    assert fingerprint("إنّ الإدارةَ أعلنت") == fingerprint("ان الاداره اعلنت")


@given(st.text())
def test_a_fingerprint_has_64_bits_and_is_always_the_same(text: str) -> None:
    assert 0 <= fingerprint(text) < 1 << 64
    assert fingerprint(text) == fingerprint(text)
