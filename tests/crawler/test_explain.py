"""What ``rawi explain`` shows: every character once, every quotation with its reason, nothing hostile."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring

from crawler.explain import RULES, page
from crawler.marking import paragraphs, segments
from pipelines.analyse import analyse_text
from pipelines.quotes.confidence import RULE_NAMES

RAWI = str(Path(sys.executable).with_name("rawi"))
TEXT = (
    "قال مدير السد سالم الحمداني إن العمل انتهى، مضيفاً أن «المياه وصلت إلى آخر قرية في الوادي».\n\n"
    "وبحسب البلدية، فإن الكلفة لم تتجاوز الموازنة المرصودة للعام الجاري."
)
PARTS = st.lists(
    st.sampled_from(
        [
            "قال سالم الحمداني إن ",
            "«القول قول طويل جداً هنا» ",
            "العمل بدأ. ",
            "مضيفاً أن ",
            "\n\n",
            "<b>",
            "“a b c d e” ",
        ]
    )
)


@given(PARTS)
def test_the_segments_of_the_paragraphs_are_the_text(parts: list[str]) -> None:
    article = analyse_text("".join(parts))
    spans = list(paragraphs(article))
    pieces = [["".join(s.text for s in segments(article, span)), span.of(article.text)] for span in spans]
    assert all(joined == written for joined, written in pieces)
    assert "".join(article.text.split()) == "".join("".join(span.of(article.text) for span in spans).split())


def test_each_quotation_begins_once_and_cues_and_mentions_are_marked() -> None:
    article = analyse_text(TEXT)
    found = [segment for span in paragraphs(article) for segment in segments(article, span)]
    assert sorted(i for segment in found for i in segment.begins) == list(range(len(article.quotes)))
    assert {segment.text for segment in found if segment.cue} >= {"قال", "مضيفاً"}
    assert "مدير السد سالم الحمداني" in {segment.text for segment in found if segment.mention}


def test_the_page_is_one_file_and_harmless() -> None:
    html = page(
        analyse_text(f"{TEXT}\n\nقال سالم الحمداني: «<script>alert(1)</script> كلام طويل هنا أيضاً»."), "<img src=x>"
    )
    tree = document_fromstring(html)
    assert not list(tree.iter("script", "img", "link"))
    assert not re.search(r"(?:src|href)=\"(?!#)", html)
    assert tree.get("dir") == "rtl"
    assert [row.get("id") for row in tree.iterfind(".//tbody/tr")] == ["q1", "q2", "q3", "q4"]


def test_every_rule_is_explained() -> None:
    assert set(RULES) == RULE_NAMES


@pytest.mark.parametrize(("suffix", "wrap"), [(".txt", "{}"), (".html", "<h1>السد</h1><article><p>{}</p></article>")])
def test_a_file_is_explained(tmp_path: Path, suffix: str, wrap: str) -> None:
    file = tmp_path / f"story{suffix}"
    file.write_text(wrap.format(TEXT.replace("\n\n", "</p><p>" if suffix == ".html" else "\n\n")), "utf-8")
    shown = subprocess.run([RAWI, "explain", str(file)], capture_output=True, text=True, check=True).stdout
    assert "سالم الحمداني" in shown
    assert "participle" in shown
    html = tmp_path / "out.html"
    subprocess.run([RAWI, "explain", str(file), "--html", str(html)], capture_output=True, check=True)
    assert "سالم الحمداني" in html.read_text("utf-8")


def test_what_is_neither_a_file_nor_an_article_is_said(database_url: str) -> None:
    environment = os.environ | {"RAWI_DATABASE_URL": database_url}
    for what in ("nothing.txt", "7"):
        run = subprocess.run([RAWI, "explain", what], env=environment, capture_output=True, text=True, check=False)
        assert (run.returncode, "rawi articles list" in " ".join(run.stderr.split())) == (2, True)


def test_json_is_the_record_of_analyse(tmp_path: Path) -> None:
    file = tmp_path / "story.txt"
    file.write_text(TEXT, "utf-8")
    run = subprocess.run([RAWI, "explain", str(file), "--json"], capture_output=True, text=True, check=True)
    assert {quote["rule"] for quote in json.loads(run.stdout)["quotes"]} >= {"participle", "source-first"}
