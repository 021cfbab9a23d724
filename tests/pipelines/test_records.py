"""The contract of `rawi analyse`: what a record may look like, and what a bad one is answered with."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.records import Job, analyse_line, analyse_lines

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
TEXT = (
    "قال وزير الري سالم الحمداني، اليوم الثلاثاء، إن السد الجديد سيكتمل في #الربيع. وأضاف: «المياه تكفي المدينة كلها»."
)


def answer(record: object) -> dict[str, Any]:
    line = analyse_line(json.dumps(record, ensure_ascii=False).encode(), NOW).line
    parsed: dict[str, Any] = json.loads(line)
    return parsed


def test_text_is_taken_as_it_is_and_offsets_refer_to_it() -> None:
    record = answer({"id": 7, "text": TEXT})
    assert record["id"] == 7
    assert record["text"] == TEXT
    assert [tag["tag"] for tag in record["hashtags"]] == ["#الربيع"]
    assert {quote["speaker"] for quote in record["quotes"]} == {"سالم الحمداني"}
    for found in (*record["quotes"], *record["hashtags"]):
        assert found.get("text", found.get("tag")) == TEXT[found["start"] : found["end"]]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "not-json"),
        (b"\xff\xfe", "not-json"),
        (b"[" * 100_000, "not-json"),
        (b"[1]", "not-an-object"),
        (b'{"id": "1"}', "bad-record"),
        (b'{"id": "1", "html": 5}', "bad-record"),
        (b'{"id": "1", "html": "<p>x", "published_at": "soon"}', "bad-record"),
        (None, "too-long"),
    ],
)
def test_a_bad_line_is_answered_with_what_is_wrong(line: bytes | None, reason: str) -> None:
    given_back = analyse_line(line, NOW)
    record = json.loads(given_back.line)
    assert not given_back.good
    assert record["reason"] == reason
    assert record["error"]


def test_half_a_surrogate_pair_ends_nothing() -> None:
    answers = analyse_lines(Job((b'{"id": "1", "text": "\\ud83d"}', b'{"id": "2", "html": "<p>\\udc00</p>"}'), NOW))
    assert [json.loads(given_back.line.encode("utf-8"))["id"] for given_back in answers] == ["1", "2"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.dictionaries(st.sampled_from(["id", "html", "text", "url", "published_at", "timezone"]), json_values))
def test_no_record_ends_the_run(record: dict[str, Any]) -> None:
    assert "\n" not in analyse_line(json.dumps(record).encode(), NOW).line
