"""Names that no list has, told by the grammar around them, and what stands beside a name without being part of it."""

from __future__ import annotations

import pytest

from pipelines.quotes import find_quotes


def speakers(text: str) -> list[str | None]:
    return [quote.speaker.name if quote.speaker else None for quote in find_quotes(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # An unknown word before «son of» is a first name, though the article has other sons.
        ("أكد دتار بن حمد بن حمود الساعدي وزير الزراعة أن الموسم بدأ.", "دتار بن حمد بن حمود الساعدي"),
        # No verb follows a verb of saying.
        ("وقال ترك جاسم بن كلبان، الرئيس التنفيذي لشركة الساحل: يعمل الطاقم منذ شهر.", "ترك جاسم بن كلبان"),
        # A family name that looks like a verb before أن.
        ("وأعلن الرئيس المارداوي جون تايسش أن البلاد سترسل المساعدات.", "جون تايسش"),
        # A family name that is a verb or a title elsewhere, before a comma and a role.
        ("قالت سيلفين راي، رئيسة مكتب الإغاثة، إن الأزمة خطيرة.", "سيلفين راي"),
        ("قال الرئيس المارداوي جتام شيخ محمود إن الحركة تسعى إلى الخراب.", "جتام شيخ محمود"),
        # A third word, or a letter, before a comma.
        ("كما صرح السيد ززان ححفور دبطامي، الأمين العام للاتحاد، قائلا إن العمل مستمر.", "ززان ححفور دبطامي"),
        ("قال وزير العلاقات مع البرلمان أحمد سيد أحمد ج، إن قطاعه سخر طاقاته.", "أحمد سيد أحمد ج"),
        # Behind two roles and their commas.
        (
            "أكد عضو مجلس الأعيان، رئيس لجنة الزراعة والمياه، نامت الخزرجي، أن الماء المالح أهلك الزرع.",
            "نامت الخزرجي",
        ),
        ("ومن جانبه، قال المدير التنفيذي للقناة، جاينل بترز: «بعض الناس لا يفهمون ذلك أبدا».", "جاينل بترز"),
        ("أفاد الناطق باسم محاكم بنزور ومساعد الوكيل العام القاضي مراد الساعدي أنه تم الإفراج عنهم.", "مراد الساعدي"),
        ("أكد القائم بأعمال قائد المنطقة السادسة اللواء أمين الراوي، أن المدينة آمنة.", "أمين الراوي"),
        # Between a verb and «saying».
        ("وعلق حداج العتباني قائلا: ما يفعله بعض الشباب خطأ كبير.", "حداج العتباني"),
    ],
)
def test_an_unknown_name_is_told_by_its_place(text: str, expected: str) -> None:
    assert speakers(text)[0] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "قال توم فلوتشر إن الوضع صعب. وتسلم توم فلوتشر مهام منصبه أمس. وأكد فلوتشر أن مهام كثيرة تنتظره.",
            "توم فلوتشر",
        ),
        ("أطلق موقع ساحلنا نيوز خدمة جديدة. وقالت هيفاء الراوي لساحلنا نيوز إن العمل مستمر.", "هيفاء الراوي"),
        ("قالت الهند للسلطات المجاورة إن المشتبه به هرب.", "الهند"),
        ("وأكدت الخارجية المارداوية في متن الرسالة، أن الغاز صنع في الخارج.", "الخارجية المارداوية"),
        ("وقال البنك المركزي في 2006 إن النمو تباطأ.", "البنك المركزي"),
        ("وكان مسؤول رفيع، قد أبلغ مجلس المدينة، بأنه لا يوجد تقدم.", "مسؤول رفيع"),
        ("وأبلغ كبار ضباط الشرطة، لجنة تحقق في الأمر، بأنه كان من الممكن تجنب ذلك.", "كبار ضباط الشرطة"),
        (
            'وقال المتحدث باسم "نور الساحل" لوكالة "الوادي"، إن المنتج سالم الراوي عبر عن رأيه.',
            "المتحدث باسم نور الساحل",
        ),
    ],
)
def test_what_stands_beside_a_speaker_is_no_part_of_him(text: str, expected: str) -> None:
    assert speakers(text)[-1] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Known by the words in marks of his role, and behind a courtesy.
        (
            "ألقى قائد «مجلس ماردو العسكري» بلنار قامشاو، كلمة. وحضر سالم الراوي. وقال قائد المجلس إن القوات قررت ذلك.",
            "بلنار قامشاو",
        ),
        ("زار الدكتور شوقي العلام مفتي الديار المدينة. وأكد فضيلة المفتي أن الزيارة ناجحة.", "شوقي العلام"),
        # Another country's minister is somebody else.
        (
            "أكد وزير الخارجية الأمير فيصل بن راشد دعم الجهود. ومن جانبه قال وزير خارجية النمسا إن الدور مهم.",
            "وزير خارجية النمسا",
        ),
        # Told of without a name, and called again by what she is.
        ("صدم سالم الراوي الوزير فتاة جزائرية، ولم تتوقع ذلك. وأوضحت الفتاة أنها دخلت البلاد بتأشيرة.", "فتاة جزائرية"),
        # A name between the commas of its role.
        ("كشفت الفنانة المارداوية، مرام علي، حقيقة ارتباطها. كما أكدت أنها لا تمانع في الزواج.", "مرام علي"),
    ],
)
def test_who_is_known_again(text: str, expected: str) -> None:
    assert speakers(text)[-1] == expected
