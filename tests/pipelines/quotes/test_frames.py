"""Every frame of reporting, on invented news: what was said, and by whom."""

from __future__ import annotations

import pytest

from pipelines.model import QuoteKind
from pipelines.quotes import find_quotes

DIRECT, INDIRECT = QuoteKind.DIRECT, QuoteKind.INDIRECT


def said(text: str) -> list[tuple[QuoteKind, str | None, str]]:
    """Who says what in ``text``: kind, speaker, words."""
    return [
        (quote.kind, quote.speaker.name if quote.speaker else None, quote.span.of(text)) for quote in find_quotes(text)
    ]


FRAMES = {
    "verb, role, name, أن": (
        "قال وزير الطاقة سليم الحداد، أمس، إن الحكومة ستبدأ المشروع قريبا.",
        [(INDIRECT, "سليم الحداد", "الحكومة ستبدأ المشروع قريبا")],
    ),
    "verb, name, role after it, colon and marks": (
        "وقال علاء الرافد مدير قطاع المياه: «لن ننتظر أكثر من ذلك، فالوقت يداهمنا».",
        [(DIRECT, "علاء الرافد", "لن ننتظر أكثر من ذلك، فالوقت يداهمنا")],
    ),
    "role, comma, name in apposition": (
        "أكد رئيس جهاز الإطفاء، سامي الوراق، أن الحريق أخمد تماما.",
        [(INDIRECT, "سامي الوراق", "الحريق أخمد تماما")],
    ),
    "addressee outlet is no speaker": (
        "وصرح مسؤول أمني رفيع لشبكة «الأفق» بأن الطريق سيفتح غدا.",
        [(INDIRECT, "مسؤول أمني رفيع", "الطريق سيفتح غدا")],
    ),
    "source after a quotation": (
        "«الجسر آمن ولا خوف على المارة من السقوط»، وفقا للمهندس هاني السكري.",
        [(DIRECT, "هاني السكري", "الجسر آمن ولا خوف على المارة من السقوط")],
    ),
    "source after the article's first sentence, whatever its last word is": (
        "هذا الطريق سيفتح أمام الناس غدا، بحسب الوزير سليم الحداد. ولم يعرف من أين جاء",
        [(INDIRECT, "سليم الحداد", "هذا الطريق سيفتح أمام الناس غدا")],
    ),
    "source first": (
        "وبحسب وكالة الوادي للأنباء، فإن السفينة وصلت إلى الميناء ليلا.",
        [(INDIRECT, "وكالة الوادي للأنباء", "السفينة وصلت إلى الميناء ليلا")],
    ),
    "subject before the verb": (
        "وكان المتحدث باسم الشرطة ماجد الفهد قد أكد أن التحقيق مستمر.",
        [(INDIRECT, "ماجد الفهد", "التحقيق مستمر")],
    ),
    "relative clause": (
        "اتصلت الصحيفة بالمخرج رامي الخياط منتج العمل الذي أكد أن التصوير انتهى.",
        [(INDIRECT, "رامي الخياط", "التصوير انتهى")],
    ),
    "relay: the origin speaks": (
        "ونقلت وكالة الأفق عن مصدر عسكري قوله إن المطار عاد إلى العمل.",
        [(INDIRECT, "مصدر عسكري", "المطار عاد إلى العمل")],
    ),
    "a document speaks": (
        "وأفاد بيان لوزارة الزراعة بأن الموسم جيد هذا العام.",
        [(INDIRECT, "بيان وزارة الزراعة", "الموسم جيد هذا العام")],
    ),
    "quotation, then verb and name": (
        "«خسرنا كل ما نملك في ليلة واحدة»، تقول أم رامي.",
        [(DIRECT, "أم رامي", "خسرنا كل ما نملك في ليلة واحدة")],
    ),
    "quotation, then name without a verb": (
        "«المنطقة تسير نحو تهدئة طويلة الأمد»الكاتب والمحلل السياسي عمار الحسن",
        [(DIRECT, "عمار الحسن", "المنطقة تسير نحو تهدئة طويلة الأمد")],
    ),
    "verbal noun": (
        "واكتفى رئيس اللجنة فارس النجار بالقول: «سنعلن الموعد في حينه».",
        [(DIRECT, "فارس النجار", "سنعلن الموعد في حينه")],
    ),
    "spelling without hamza": (
        "واكد الدكتور سمير الحلبي ان الاسعار لن تزيد هذا الشهر.",
        [(INDIRECT, "سمير الحلبي", "الاسعار لن تزيد هذا الشهر")],
    ),
    "unnamed plural and demonstrative": (
        "قال شهود عيان إن السيول جرفت الطريق كله.",
        [(INDIRECT, "شهود عيان", "السيول جرفت الطريق كله")],
    ),
    "fragment in a long reported clause": (
        "وقالت المحامية رنا القاضي إن موكلها سيطلب من المحكمة «ضمانات مكتوبة وواضحة قبل أي حوار».",
        [
            (
                INDIRECT,
                "رنا القاضي",
                "موكلها سيطلب من المحكمة «ضمانات مكتوبة وواضحة قبل أي حوار»",
            ),
            (DIRECT, "رنا القاضي", "ضمانات مكتوبة وواضحة قبل أي حوار"),
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), FRAMES.values(), ids=FRAMES.keys())
def test_frame(text: str, expected: list[tuple[QuoteKind, str | None, str]]) -> None:
    assert said(text) == expected


NOT_SPEECH = {
    "impersonal": "يذكر أن المدينة استضافت ثلاثة مؤتمرات هذا العام. ومن المتوقع أن تستضيف رابعا.",
    "verbal noun complement": "أكد الوزير سالم الحداد دعمه للخطة، وشدد على ضرورة تنفيذها.",
    "names in marks": "حصل فيلم «رجال لا يعرفون النوم أبدا» على جائزة من قناة «الأفق».",
    "what somebody adds to a score": "وأضاف اللاعب كريم بنسالم هدفا ثانيا عندما تابع كرة عرضية، لكن الحكم ألغاه.",
    "what a colon lists in brackets": "وأغلقت وزارة التعليم المدارس التالية: (مدرسة النور ومدرسة الأمل ومدرسة السلام).",
    "rules are no sources": "وتفرض الغرامة على المخالفين وفقا للقانون الجديد الصادر أمس.",
    "negated verb": "ولم تقل الوزارة إن الدعم سيتوقف.",
    "أن of another construction": "انسحب الفريق قبل أن تبدأ المباراة، إلا أن الحكم رفض ذلك.",
    "إلى كونه": "وأشار المدير سامي الوراق إلى كونه لا يعرف من فعل ذلك.",
}


@pytest.mark.parametrize("text", NOT_SPEECH.values(), ids=NOT_SPEECH.keys())
def test_what_nobody_says_is_not_quoted(text: str) -> None:
    assert said(text) == []


def test_a_participle_goes_on_with_the_subject_of_its_sentence() -> None:
    text = "أعلن المدير كريم الصباغ فتح الباب للمتقدمين، مبيناً أن العدد محدود.\n\nمشيراً إلى أن النتائج ستعلن قريبا."
    assert [speaker for _, speaker, _ in said(text)] == ["كريم الصباغ", "كريم الصباغ"]


def test_a_clause_ends_where_a_source_or_a_new_report_begins() -> None:
    text = "قالت وزيرة الصحة هدى سالم إن اللقاح متوفر، وأضافت أن الحملة ستبدأ غدا، وذلك في تعليقها على الشائعات."
    assert [words for _, _, words in said(text)] == ["اللقاح متوفر", "الحملة ستبدأ غدا"]


def test_unmarked_speech_after_a_colon_is_indirect() -> None:
    text = "وصرح مدير الأمن وائل الشمري: لا نطلب كلمة السر من أحد."
    assert said(text) == [(INDIRECT, "وائل الشمري", "لا نطلب كلمة السر من أحد")]


def test_nobody_is_guessed_when_the_article_does_not_say() -> None:
    text = "وأكد أن «الشعب سيقول كلمته في صناديق الاقتراع»."
    quote = find_quotes(text)[0]
    assert quote.speaker is None
    assert quote.confidence < 0.6


def test_a_topic_is_the_subject_of_its_verb() -> None:
    quote = find_quotes("أما سالم الراوي فأشار إلى أن الأسعار ارتفعت.")[0]
    assert (quote.speaker and quote.speaker.name, quote.rule) == ("سالم الراوي", "subject-verb")
