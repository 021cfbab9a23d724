"""Prompts by what they say, and news that only looks alike."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.extract import prompts
from pipelines.extract.hints import CALL, OTHER
from pipelines.extract.outlet import name_beside, own_names
from pipelines.extract.prompts import cut_prompts, prompt_reason
from pipelines.extract.wording import Setting
from pipelines.lexicons import load

LAST = Setting(alone=True, last=True)
#: What prompts are made of, and news.
LEXICONS = (
    "prompt_invitations", "prompt_us", "prompt_deliveries", "prompt_services", "prompt_platforms", "prompt_channels",
    "prompt_page_objects", "prompt_imperatives", "prompt_reader", "copyright_phrases", "page_notices", "read_also",
    "disclaimer_subjects", "disclaimer_verbs", "disclaimer_objects", "read_more", "page_nouns", "related_words",
)  # fmt: skip
NEWS = "قال الوزير إن الجسر افتتح صباح اليوم في وادي الزيتون، وتابع: سنعود. «الضفة» © www.dhaffa.example @dhaffa و ك"
PIECES = st.sampled_from([form for lexicon in LEXICONS for form in load(lexicon)]) | st.sampled_from(NEWS.split())


@pytest.mark.parametrize(
    "text",
    [
        "اشترك في نشرتنا البريدية ليصلك جديدنا كل صباح",
        "هل أعجبك ما قرأت؟ انضم إلى قائمتنا البريدية الآن.",
        "تابعوا قناة الضفة على تلغرام لتصلكم الأخبار العاجلة أولاً بأول",
        "حمّل تطبيق الضفة مجاناً من متجر غوغل بلاي",
        "لمتابعة آخر الأخبار انضموا إلى قناتنا على الواتساب",
        "تابعنا على أخبار غوغل",
        "اقرأ أيضاً: افتتاح جسر وادي الزيتون",
        "شاهد أيضاً",
        "مواضيع قد تهمك",
        "المزيد عن: وادي الزيتون",
        "شارك هذا المقال",
        "شاركنا رأيك في التعليقات",
        "كلمات مفتاحية: سد، مياه، زراعة",
        "المصدر: وكالات",
        "تصوير: سعاد النجار",
        "جميع الحقوق محفوظة لشبكة الضفة © 2026",
        "الآراء الواردة في المقال تعبر عن رأي كاتبها ولا تعبر بالضرورة عن رأي الموقع",
        "- إعلان -",
        "ربما تود قراءة هذا كذلك",
        "وبوسعكم أن تطالعوا أيضاً: حصاد القمح في السهل",
        "آراء الزوار (4)",
        "ساهمت في الإعداد: هدى السلطاني",
        "تصميم الغلاف: نبيل الدراجي",
        "مساحة إعلانية للمعلنين",
        "{loadmodule mod_banners}",
        '[gallery ids="3,4"]',
        "انتهى / ن.د 4417",
        "(س.ن)",
        "تنشر هذه المادة بالتعاون مع مؤسسة الراوي",
        "للإبلاغ عن عطل في شارعك راسلنا على رقم الصحيفة",
        "لإرسال تصحيح: desk@dhaffa.example",
        "ابعتلنا صورك على واتساب وإحنا ننشرها",
        "(شاهد التسجيل أسفله)",
    ],
)
def test_a_prompt_is_recognised(text: str) -> None:
    assert prompt_reason(text, LAST) is not None


@pytest.mark.parametrize(
    "text",
    [
        "شارك الوزير سالم الحمداني في افتتاح الجسر الجديد صباح اليوم.",
        "تابع الدراجي قائلاً إن فريقه لم يقدم أفضل ما عنده في الشوط الأول.",
        "اشترك أكثر من عشرين ألف قارئ في النشرات البريدية لثلاث صحف خلال العام الماضي، وفق دراسة حديثة.",
        "وقالت الباحثة هدى السلطاني: «اشتركوا في النشرة البريدية وتابعوا قناتنا على تلغرام».",
        "المصدر الرئيس للمياه في الوادي هو السد القديم الذي بني قبل خمسين عاماً.",
        "أطلقت البلدية تطبيقاً على الهواتف يتيح للسكان الإبلاغ عن أعطال المياه.",
        "قرأ الشاعر قصائد من ديوانه الجديد، وشاهد الجمهور عرضاً للرقص الشعبي.",
        "سجل اللاعب نبيل الدراجي هدفين في الدقائق العشر الأخيرة من المباراة.",
        "خلاصة قصيرة لأهم الأخبار",
        "وادي الزيتون (رويترز) - أعلنت البلدية افتتاح الجسر.",
        "لا أقول لكم شاركوا هذا النص مع أصدقائكم، فأنا أعرف أن الصمت لا ينتشر.",
        "اضغط على الزر الأخضر في جهاز الري ثم راجع صفحة الإعدادات بنفسك.",
        "الضفة: كيف بدأت حكايتك مع هاتفك القديم؟",
        "فقد غرّد رئيس النادي على منصة إكس: «شكراً لكل من تابعنا وشاركنا الفرحة هذا المساء».",
        "أهلاً بكم في سوق السمك، قالها البائع ثم مضى يقلّب بضاعته على الجليد أمام الزبائن.",
        "حقوق النشر في العصر الرقمي كانت محور الندوة التي شارك فيها عشرة خبراء من ست دول عربية.",
    ],
)
def test_news_is_not_a_prompt(text: str) -> None:
    assert prompt_reason(text, Setting(alone=True, last=False, names=("الضفه",))) is None


def test_a_prompt_that_is_glued_to_a_paragraph_is_cut_at_the_sentence() -> None:
    news = "أعلنت البلدية افتتاح الجسر الجديد أمام المركبات."
    prompt = "اشترك الآن في نشرتنا البريدية ليصلك جديدنا."
    stays, cut = cut_prompts(f"{news} {prompt}", Setting(last=True))
    assert stays == news
    assert [text for text, _ in cut] == [prompt]


def test_a_paragraph_of_news_is_no_prompt_because_one_is_glued_to_it() -> None:
    news = "وتستهلك المضخات ربع كهرباء الوادي كله."
    glued = f"{news} أضف «الضفة» إلى مصادرك المفضلة في أخبار غوغل"
    setting = Setting(last=True, names=("الضفه",))
    assert prompt_reason(glued, setting) is None
    assert cut_prompts(glued, setting)[0] == news


def test_the_outlet_with_its_place_is_where_the_story_was_filed() -> None:
    assert prompt_reason("الضفة / وادي الزيتون", Setting(names=("الضفه",))) == "credit"
    assert prompt_reason("الضفة الغربية للنهر / وادي الزيتون", Setting(names=("صدي",))) is None


def test_an_outlet_is_known_by_what_sets_it_apart() -> None:
    assert own_names("وكالة النورس للأنباء") == ("وكاله النورس للانباء", "النورس")
    assert own_names("صحيفة اليوم") == ("صحيفه اليوم",)
    assert name_beside("محطة النورس تضخ الماء", "محطة النورس تضخ الماء | مرفأ الأخبار") == "مرفأ الأخبار"
    assert name_beside("محطة النورس تضخ الماء", "محطة النورس تضخ الماء") is None


def test_what_somebody_says_is_not_cut() -> None:
    text = "ختم الحمداني حديثه مع الطلبة. وقال: «تابعوا قناتنا على تلغرام واشتركوا في نشرتنا»."
    assert cut_prompts(text, Setting(last=True)) == (text, [])


@settings(max_examples=400)
@given(
    st.lists(PIECES, min_size=1, max_size=30).map(" ".join),
    st.builds(Setting, alone=st.booleans(), last=st.booleans(), names=st.sampled_from([(), ("شبكه الضفه", "الضفه")])),
)
def test_no_prompt_is_passed_over_for_what_its_words_hint_at(text: str, setting: Setting) -> None:
    reason = prompt_reason(text, setting)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prompts, "hints", lambda *_: CALL | OTHER)
        assert prompt_reason(text, setting) == reason
