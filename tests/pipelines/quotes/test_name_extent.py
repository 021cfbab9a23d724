"""Where a name ends and where a role does, in sentences of every frame: told by structure, not by lists."""

from __future__ import annotations

import pytest

from pipelines.quotes import find_quotes
from pipelines.quotes.words import classify


def speakers(text: str) -> list[str | None]:
    return [quote.speaker.name if quote.speaker else None for quote in find_quotes(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A compound first name asks for a family name, whatever follows.
        ("دعا الخبير الاقتصادي عبد القادر قرطوس الأطراف إلى الهدوء، مؤكدا أن الحل قريب.", "عبد القادر قرطوس"),
        ("زار الباحث سيف الدين جيلوني المنطقة أمس، وقال إن الوضع تحت السيطرة.", "سيف الدين جيلوني"),
        # Many generations.
        (
            "وأكد رئيس المحكمة القاضي فهد بن ناصر بن جاسم آل خميس أن الأعمال ستنتهي قريبا.",
            "فهد بن ناصر بن جاسم آل خميس",
        ),
        # «لي» is a name after a role and a first name.
        ("أكد وزير الصحة وانغ لي اليوم أن الخطة جاهزة للتنفيذ.", "وانغ لي"),
        # A thing is no family name.
        ("زار المدير الفني ماجد بن خلفان المنطقة أمس، وأضاف أن الخطوة جاءت في وقتها.", "ماجد بن خلفان"),
        ("دعت بطلة العمل مريم بنت خلفان الأطراف إلى الهدوء. وشددت على أن الوضع خطير.", "مريم بنت خلفان"),
        # Two names that end like an accusative.
        ("قال شاهد العيان لوكا فونتانا للصحفيين إن المشروع يحتاج إلى تمويل.", "لوكا فونتانا"),
    ],
)
def test_a_name_ends_where_no_name_can_go_on(text: str, expected: str) -> None:
    assert speakers(text)[0] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("أعلن وزير الدولة لشؤون مجلس الوزراء إيغور زاخاروف، خلال مؤتمر، أن الأعمال انتهت.", "إيغور زاخاروف"),
        ("وقال ابن عم القتيل رشدي سويفي إن الشرطة وصلت متأخرة.", "رشدي سويفي"),
        ("قال لاعب وسط الفريق أونغ مينغ إن المباراة كانت صعبة.", "أونغ مينغ"),
        ("قال أمين سر نادي القرية الطيب بوزيان إن التذاكر نفدت.", "الطيب بوزيان"),
        ("قال القائم بالأعمال الألماني نزار بركان إن السفارة مفتوحة.", "نزار بركان"),
        ("وأكد المستشار الألماني طارق شندب أن القضية مغلقة.", "طارق شندب"),
    ],
)
def test_a_role_goes_on_as_long_as_its_words_govern(text: str, expected: str) -> None:
    assert speakers(text)[0] == expected


def test_a_letter_with_a_hamza_is_no_article() -> None:
    assert not classify("ألمانيين").definite
    assert not classify("إلغاء").definite
    assert classify("الألمانيين").definite


def test_a_courtesy_pronoun_means_whom_the_news_names_first() -> None:
    text = (
        "رفع الأمير محمد بن بدر، نائب أمير الساحل، الشكر إلى الأمير فهد بن خالد بن ناصر آل خميس بمناسبة العيد. "
        'وقال سموه في تصريح صحفي: "إن هذه المشاريع تخدم أهل الساحل كلهم".'
    )
    assert speakers(text) == ["محمد بن بدر"]


def test_a_role_behind_a_name_that_stands_alone_is_its_bearers() -> None:
    text = (
        "بحضور بوعلاقة، أمين السر الدائم لأكاديمية الساحل، افتتح المعرض أمس. وتسلم عبد الجليل بوعلاقة هدية. "
        "وذكر أمين السر الدائم أنه زار المدينة من قبل."
    )
    assert speakers(text) == ["عبد الجليل بوعلاقة"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A name that the news opens with marks, a comma or a charge before it.
        (
            'وقالت الباحثة في شؤون الساحل في "مرصد الوادي"؛ نيكو جعفرنيو، في تغريدة الثلاثاء، إن المنظمة تتابع الملف.',
            "نيكو جعفرنيو",
        ),
        (
            "وعبر منسق الهيئة الخاص المعني بعملية السلام في الساحل، تور وينسلاندو، عن قلقه، مؤكدا أن الوضع صعب.",
            "تور وينسلاندو",
        ),
        ("ونقلت الصحيفة عن أحد الأطباء في البلدة إسماعيل الخطيبي قوله إن الجرحى في الطرقات.", "إسماعيل الخطيبي"),
        ("ولم يفوت أحمد بوعلاق الفرصة ليقول إن العمل مستمر في كل الورشات.", "أحمد بوعلاق"),
        (
            "قدم اللواء قمر الدين محمد فضل الساعي، والي الشمال التهنئة للأهالي. وقال والي الشمال: «تحرير البلدة قريب جدا».",
            "قمر الدين محمد فضل الساعي",
        ),
    ],
)
def test_a_name_is_found_behind_all_of_its_role(text: str, expected: str) -> None:
    assert speakers(text)[0] == expected


def test_a_counterpart_of_a_country_holds_the_same_office() -> None:
    text = (
        "التقى وزير الخارجية الإيراني حسين بهشتيان نظيره التركي مراد أوغلوي في أنقرة. "
        "من جهته، قال وزير الخارجية التركي: «ناقشنا تعزيز التعاون بين بلدينا»."
    )
    assert speakers(text) == ["مراد أوغلوي"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("قال مدرب المنتخب كارلو كيروشي إن المباراة صعبة. وقال المدير الفني إن الفوز قريب.", ["كارلو كيروشي"] * 2),
        ("قال والد الضحية رامي بوسعد إن الشرطة تأخرت. وأضاف الأب أن القضية ستستمر.", ["رامي بوسعد"] * 2),
        # Somebody else, whom the article has introduced.
        (
            "قال القاضي رامي بوسعد إن الجلسة تأجلت. وحضر بستاني المدرسة أيضا. وقال البستاني إن القضية ستستمر.",
            ["رامي بوسعد", "بستاني المدرسة"],
        ),
    ],
)
def test_a_role_that_nothing_introduces_is_another_word_for_whoever_speaks(text: str, expected: list[str]) -> None:
    assert speakers(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("وهنا طلب رئيس المجلس الحاج تزيم الصرايري من الحضور الهدوء، مشيرا إلى أن الجلسة لم تنته.", "تزيم الصرايري"),
        ("ورفض رئيس الوزراء التشيكي أكصعيص بابيش التعليق على القضية، مؤكدا أن القضاء يقرر.", "أكصعيص بابيش"),
        ("قالت مديرة زراعة شمال الساحل عشز شعراوين: إن المزارعين شاركوا في المهرجان.", "عشز شعراوين"),
        ("وحسب رئيس خلية الاتصال، محافظ الشرطة رماط عيساوين، فإن التحقيق مستمر منذ يومين.", "رماط عيساوين"),
        ("إذ كتب المستخدم مابب الحوسمي: «عشرون درهما لا تعوض صفقة خسرتها».", "مابب الحوسمي"),
    ],
)
def test_an_unknown_name_is_read_where_no_object_can_stand(text: str, expected: str) -> None:
    assert speakers(text)[0] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("وقال شقيق المجني عليه إن أخاه خرج مبكرا من البيت.", "شقيق المجني عليه"),
        ("وأكد وزير الإعلام في الحكومة المعترف بها دوليا معمر السعدوني أن الملاحة آمنة.", "معمر السعدوني"),
        ("وقال محلل أسواق النفط لدى بنك يو بي إس جيوفاني ستونوفي إن المخزونات تراجعت.", "جيوفاني ستونوفي"),
        ("وقالت بي بي سي إن المنتج عبر عن رأيه الشخصي.", "بي بي سي"),
        ("ويوضح مدير المخيم رائد الشنطوطي أن عدد النازحين تضاعف.", "رائد الشنطوطي"),
        ("وتشير منسقة الحملة كلارا فيدالي إلى أن الأمراض تنتشر.", "كلارا فيدالي"),
        ("تحولت حياة أم خالد إلى جحيم. تقول أم خالد إن الماء انقطع منذ شهر.", "أم خالد"),
        ("وقال الناطق باسمه محمود بوصالي إن الطواقم وصلت إلى المكان.", "محمود بوصالي"),
        ("وذكر مصدر في الوزارة، طلب عدم الكشف عن اسمه، أن اللجنة ستجتمع غدا.", "مصدر في الوزارة"),
        ("وروى أبو أحمد السوافري، وهو نازح، أن القصف وقع فجرا.", "أبو أحمد السوافري"),
        ("وقال قائد القوة البحرية في الحرس أمير علي حاجوي إن الرد سيكون قاسيا.", "أمير علي حاجوي"),
    ],
)
def test_words_that_look_like_others_are_read_by_their_neighbours(text: str, expected: str) -> None:
    assert speakers(text)[0] == expected


def test_an_article_that_writes_h_for_ta_has_no_owners_everywhere() -> None:
    assert speakers("وقالت مصادر امنيه رسميه إن غاره جويه استهدفت الموقع.") == ["مصادر امنيه رسميه"]


def test_an_article_without_alef_maqsura_knows_the_preposition() -> None:
    text = "شدد رئيس المجلس مرزوق الغانمي علي أن المجتمع بخير. واتفق الشيخ علي الخطابي معه."
    assert speakers(text) == ["مرزوق الغانمي"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "زار وزير الصحة المارداوي سعد بوعلي أمس بلدة الساحل. وحذر الوزير المارداوي من المرض، قائلا: «نحن أمام لحظة صعبة جدا».",
            "سعد بوعلي",
        ),
        ("وسبق للرئيس المارداوي بوريس تشاخنوف أن قال إن اقتصاد بلاده صامد.", "بوريس تشاخنوف"),
        ("أبدى السفير الصيني تشن وي تشنغو استعداد بلاده للتعاون، مضيفا أن الشركات تثق بالسوق.", "تشن وي تشنغو"),
    ],
)
def test_what_a_verb_asks_for_is_neither_role_nor_name(text: str, expected: str) -> None:
    assert speakers(text)[0] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("وقال قيمن المتحف محمد سالمو إن الزوار كثر هذا العام.", "محمد سالمو"),
        ("وأكد زمرد متحف الساحل رمزي بوعلاق أن الزوار كثر هذا العام.", "رمزي بوعلاق"),
        ("وقال زمرد الهيئة الوطنية المستشار لاشين بوعلاق إن العملية تسير بشكل جيد.", "لاشين بوعلاق"),
        ("وقال تشاندري الحسنو إن الزوار كثر هذا العام.", "تشاندري الحسنو"),
    ],
)
def test_a_role_that_no_list_has_is_told_by_what_it_governs(text: str, expected: str) -> None:
    assert speakers(text)[0] == expected
