"""Who is who: what is one person's name in two spellings, and what is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipelines.people import ENOUGH, Profile, evidence, name_words, same_person

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def profile(name: str, *roles: str, number: int = 1, source: int = 1, days: int = 0) -> Profile:
    at = NOW - timedelta(days=days)
    return Profile(number, name_words(name), roles, frozenset({source}), at, at)


SAME = [
    (profile("عبد الوهاب الساعدي", "العميد"), profile("عبدالوهّاب الساعدي", source=2)),
    (profile("رجب طيب أردوغان", "الرئيس التركي"), profile("رجب طيب إردوغان", "الرئيس التركي", source=2)),
    (profile("العميد يحيى النجار"), profile("يحيى النجار", "الناطق العسكري", source=3)),
    (profile("بنيامين نتنياهو", "رئيس الوزراء"), profile("بنيامين نتانياهو", "رئيس الوزراء", source=2)),
    (profile("سعاد كامل النجار", "وزيرة المياه"), profile("سعاد النجار", "وزيرة المياه", source=2)),
    (profile("فلاديمير غورسكي", "مدير المصنع"), profile("فلاديمير جورسكي", "مدير المصنع", source=2)),
    (profile("هدى الصافي", "النائبة"), profile("هدى صافي", "النائبة", source=2)),
]
OTHERS = [
    (profile("النجار", "وزير المياه"), profile("سعاد النجار", "وزير المياه")),  # a surname alone
    (profile("النجار", "وزير المياه"), profile("النجار", "وزير المياه")),
    (profile("سالم الحمداني", "وزير النقل"), profile("سليم الحمداني", "وزير النقل")),  # two names
    (profile("علي حسن", "وزير الدفاع"), profile("علي حسن", "وزير التربية", source=2, days=400)),  # two offices
    (profile("سعاد كامل النجار"), profile("سعاد النجار", source=2)),  # nothing but a part of the name
    (profile("سعاد كامل النجار", "وزيرة المياه", days=900), profile("سعاد النجار", "وزيرة المياه", source=2)),
    (profile("محمد كريم", "مدرب الفريق"), profile("كريم محمد", "مدرب الفريق")),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_person_are_merged(one: Profile, other: Profile) -> None:
    found = evidence(one, other)
    assert found is not None
    assert found.score >= ENOUGH
    assert evidence(other, one) == found


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_other_people_are_not(one: Profile, other: Profile) -> None:
    found = evidence(one, other)
    assert found is None or found.score < ENOUGH


def test_a_short_name_of_two_people_is_nobodys() -> None:
    short = profile("سعاد النجار", "وزيرة المياه")
    one = profile("سعاد كامل النجار", "وزيرة المياه", number=2)
    other = profile("سعاد فاضل النجار", "وزيرة المياه", number=3)
    assert [p.id for p, _ in same_person(short, [one])] == [2]
    assert same_person(short, [one, other]) == []
