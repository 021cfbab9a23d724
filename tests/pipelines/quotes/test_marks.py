"""Every kind of quotation mark, and every way to get them wrong."""

from __future__ import annotations

import pytest

from pipelines.arabic import paragraphs
from pipelines.quotes.marks import find_marked
from pipelines.quotes.reading import goes_on, starts_report

SPOKEN = "لن نعود إلى الوراء أبدا"


def marked(text: str) -> list[str]:
    return [one.inner.of(text) for one in find_marked(text, paragraphs(text), starts_report, goes_on)]


@pytest.mark.parametrize(
    ("opening", "closing"),
    ["«»", "“”", '""', "‹›", "❝❞", "‘’", ("''", "''"), ("((", "))"), "»«", "““", "”“", '“"', "″″"],
)
def test_pairs_mirrored_and_mismatched(opening: str, closing: str) -> None:
    assert marked(f"قال سالم: {opening}{SPOKEN}{closing}. ثم خرج.") == [SPOKEN]


def test_the_outermost_marks_count() -> None:
    assert marked(f"قال: «{SPOKEN} مع “رفاق” الأمس».") == [f"{SPOKEN} مع “رفاق” الأمس"]


def test_straight_marks_nest_in_themselves() -> None:
    assert marked('وأردف: "قبض عليهم على طريق "الرياض - القصيم"، ثم أحيلوا".') == [
        'قبض عليهم على طريق "الرياض - القصيم"، ثم أحيلوا'
    ]


def test_a_mark_glued_to_a_preposition_opens() -> None:
    assert marked('قال لـ"الوادي" إن طريق "النهر" مغلق') == ["الوادي", "النهر"]


def test_a_quotation_never_closed_ends_before_the_next_report() -> None:
    assert marked(f'وأضاف: "{SPOKEN}. وأكد المدير أن المادة "236" ملغاة.')[0] == SPOKEN


def test_a_quotation_never_opened_begins_after_the_colon() -> None:
    assert marked(f'وتابعت هند: {SPOKEN}".') == [SPOKEN]


def test_a_quotation_over_two_paragraphs_is_one() -> None:
    text = f"وقال: «{SPOKEN}.\n\nسنمضي إلى الأمام» ثم خرج."
    assert marked(text) == [f"{SPOKEN}.\n\nسنمضي إلى الأمام"]


def test_a_mark_that_announces_nothing_and_never_closes_is_ignored() -> None:
    assert marked('ارتفاع البرج 30" تقريبا. وقال «نعم».') == ["نعم"]


def test_apostrophes_are_no_marks() -> None:
    assert marked("شركة L’Oréal وفريق Levi's في السوق") == []


def test_the_closing_mark_on_both_sides() -> None:
    text = "قال الوزير سامي العطار ” لا يمكن أن نرفع الأسعار ” ، قبل أن يضيف ” هذه إهانة للناس جميعا ” ."
    assert [span.strip(" ”") for span in marked(text)] == [
        "لا يمكن أن نرفع الأسعار",
        "هذه إهانة للناس جميعا",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Mirrored, with blanks on both sides: the colon tells, and the full stop.
        (f"قال سالم :” {SPOKEN} “.", [f" {SPOKEN} "]),
        # Closed only: أن opens it.
        (f"أوضحت الشركة في بيان أنها {SPOKEN}”.", [SPOKEN]),
        # Never closed: a circumstance that reports again ends it.
        (f"قال سالم إن «{SPOKEN}، لافتاً إلى أن «العمل ما زال مستمرا».", [SPOKEN, "العمل ما زال مستمرا"]),
        # Round brackets, where they announce speech; else they are an aside.
        (f"وأضاف قائلا ({SPOKEN}) ثم خرج.", [SPOKEN]),
        (f"زار سالم ({SPOKEN}) المدينة.", []),
    ],
)
def test_marks_that_are_missing_mirrored_or_round(text: str, expected: list[str]) -> None:
    assert marked(text) == expected
