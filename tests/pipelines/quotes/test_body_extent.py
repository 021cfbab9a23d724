"""Where the name of a body ends: by agreement, by what owns what, and by what a place closes."""

from __future__ import annotations

import pytest

from pipelines.quotes import find_quotes


def speakers(text: str) -> list[str | None]:
    return [quote.speaker.name if quote.speaker else None for quote in find_quotes(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Nothing in the name is masculine, so no masculine word is its adjective.
        ("أدانت هيئة الأرصاد الجوية الهجوم، وشددت على أن الخطوة خطيرة.", "هيئة الأرصاد الجوية"),
        # A noun is no adjective.
        ("دعا جهاز مكافحة الحرائق المجتمع الدولي إلى التحرك، معتبرا أن الوضع خطير.", "جهاز مكافحة الحرائق"),
        ("اتهم المركز الوطني للأرصاد الحكومة بالتقصير. وقال: «الوضع خارج عن السيطرة تماما».", "المركز الوطني للأرصاد"),
        # The adjective of a party, an army or an opposition is one, though fighters are called so.
        ("أعلنت القوات المسلحة المارداوية مقتل جنود، وأضافت أن القتال مستمر.", "القوات المسلحة المارداوية"),
        # Whose refusal it is.
        ("أكدت منظمة نورث ساوند رفضها القاطع للقرار، مشيرة إلى أن العمل مستمر.", "منظمة نورث ساوند"),
        # Whoever is protected is in the name, whoever is warned is not.
        ("كشفت لجنة حماية الصحفيين تفاصيل الحادث، لافتة إلى أن التحقيق بدأ.", "لجنة حماية الصحفيين"),
        ("حذرت بلدية دمشق المسافرين من الضباب، وقالت إن الطرق زلقة.", "بلدية دمشق"),
        # After a place only another name goes on.
        ("أطلقت شرطة دبي حملة واسعة، وأوضحت أن السائقين ملتزمون.", "شرطة دبي"),
        ("ذكرت صحيفة نيويورك ساحلز على موقعها الإلكتروني أن العمل انتهى.", "صحيفة نيويورك ساحلز"),
        # «الدولة» is no courtesy, «العام» no year, «إن» no conjunction.
        ("أكدت نيابة أمن الدولة العليا، اليوم، أن الخطوة جاءت في وقتها.", "نيابة أمن الدولة العليا"),
        ("وكانت مديرية الأمن العام قد أعلنت أن الحدود مفتوحة.", "مديرية الأمن العام"),
        ("أكد المجلس الأعلى للإعلام أن المشروع جاهز.", "المجلس الأعلى للإعلام"),
        ("وبحسب شبكة سي إن إن فإن الأعمال ستنتهي قبل نهاية العام الحالي.", "شبكة سي إن إن"),
    ],
)
def test_a_body_ends_where_nothing_more_belongs_to_it(text: str, expected: str) -> None:
    assert speakers(text)[0] == expected


def test_a_body_that_is_met_in_the_same_sentence_points_at_no_other() -> None:
    assert speakers("نشر البنك المركزي المارداوي إحصاءات جديدة، وأشار إلى أن النمو مستمر.") == [
        "البنك المركزي المارداوي"
    ]


def test_a_team_is_no_general() -> None:
    text = "قال فريق الخبراء الأممي إن الوضع خطير. وأضاف الفريق أن العمل بدأ."
    assert speakers(text) == ["فريق الخبراء الأممي"] * 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("وجاء في بيان صادر عن وزارة الصحة، أن عدد الإصابات ارتفع كثيرا.", ["بيان وزارة الصحة"]),
        ("وورد في التقرير أن عدد الإصابات ارتفع كثيرا.", ["التقرير"]),
        ("وورد في التقرير خطأ. وقال سالم بوعلي إن العدد ارتفع كثيرا.", ["سالم بوعلي"]),
        ("وردت شيلي بوعلي بأن بلادها تعرقل المساعدات دائما.", ["شيلي بوعلي"]),
        ("قالت الممثلة هند صبريني إن الخبر كاذب. وأوضحت بطلة «الجسر» أنها تستعد لفيلم.", ["هند صبريني"] * 2),
    ],
)
def test_what_comes_in_a_document_is_reported(text: str, expected: list[str]) -> None:
    assert speakers(text) == expected
