"""Who a speaker is in the whole article: fuller names, roles, words that point back, new subjects."""

from __future__ import annotations

import pytest

from pipelines.model import SpeakerType
from pipelines.quotes import find_quotes


def speakers(text: str) -> list[str | None]:
    return [quote.speaker.name if quote.speaker else None for quote in find_quotes(text)]


def test_a_short_name_is_the_fullest_of_the_article() -> None:
    text = (
        "قال المتحدث العسكري اللواء ياسر نبيل الدوري إن القوات تقدمت.\n\nوأوضح الدوري أن المعركة مستمرة.\n\n"
        "«النصر قريب جدا بإذن الله وبهمة الرجال»، وفقاً للدوري."
    )
    assert speakers(text) == ["ياسر نبيل الدوري"] * 3


def test_the_role_is_kept_apart_and_found_before_or_after_the_name() -> None:
    text = "أشار الدكتور سامي الراوي، أستاذ القانون بجامعة النهر، إلى أن الحكم نهائي."
    speaker = find_quotes(text)[0].speaker
    assert speaker is not None
    assert (speaker.name, speaker.role) == ("سامي الراوي", "أستاذ القانون بجامعة النهر")
    assert speaker.type is SpeakerType.PERSON
    assert speaker.mention is not None
    assert speaker.mention.of(text) == "الدكتور سامي الراوي، أستاذ القانون بجامعة النهر"


def test_a_role_alone_is_the_person_who_holds_it() -> None:
    text = "قالت وزيرة التعليم مها الكردي إن الدراسة تبدأ الأحد. وتابعت الوزيرة أن الكتب جاهزة."
    assert speakers(text) == ["مها الكردي", "مها الكردي"]


def test_the_same_source_and_our_correspondent() -> None:
    text = "قال مصدر طبي إن الحالات مستقرة، وأضاف المصدر ذاته أن الفريق يتابعها. وذكر المتحدث نفسه أنها ستخرج غدا."
    assert speakers(text) == ["مصدر طبي"] * 3


def test_a_newspaper_is_named_once_and_then_called_the_newspaper() -> None:
    text = 'ذكرت صحيفة "الميزان" المحلية أن المصنع أغلق. وقالت الصحيفة إن العمال لم يبلغوا.'
    assert speakers(text) == ["الميزان", "الميزان"]


def test_a_statement_is_its_issuer_still_speaking() -> None:
    text = "أكدت نقابة المعلمين في بيان أن الإضراب قائم. وأضاف البيان أن الحوار ممكن."
    assert speakers(text) == ["نقابة المعلمين", "نقابة المعلمين"]


def test_an_implied_subject_is_whoever_spoke_last() -> None:
    text = "قال النائب عادل شوقي إن الموازنة ناقصة. وأضاف أن الأرقام قديمة.\n\nوتابع: «لن نصوت عليها قبل تعديلها»."
    assert speakers(text) == ["عادل شوقي"] * 3


def test_a_new_subject_takes_the_floor() -> None:
    text = (
        "قال النائب عادل شوقي إن الموازنة ناقصة.\n\nمن جهته رحب الوزير ناصر الكيلاني بالحوار، وقال إن الأرقام ستراجع."
    )
    assert speakers(text) == ["عادل شوقي", "ناصر الكيلاني"]


def test_a_verb_does_not_go_to_somebody_of_the_other_gender() -> None:
    text = "قال المدرب عادل شوقي إن الفريق جاهز. وقالت إن المباراة صعبة."
    assert speakers(text) == ["عادل شوقي", None]


def test_courtesy_pronouns_and_names_with_particles() -> None:
    text = "أكد سعادة المهندس عبدالله بن محمد الكندي أن الجسر سيفتتح قريبا. وأوضح سعادته أن العمل انتهى."
    assert speakers(text) == ["عبدالله بن محمد الكندي"] * 2


def test_the_object_of_a_verb_is_not_its_speaker() -> None:
    text = "قال المدير كريم الصباغ إن النتائج جيدة. وأبلغ الصحافيين أن التقرير سينشر."
    assert speakers(text) == ["كريم الصباغ", "كريم الصباغ"]


def test_hashtags_and_controls_are_not_part_of_a_printed_name() -> None:
    text = "وكتب الشيخ #نايف_بن_راشد \u2067العلي\u2069: «سنبقى أوفياء لأهلنا مهما طال الغياب»."
    assert speakers(text) == ["نايف بن راشد العلي"]


def test_who_leads_a_body_is_its_president() -> None:
    text = (
        "وافقت لجنة الري في مجلس الإقليم، برئاسة اللواء مازن العبادي، على المشروع.\n\n"
        "وقال رئيس اللجنة إن التنفيذ يبدأ في الربيع."
    )
    assert speakers(text) == ["مازن العبادي"]


def test_a_role_of_kin_is_its_holder_again() -> None:
    text = (
        "أعربت ليلى منصور، شقيقة طارق الحلبي، عن خشيتها على حياته. وكان طارق الحلبي قد اختفى يوم الأحد.\n\n"
        "وقالت شقيقة الحلبي إن العائلة لم تتلق أي اتصال."
    )
    assert speakers(text) == ["ليلى منصور"]


def test_a_statement_of_a_body_has_its_full_name() -> None:
    text = "اجتمعت هيئة تنظيم الموانئ النهرية صباح السبت.\n\nوذكر بيان الهيئة أن الرسوم لن تتغير."
    assert speakers(text) == ["بيان هيئة تنظيم الموانئ النهرية"]


def test_who_is_answered_does_not_answer() -> None:
    text = (
        "زارت القرية الوزيرة سناء الطويل، وقالت لها المعلمة هدى صالح: «نريد مدرسة قريبة من بيوتنا»، "
        "فردت عليها: «ستفتح المدرسة أبوابها في الخريف المقبل»."
    )
    assert speakers(text) == ["هدى صالح", "سناء الطويل"]


def test_a_report_ends_where_the_narrator_says_what_was_not_said() -> None:
    text = "وقال الوزير سالم الحمداني إن الحكومة تعد خطة جديدة، من دون أن يحدد موعدا لإعلانها."
    (quote,) = find_quotes(text)
    assert quote.span.of(text) == "الحكومة تعد خطة جديدة"


def test_what_somebody_called_it_is_said_by_him() -> None:
    text = "ورفضت الحكومة ما وصفه النائب السابق فؤاد العطار بـ«التدخل السافر في شؤون القضاء المستقل»."
    assert speakers(text) == ["فؤاد العطار"]


def test_to_whom_it_was_said_is_not_part_of_it() -> None:
    text = "وبحسب ما صرح به مدير المستشفى الدكتور علاء يونس لصحيفة «الضفة»، فإن عدد المصابين بلغ أربعين."
    (quote,) = find_quotes(text)
    assert quote.span.of(text) == "عدد المصابين بلغ أربعين"
    assert quote.speaker is not None
    assert (quote.speaker.name, quote.speaker.role) == ("علاء يونس", "مدير المستشفى")


def test_a_name_that_is_also_a_preposition_follows_its_honorific() -> None:
    text = "وحذر الخبير الاقتصادي الدكتور باسم الشامي من أن الأسعار ستواصل الارتفاع."
    assert speakers(text) == ["باسم الشامي"]


def test_a_role_does_not_go_on_to_whom_its_holder_spoke() -> None:
    text = "وتمنى القنصل على أبناء الجالية الالتزام بالقوانين، لافتا إلى أن القنصلية تتابع أوضاعهم."
    assert speakers(text) == ["القنصل"]


@pytest.mark.parametrize(
    ("text", "said", "name"),
    [
        ("وقال الوزير سامي العطار لقد انتهينا من بناء السد.", "لقد انتهينا من بناء السد", "سامي العطار"),
        (
            "وأضاف المدرب هاني الفهد، في حديث نقلته قناة الضفة، أن الفريق جاهز.",
            "الفريق جاهز",
            "هاني الفهد",
        ),
        (
            "كشفت الفنانة ريم الخالدي، عن تعلق عائلتها بدورها الجديد، مؤكدة أن التصوير انتهى.",
            "التصوير انتهى",
            "ريم الخالدي",
        ),
        ("قال وزير التجارة وترقية الصادرات، كمال الزياني، إن السوق مستقرة.", "السوق مستقرة", "كمال الزياني"),
        ("حذر الرئيس الباجي قائد النهري، أمس، من أن الماء لن يكفي.", "الماء لن يكفي", "الباجي قائد النهري"),
        (
            "وأوضحت مشرفة تربوية (تحتفظ الصحيفة باسمها) أن المقرر جديد.",
            "المقرر جديد",
            "مشرفة تربوية",
        ),
        ("ونقلت الوكالة عن مصدر قبلي قوله إن الطريق أغلق.", "الطريق أغلق", "مصدر قبلي"),
    ],
)
def test_names_and_what_stands_around_them(text: str, said: str, name: str) -> None:
    (quote,) = find_quotes(text)
    assert quote.span.of(text) == said
    assert quote.speaker is not None
    assert quote.speaker.name == name


def test_a_verb_in_the_first_person_is_nobody() -> None:
    text = "التقى الوزير سامي العطار الصحفيين. وأضاف أعلم أنها لن تكون مرحلة سهلة."
    assert "أعلم" not in speakers(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Roles that are told otherwise: by a name, a country, a body known by now, fewer or more words.
        (
            "قال نائب الرئيس الماردي، فؤاد الأوقاتي، إن البلاد بخير. وأكد نائب أردوكان أن المناسبة تسعده.",
            ["فؤاد الأوقاتي", "فؤاد الأوقاتي"],
        ),
        (
            "قال الرئيس الأمريكي وليم كارسون إن الاتفاق قريب. وأضاف رئيس الولايات المتحدة: «لن ننتظر أحدا بعد اليوم».",
            ["وليم كارسون", "وليم كارسون"],
        ),
        (
            "قال وليد الركراوي مدرب نادي النهر إنه فخور بلاعبيه. وأكد مدرب الفريق الأحمر أنه سعيد بالنتيجة.",
            ["وليد الركراوي", "وليد الركراوي"],
        ),
        (
            "وصرح المتحدث الرسمي باسم رئاسة البلاد بأن الاجتماع انتهى. وأشار السفير محمد الشناوري المتحدث الرسمي إلى أن "
            "القرار صدر.",
            ["محمد الشناوري", "محمد الشناوري"],
        ),
        # A spokesman is not whom he speaks for.
        (
            "قال المتحدث باسم القائد العام اللواء أحمد المسماوي إن القوات تقدمت. ومن جهته، أكد القائد العام للقوات المسلحة "
            "أن الضربة نجحت.",
            ["أحمد المسماوي", "القائد العام للقوات المسلحة"],
        ),
        # No man answers a woman's verb.
        (
            "قالت المستشارة فريدة زمان إن المبادرة جيدة. وأشارت خلال الندوة عقب لقائها رئيس البلاد منير الباجوري إلى أن "
            "الوضع صعب.",
            ["فريدة زمان", "فريدة زمان"],
        ),
        (
            "تحدث رئيس المجلس أحمد المسلمي، وتدخلت بعده النائب زينب عبد الأمير. وشددت على أنه قرار مرفوض.",
            ["زينب عبد الأمير"],
        ),
        # Who takes the floor without a verb of saying.
        (
            "رد الرئيس منير الحلبي على الرئيس عادل الراشد. جاء ذلك في مقابلة للحلبي مع قناة محلية. وأضاف أن اللغة لا تليق.",
            ["منير الحلبي"],
        ),
        (
            "قال الوزير منير الحلبي إن الأمور تسير. وردا على سؤال عن سلفه عادل الراشد الذي اعتبر أن الحكومة ضعيفة، رفض "
            "الحلبي التعليق. وقال «كل شخص يتحمل مسؤوليته وحده».",
            ["منير الحلبي", "عادل الراشد", "منير الحلبي"],
        ),
        ("صرح الوزير منير الحلبي بأن الأمر انتهى. ورد الحلبي «لم نر شيئا من هذا أبدا».", ["منير الحلبي"] * 2),
        ("قال المدرب سالم الرياحي: «نحن هنا للفوز». وأتم: «اللاعبون لديهم طموح كبير».", ["سالم الرياحي"] * 2),
        (
            "«من المضحك أن تشاهد هذه الكوميديا». ذلك ما قاله رئيس النقابة، أنور الدمنهوري، لصحيفة محلية.",
            ["أنور الدمنهوري"],
        ),
        # Whoever is asked answers; a report that doubts speaks; called by what he is, who spoke before goes on.
        ("وبسؤال شقيق الضحية، أفاد بأن الرجل كان يسير في الشارع.", ["شقيق الضحية"]),
        ("شككت تقارير استخباراتية مسربة في الخبر، مشيرة إلى أن البرنامج تأخر.", ["تقارير استخباراتية مسربة في الخبر"]),
        (
            "قال مدرب النادي، رولان موكينا، إن الفوز مهم. ورد التقني الأرجنتيني: «ليس هو فقط، بل الآخرون أيضا».",
            ["رولان موكينا", "رولان موكينا"],
        ),
        # A heading is nobody's sentence, a busy station no body, and numbers do not speak.
        (
            "أكد المحافظ ناجي العيسوي أن المبالغ وزعت.\n\nوسائل الدفع الإلكتروني\n\nوأضاف أن كل الوسائل متاحة.",
            ["ناجي العيسوي", "ناجي العيسوي"],
        ),
        ("أكدت مجلة «النهر» أن الاقتصاد مستقر. وقالت إن النمو يستند إلى أربعة أركان.", ["النهر", "النهر"]),
    ],
)
def test_who_is_meant_by_a_role_a_verb_or_nothing(text: str, expected: list[str]) -> None:
    assert speakers(text) == expected
