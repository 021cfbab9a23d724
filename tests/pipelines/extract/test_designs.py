"""One invented outlet in the designs that newsrooms use: to the word at first sight, and after learning as well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.demo import load_outlets
from pipelines.analyse import analyse
from pipelines.extract import extract
from pipelines.extract.learning import RuleKind, learn, rules_of, sample
from pipelines.model import LearnedRules, Page, SourceRules
from tests.pipelines.extract.designs import ARTICLE, AUTHOR, DESIGNS, NOISE, OTHERS, TITLE, Blocks, text_of

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
Design = Callable[[Blocks], str]

#: Other articles, for the designs to carry: those of the demo, without their lists and tables.
STORIES: list[Blocks] = [
    tuple(("p", block) for block in article.text.split("\n\n") if len(block.split()) > 6)
    for outlet in load_outlets(NOW)
    for article in outlet.articles
]


def page_of(design: Design, blocks: Blocks, number: int = 0, learned: LearnedRules | None = None) -> Page:
    rules = SourceRules(source="marfa", timezone="Asia/Beirut", learned=learned or LearnedRules())
    html = design(blocks)
    return Page(url=f"https://marfa.example/n/story-{number}", body=html.encode(), fetched_at=NOW, rules=rules)


@pytest.mark.parametrize("design", DESIGNS)
def test_a_design_never_seen_before_is_read_to_the_word(design: Design) -> None:
    found = extract(page_of(design, ARTICLE))
    assert found.text == text_of(ARTICLE)
    assert found.metadata.title == TITLE
    assert found.metadata.authors in ((AUTHOR,), ())
    assert not any(noise in found.text for noise in (*NOISE, *OTHERS))


@pytest.mark.parametrize("design", DESIGNS)
def test_what_was_learned_finds_the_same_articles(design: Design) -> None:
    samples = [sample(i, analyse(page_of(design, blocks, i))) for i, blocks in enumerate(STORIES[:10])]
    learned = rules_of(learn(samples))
    assert learned.containers, "ten articles of one design teach where they stand"
    for i, blocks in enumerate([ARTICLE, *STORIES[10:]]):
        page = page_of(design, blocks, 100 + i, learned)
        found = extract(page)
        assert found.text == extract(replace(page, rules=replace(page.rules, learned=LearnedRules()))).text
        assert found.trace.drift in (None, "short")
    assert found.text == text_of(STORIES[-1])


def test_on_trial_the_full_reading_holds() -> None:
    wide = LearnedRules(containers=("body",), trial=frozenset({"body"}))
    found = extract(page_of(DESIGNS[0], ARTICLE, learned=wide))
    assert found.text == text_of(ARTICLE)
    assert found.trace.used == "body"
    assert found.trace.containers


def test_a_new_layout_is_read_in_full_and_said_to_be_one() -> None:
    samples = [sample(i, analyse(page_of(DESIGNS[0], blocks, i))) for i, blocks in enumerate(STORIES[:10])]
    learned = rules_of(learn(samples))
    found = extract(page_of(DESIGNS[2], ARTICLE, learned=learned))
    assert found.text == text_of(ARTICLE)
    assert (found.trace.used, found.trace.drift) == (None, "missing")
    assert found.trace.containers


HOUSE = "تأسست «مرفأ الأخبار» على رصيف الصيادين القديم، وهي اليوم بيت لأقلام الساحل كلها."
CLOSING = "هكذا رأينا الخليج اليوم، والعهدة على الراوي والبحر."


def with_house_lines(blocks: Blocks, number: int) -> Blocks:
    """Add what a newsroom puts into most of its articles, in words that no rule knows."""
    lines = [*blocks, ("p", HOUSE)] if number % 4 else list(blocks)
    if number % 3:
        kind, text = lines[-1]
        lines[-1] = (kind, f"{text} {CLOSING}")
    return lines


def test_what_recurs_in_most_articles_goes_and_what_two_stories_share_stays() -> None:
    shared = ("p", "وكان الجسر القديم قد أغلق في الشتاء الماضي بعد أن جرفت السيول دعامته الوسطى.")
    stories = [[*blocks, shared] if i in (3, 7, 8) else list(blocks) for i, blocks in enumerate(STORIES[:20])]
    stories = [list(with_house_lines(blocks, i)) for i, blocks in enumerate(stories)]
    samples = [sample(i, analyse(page_of(DESIGNS[2], blocks, i))) for i, blocks in enumerate(stories[:12])]
    rules = learn(samples)
    said = [rule.text for rule in rules if rule.kind is RuleKind.PASSAGE]
    assert HOUSE in said
    assert CLOSING in said
    assert not any("الجسر القديم" in text for text in said)
    learned = rules_of(rules)
    for i, blocks in enumerate(stories):
        found = extract(page_of(DESIGNS[2], blocks, i, learned))
        assert HOUSE not in found.text
        assert CLOSING not in found.text
        assert found.text.startswith(STORIES[i][0][1])
        assert (shared[1] in found.text) == (i in (3, 7, 8))
        taken = " ".join(removed.text for removed in found.removed if removed.reason == "boilerplate")
        assert (HOUSE in taken, CLOSING in taken) == (bool(i % 4), bool(i % 3))


def test_the_background_of_a_story_told_many_times_is_not_boilerplate() -> None:
    background = "ويعود النزاع على ينبوع الراعي إلى عام 1987 حين قسّم المجلس القروي حصص المياه بين العائلات."
    follow_ups = [
        (
            ("p", f"عقدت لجنة ينبوع الراعي جلستها رقم {i} في ديوان القرية وسمعت شكاوى المزارعين من تأخر السقاية."),
            ("p", f"وخرج المجتمعون ب{word} جديد حول مناوبات الليل، وكتب الشيخ سالم محضراً قرأه على الحاضرين."),
            ("p", background),
        )
        for i, word in enumerate(("اقتراح", "جدول", "اتفاق", "خلاف", "موعد"), start=1)
    ]
    pages = [*STORIES[:14], *follow_ups]
    samples = [sample(i, analyse(page_of(DESIGNS[2], blocks, i))) for i, blocks in enumerate(pages)]
    assert background not in [rule.text for rule in learn(samples)]


def test_four_articles_teach_nothing() -> None:
    assert learn([sample(i, analyse(page_of(DESIGNS[0], b, i))) for i, b in enumerate(STORIES[:4])]) == []


def test_one_article_under_many_addresses_is_one_article() -> None:
    copies = [sample(i, analyse(page_of(DESIGNS[0], STORIES[0], i))) for i in range(12)]
    assert learn(copies) == []
