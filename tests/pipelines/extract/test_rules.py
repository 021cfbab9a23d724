"""What operators say about a source's pages, what names an element, and how rules come and go."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring

from pipelines.errors import RuleError
from pipelines.extract import extract
from pipelines.extract.learning import RuleKind, Sample
from pipelines.extract.parts import next_part
from pipelines.extract.passages import passage_key, passages
from pipelines.extract.revision import KnownRule, RuleState, layout_changed, revise
from pipelines.extract.selectors import check_rules, name_element, select_only
from pipelines.model import OperatorRules, Page, SourceRules, Trace
from tests.site import LONG

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PAGE = f"""<html><head><title>خبر</title></head><body><h2 class="t">عنوان من وادي الزيتون</h2>
<i class="who">هالة السعدي</i><b class="when">2026-11-20 08:30</b>
<div class="x"><p>{LONG}</p><p class="promo">وعد صغير من بيت الراوي لكم في كل صباح.</p><p>{LONG[:90]} (تصوير: نبيل)</p></div>
<div class="y"><p>وهذا نص طويل آخر في مكان آخر من الصفحة لا علاقة له بما سبق ولا يقرأه أحد إلا من أراد.</p></div></body></html>"""


def test_an_operator_says_what_is_what() -> None:
    rules = OperatorRules(
        body="div.x", title=".t", author=".who", date=".when", remove=("p.promo",), remove_text=(r"\(تصوير: [^)]*\)",)
    )
    check_rules(rules)
    page = Page(
        url="https://nahr.example/n/1",
        body=PAGE.encode(),
        fetched_at=NOW,
        rules=SourceRules(timezone="Asia/Baghdad", operator=rules),
    )
    found = extract(page)
    assert found.text == f"{LONG}\n\n{LONG[:90].strip()}"
    assert (found.metadata.title, found.metadata.authors) == ("عنوان من وادي الزيتون", ("هالة السعدي",))
    assert found.metadata.published_at == datetime(2026, 11, 20, 5, 30, tzinfo=UTC)
    assert {"rule:p.promo", r"rule:\(تصوير: [^)]*\)"} <= {removed.reason for removed in found.removed}


def test_a_selector_that_finds_nothing_leaves_the_page_to_rawi() -> None:
    page = Page(url="https://nahr.example/n/1", body=PAGE.encode(), fetched_at=NOW)
    plain = extract(page).text
    ruled = SourceRules(operator=OperatorRules(body="div.none", title=".none", date=".none"))
    assert extract(Page(url=page.url, body=page.body, fetched_at=NOW, rules=ruled)).text == plain


@pytest.mark.parametrize(
    ("rules", "complaint"),
    [
        (OperatorRules(body="div["), " selector"),
        (OperatorRules(remove=("p::nothing",)), "selector"),
        (OperatorRules(remove_text=("(",)), "regular expression"),
        (OperatorRules(remove_text=("x*",)), "everywhere"),
        (OperatorRules(title=" "), "characters"),
        (OperatorRules(title="a" * 400), "characters"),
    ],
)
def test_wrong_rules_are_told_in_a_sentence(rules: OperatorRules, complaint: str) -> None:
    with pytest.raises(RuleError, match=complaint):
        check_rules(rules)


@pytest.mark.parametrize(
    ("html", "name"),
    [
        ('<div id="main"><div class="story-text post-1832"><p>x</p></div></div>', "div.story-text"),
        ('<div id="a12345"><article><p>x</p></article></div>', "article"),
        (
            '<div class="md:w-1/2 body"><p>x</p></div><div class="body"></div><table><tr><td></td></tr></table>',
            "body > ",
        ),
        ('<div id="wrap"><div><div></div><div><p>x</p></div></div></div>', "div#wrap > div > div:nth-of-type(2)"),
    ],
)
def test_a_container_is_named_by_what_lasts(html: str, name: str) -> None:
    page = document_fromstring(f"<html><body>{html}</body></html>").find("body")
    element = page.find(".//p").getparent()
    names = name_element(element, page)
    assert names[0].startswith(name)
    assert select_only(page, names[0]) is element


@given(
    st.recursive(
        st.just("<p>x</p>"),
        lambda inner: st.lists(inner, min_size=1, max_size=3).map(
            lambda parts: f'<div class="c{len(parts)}">{"".join(parts)}</div>'
        ),
        max_leaves=12,
    )
)
def test_every_name_finds_its_element_or_an_ancestor_and_nothing_else(html: str) -> None:
    page = document_fromstring(f"<html><body>{html}</body></html>").find("body")
    for element in page.iter("div"):
        for name in name_element(element, page):
            found = select_only(page, name)
            assert found is element or found in element.iterancestors()


@pytest.mark.parametrize(
    ("url", "href", "number", "expected"),
    [
        ("/story", "/story/2", 1, True),
        ("/story", "?page=2", 1, True),
        ("/story.html", "/story-2.html", 1, True),
        ("/story/2", "/story/3", 2, True),
        ("/news/11", "/news/12", 1, False),  # the next article, as WordPress says it
        ("/news/1", "/news/2", 1, False),
        ("/story", "/another-story", 1, False),
        ("/story", "/story/3", 1, False),
        ("/story", "https://elsewhere.example/story/2", 1, False),
    ],
)
def test_only_the_next_part_continues_an_article(url: str, href: str, number: int, expected: bool) -> None:
    body = f'<html><head><link rel="next" href="{href}"></head></html>'.encode()
    assert (next_part(body, f"https://nahr.example{url}", number=number) is not None) == expected


@pytest.mark.parametrize("filler", [b"<a rel= ", b"<a rel=next ", b'rel=next href="', b"<a "])
def test_no_page_makes_the_search_for_its_next_part_long(filler: bytes) -> None:
    assert next_part(filler * 200_000, "https://nahr.example/story") is None


def test_parts_are_joined_in_order_and_what_they_repeat_stands_once() -> None:
    first, second = LONG, "وأضافت البلدية أن الأرصفة ستزرع بأشجار الزيتون في الربيع، وأن المواقف ستبقى مجانية للزوار."
    html = "<html><body><h1>جسر وادي الزيتون الجديد</h1><div class='b'>{}</div></body></html>"
    page = Page(
        url="https://nahr.example/story",
        body=html.format(f"<p>{first}</p><p>{LONG[::-1]}</p>").encode(),
        parts=(html.format(f"<p>{first}</p><p>{second}</p>").encode(), html.format("<p>خاتمة قصيرة جداً.</p>").encode()),
        fetched_at=NOW,
    )
    assert extract(page).text.split("\n\n") == [first, LONG[::-1], second, "خاتمة قصيرة جداً."]


def test_passages_are_compared_by_their_letters_and_numbers_are_all_one() -> None:
    assert passage_key("تابعونا في العدد ١٢ من «المرفأ».") == passage_key("تابعونا  في العدد 345 من المَرفأ")
    assert passage_key("نعم") == 0
    block = "جملة أولى طويلة هنا. جملة أخيرة طويلة هنا."
    assert [text for _, text in passages(block)] == [block, "جملة أولى طويلة هنا.", "جملة أخيرة طويلة هنا."]


def container(number: int, selector: str, **trace: object) -> Sample:
    blocks = (f"خبر رقم {number}",)
    keys = (number * 1000 + 1, number * 1000 + 2)
    return Sample(number, blocks, Trace(containers=(selector,), passages=keys, **trace))  # type: ignore[arg-type]


def test_a_container_whose_text_differs_from_the_full_reading_is_given_up() -> None:
    known = [KnownRule(1, RuleKind.CONTAINER, "div.old", RuleState.LEARNED)]
    samples = [container(i, "div.new", used="div.old", drift="differs" if i < 3 else None) for i in range(6)]
    revision = revise(known, samples)
    assert [rule.value for rule in revision.distrusted] == ["div.old"]
    assert [rule.value for rule in revision.added] == ["div.new"]


def test_a_container_is_on_trial_until_enough_pages_agree() -> None:
    known = [KnownRule(1, RuleKind.CONTAINER, "div.new", RuleState.TRIAL)]
    few = [container(i, "div.new", used="div.new") for i in range(4)]
    assert not revise(known, few).held
    [held] = revise(known, [*few, container(5, "div.new", used="div.new")]).held
    assert held.value == "div.new"
    differing = [container(i, "div.new", used="div.new", drift="differs" if i % 3 else None) for i in range(6)]
    assert [rule.value for rule in revise(known, differing).distrusted] == ["div.new"]


def test_a_new_layout_is_noticed_and_learned() -> None:
    known = [KnownRule(1, RuleKind.CONTAINER, "div.old", RuleState.LEARNED)]
    samples = [container(i, "div.new", drift="missing") for i in range(8)]
    assert layout_changed(known, samples) == 8
    revision = revise(known, samples)
    assert [rule.value for rule in revision.added] == ["div.new"]
    assert "layout change" in revision.reason


def test_what_an_operator_pinned_or_forgot_is_left_alone() -> None:
    known = [
        KnownRule(1, RuleKind.CONTAINER, "div.pinned", RuleState.PINNED),
        KnownRule(2, RuleKind.CONTAINER, "div.new", RuleState.FORGOTTEN),
    ]
    revision = revise(known, [container(i, "div.new") for i in range(25)])
    assert not revision.changed
