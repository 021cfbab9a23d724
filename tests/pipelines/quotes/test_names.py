"""Where a name and a role end: what stands around them in papers of every country."""

from __future__ import annotations

import pytest

from pipelines.quotes import find_quotes


def speakers(text: str) -> list[str | None]:
    return [quote.speaker.name if quote.speaker else None for quote in find_quotes(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A foreign name after a place, before a comma, though it begins like «with».
        (
            'ووصفت القنصل العامة لدى ماردو بلندريت هوغارد، في تغريدة، القصف بأنه "جريمة لا تغتفر أبدا".',
            "بلندريت هوغارد",
        ),
        # A name behind the comma of its role, though it ends like «his».
        ("ستكون الساعة الأولى من نوعها، حسب رئيس قطاع الأجهزة في الشركة، نيك أورستلوه.", "نيك أورستلوه"),
        # A role behind the name, in Latin letters.
        ("كما أوضح جراهام ليندون، رئيس Stone Energy، إذ قال: «سنوقع الاتفاقية قبل نهاية العام».", "جراهام ليندون"),
        # The object of the verb is no part of the name, nor of the role, nor of the body.
        ("اعتبر الناطق ديمتري بولكانوف تزويد الخصم بالدبابات انخراطا في الحرب، وفق تعبيره.", "ديمتري بولكانوف"),
        (
            'ودعا سفير ماردو لدى الأمم المتحدة بيروت إلى العمل على "وقف إراقة الدماء فورا".',
            "سفير ماردو لدى الأمم المتحدة",
        ),
        ("حذرت الهيئة الوطنية للأمن المستخدمين من البرنامج، معتبرة أنه يشكل خطرا.", "الهيئة الوطنية للأمن"),
        ("أعلن وزير الدفاع سليم الراوي إرسال سفينة ثانية «لردع كل من يفكر في العدوان».", "سليم الراوي"),
        # Called by his country, with a comma or without.
        ("أكد البرتغالي جوزيه كارفاليدو المدير الفني للفريق أن الحظ عاندهم.", "جوزيه كارفاليدو"),
        ("أوضح الدولي الجزائري السابق، رفيق الزياني، أن المباراة جاءت في نهاية الموسم.", "رفيق الزياني"),
        # A family name that is a role or a verb elsewhere, and a first name that is a month.
        ("قال الدكتور مصطفى وزيري، إن الآثار كثيرة.", "مصطفى وزيري"),
        ("قال المحلل السياسي رجا طلب، إن أشياء كثيرة تغيرت.", "رجا طلب"),
        ("وقال مسئول العلاقات العامة في الحرس العميد رمضان شريف إن الأمر تحت السيطرة.", "رمضان شريف"),
        # «سابقاً» stands within a role, «للحزب» too; «للصحفيين» does not.
        ("وقال عميد كلية الحقوق ووزير الداخلية سابقًا عاشور الشويلي إن الزيارة بدأت.", "عاشور الشويلي"),
        ("وقال نائب رئيس الهيئة الإعلامية للحوثيين نصر الدين عمار إن الخبر كاذب.", "نصر الدين عمار"),
        # Somebody nobody knows.
        ("وقال رجل يدعى أبو تكعون إنه نام في العراء.", "أبو تكعون"),
        # Accusative after أن: named as in the dictionary.
        ("غير أن مصدرا أمنيا أكد أن الاجتماع سيعقد في موعده.", "مصدر أمني"),
        ("قالت مصادر مطلعة إن المحادثات بدأت.", "مصادر مطلعة"),
        # «in a press statement» is nobody.
        ('قال السفير الأردني في تصريح صحافي "سنعمل معا على وقف الحرب".', "السفير الأردني"),
        # A woman's relation to a man is not the man.
        ("قالت خطيبة الإعلامي الماردي جمال الخطابي إن القضية لم تغلق.", "خطيبة الإعلامي الماردي جمال الخطابي"),
    ],
)
def test_a_name_ends_where_a_reader_ends_it(text: str, expected: str) -> None:
    assert speakers(text)[0] == expected


def test_names_in_marks_are_names() -> None:
    text = (
        "قال نائب رئيس البلدية، والمتحدث باسم المجلس، «بولان آرينتش»، إن الطريق سيفتح. وأضاف آرينتش أن العمل انتهى.\n\n"
        "أشاد الفريق الركن محسن الداعوري بالجهود. وأكد رئيس اللجنة، «الداعوري» على «أهمية الحفاظ على ما تحقق حتى الآن»."
    )
    assert speakers(text) == ["بولان آرينتش", "بولان آرينتش", "محسن الداعوري"]


def test_a_name_goes_no_further_than_the_article_calls_by_it() -> None:
    text = "كشف مدير المرصد، رامي عبدالرحمن تفاصيل ما يجري في الريف. وقال عبدالرحمن إن الطريق مقطوع."
    assert speakers(text) == ["رامي عبدالرحمن"]


def test_one_name_in_one_word_or_two() -> None:
    text = "ذكر الفريق عبدالأمير يار الله أن القوات تقدمت.\n\nوقال يارالله في بيان آخر إن المنشأة حررت."
    assert speakers(text) == ["عبدالأمير يار الله"] * 2
