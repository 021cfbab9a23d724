"""What changed: words and quotations."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipelines.versions import Change, Said, changed_quotes, word_diff

WORDS = st.lists(st.sampled_from(["قال", "الوزير", "إن", "السد", "اكتمل", "\n\n", "اليوم", "،"]), max_size=25).map(
    " ".join
)


def kept(before: str, after: str, leave_out: Change) -> str:
    return "".join(piece.text for piece in word_diff(before, after) if piece.change is not leave_out)


@given(WORDS, WORDS)
def test_the_pieces_of_a_diff_are_both_texts(before: str, after: str) -> None:
    assert kept(before, after, Change.REMOVED).split() == after.split()
    assert kept(before, after, Change.ADDED).split() == before.split()


def test_a_diff_is_of_words() -> None:
    pieces = word_diff("اكتمل السد أمس في الوادي", "اكتمل الجسر أمس في الوادي")
    assert [(p.change.value, p.text.strip()) for p in pieces] == [
        ("same", "اكتمل"), ("removed", "السد"), ("added", "الجسر"), ("same", "أمس في الوادي"),
    ]  # fmt: skip


def test_a_long_text_is_compared_by_paragraphs() -> None:
    long = "\n\n".join(f"الفقرة {i} من التقرير " + "كلمة " * 20 for i in range(300))
    assert [p.change.value for p in word_diff(long, long.replace("الفقرة 7 ", "الفقرة السابعة "))].count("added") == 1


SAID = Said("سنفتح الطريق أمام الشاحنات قبل نهاية الشهر", "هدى الصافي")


def test_an_edited_and_a_vanished_quotation_are_told_apart() -> None:
    softer = Said("سنفتح الطريق أمام الشاحنات قبل نهاية العام", "هدى الصافي")
    other = Said("لم يصب أحد", "منى الراشد")
    changes = changed_quotes([SAID, other], [softer], "نص جديد")
    assert [(c.change.value, c.before, c.after) for c in changes] == [
        ("edited", SAID, softer),
        ("vanished", other, None),
    ]


def test_spelling_and_what_still_stands_in_the_text_are_no_change() -> None:
    spelt = Said(SAID.text.replace("أ", "ا"), SAID.speaker)
    assert changed_quotes([SAID], [spelt], "") == []
    assert changed_quotes([SAID], [], f"وقالت: «{SAID.text}».") == []


def test_the_same_words_of_another_speaker_are_flagged() -> None:
    [change] = changed_quotes([SAID], [Said(SAID.text, "منى الراشد")], "")
    assert change.change.value == "reattributed"
