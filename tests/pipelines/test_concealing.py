"""What is secret is not written down, and what is not stays readable."""

from __future__ import annotations

import json
import logging

import pytest

from crawler.logs import JsonLines, Lines
from pipelines.concealing import conceal

SECRET = "hunter2-secret"


@pytest.mark.parametrize(
    "text",
    [
        f"postgresql://rawi:{SECRET}@db.internal/news does not answer",
        f"https://{SECRET}@feeds.example/rss",
        f"connection failed: host=db password={SECRET} dbname=news",
        f"https://feeds.example/rss?api_key={SECRET}&page=2",
        f"https://feeds.example/rss?page=2&access_token={SECRET}",
        f"Authorization: Bearer {SECRET}",
        f'{{"token": "{SECRET}"}}',
        f"no such name: reader:{SECRET}@feeds.example",
    ],
)
def test_secrets_are_concealed(text: str) -> None:
    assert SECRET not in conceal(text)
    record = logging.makeLogRecord(
        {"msg": text, "levelno": logging.WARNING, "nested": {"why": [text]}, "password": SECRET}
    )
    for formatter in (JsonLines(), Lines()):
        assert SECRET not in formatter.format(record)


@pytest.mark.parametrize(
    "text",
    [
        "http-404: https://news.example/a/b?page=2#part",
        "the page redirects to https://news.example/@writer/12",
        "قال الوزير: «العمل بدأ» عند الساعة 10:30",
        "write to editor@news.example",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert conceal(text) == text


def test_a_log_record_is_one_line_of_json_with_what_it_is_about() -> None:
    record = logging.makeLogRecord({"msg": "crawled\nthis", "name": "rawi.worker", "levelname": "INFO", "new": 3})
    line = JsonLines().format(record)
    assert "\n" not in line
    assert json.loads(line) | {"at": ""} == {
        "at": "", "level": "info", "logger": "rawi.worker", "message": "crawled\nthis", "new": 3,
    }  # fmt: skip
