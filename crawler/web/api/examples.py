"""The examples in the API's description: one invented story, told in each form. A test holds them to the models."""

from __future__ import annotations

from typing import Any

_TEXT = (
    "قال مدير مرفأ المرسى سالم الحمداني إن «الرصيف الجديد سيُفتح قبل نهاية العام».\n\n"
    "وأضاف أن السفن الكبيرة ستجد مكاناً فيه. #مرفأ_المرسى"
)
_SAID = "الرصيف الجديد سيُفتح قبل نهاية العام"
_TITLE = "رصيف جديد في مرفأ المرسى"
_URL = "https://marsa.example/news/rasif"
_AT = "2026-11-24T09:30:00Z"
_SEEN = "2026-11-24T09:41:07Z"

ARTICLE_LINE: dict[str, Any] = {
    "id": 412,
    "source": "marsa",
    "url": _URL,
    "title": _TITLE,
    "authors": ["هدى الكرخي"],
    "published_at": _AT,
    "modified_at": None,
    "first_seen_at": _SEEN,
    "updated_at": _SEEN,
    "at": _AT,
    "section": "اقتصاد",
    "language": "ar",
    "image": "https://marsa.example/images/rasif.jpg",
    "keywords": ["المرفأ"],
    "hashtags": ["#مرفأ_المرسى"],
    "quotes": 1,
    "version": 1,
    "length": len(_TEXT),
    "cluster_id": 31,
    "duplicate_of": None,
}
ARTICLE_WITH_TEXT: dict[str, Any] = {**ARTICLE_LINE, "text": _TEXT}
QUOTE: dict[str, Any] = {
    "article_id": 412,
    "position": 0,
    "source": "marsa",
    "url": _URL,
    "title": _TITLE,
    "at": _AT,
    "kind": "direct",
    "text": _SAID,
    "start": _TEXT.index(_SAID),
    "end": _TEXT.index(_SAID) + len(_SAID),
    "cue": "قال",
    "speaker_id": 77,
    "speaker": "سالم الحمداني",
    "speaker_type": "person",
    "speaker_written": "سالم الحمداني",
    "role": "مدير مرفأ المرسى",
    "confidence": 0.97,
    "rule": "cue-before",
}
_COPY: dict[str, Any] = {"title": _TITLE, "at": _AT, "length": len(_TEXT), "exact": True, "likeness": 1.0}
COPIES: list[dict[str, Any]] = [
    {**_COPY, "article_id": 412, "source": "marsa", "url": _URL, "head": True},
    {**_COPY, "article_id": 419, "source": "rafid", "url": "https://rafid.example/9", "head": False, "exact": False,
     "likeness": 0.91},
]  # fmt: skip
ARTICLE: dict[str, Any] = {
    **ARTICLE_WITH_TEXT,
    "site_name": "المرسى",
    "last_seen_at": _SEEN,
    "tags": [
        {
            "tag": "#مرفأ_المرسى",
            "key": "مرفا_المرسي",
            "origin": "body",
            "start": _TEXT.index("#"),
            "end": len(_TEXT),
        }
    ],
    "quotations": [QUOTE],
    "copies": COPIES,
    "removed": [{"text": "اشترك في نشرتنا", "reason": "prompt"}],
}
SPEAKER_LINE: dict[str, Any] = {
    "id": 77,
    "name": "سالم الحمداني",
    "type": "person",
    "quotes": 12,
    "articles": 9,
    "spellings": 2,
}
SPEAKER: dict[str, Any] = {
    "id": 77,
    "name": "سالم الحمداني",
    "type": "person",
    "spellings": [
        {"id": 77, "name": "سالم الحمداني", "quotes": 10},
        {"id": 140, "name": "سالم الحمدانى", "quotes": 2},
    ],
    "roles": [{"role": "مدير مرفأ المرسى", "quotes": 11, "first": "2026-10-02T07:00:00Z", "last": _AT}],
    "quoted_by": [{"source": "marsa", "quotes": 12, "articles": 9}],
}
HASHTAG_LINE: dict[str, Any] = {"key": "مرفا_المرسي", "tag": "#مرفأ_المرسى", "articles": 14}
HASHTAG: dict[str, Any] = {
    **HASHTAG_LINE,
    "days": [{"day": "2026-11-23", "articles": 5}, {"day": "2026-11-24", "articles": 9}],
    "company": [{"key": "الملاحه", "tag": "#الملاحة", "articles": 3}],
}
CLUSTER: dict[str, Any] = {
    "id": 31,
    "head": 412,
    "title": _TITLE,
    "source": "marsa",
    "at": _AT,
    "articles": 2,
    "sources": 2,
    "grew_at": "2026-11-24T11:02:15Z",
}
CLUSTER_WITH_MEMBERS: dict[str, Any] = {**CLUSTER, "members": COPIES}
ARTICLE_HIT: dict[str, Any] = {
    "id": 412,
    "source": "marsa",
    "url": _URL,
    "title": _TITLE,
    "at": _AT,
    "score": 0.3127,
    "snippet": {"text": _SAID, "hits": [{"start": 0, "end": 6}]},
}
SOURCE_IN: dict[str, Any] = {
    "name": "marsa",
    "title": "المرسى",
    "home": "https://marsa.example/",
    "country": "TN",
    "timezone": "Africa/Tunis",
    "feeds": [{"url": "https://marsa.example/feed.xml"}],
}
SOURCE: dict[str, Any] = {
    **SOURCE_IN,
    "language": "ar",
    "tags": [],
    "delay": None,
    "interval": None,
    "enabled": True,
    "feeds": [
        {
            "url": "https://marsa.example/feed.xml",
            "kind": "feed",
            "pattern": None,
            "polled_at": _SEEN,
            "succeeded_at": _SEEN,
            "verdict": "ok",
            "failures": 0,
            "next_poll_at": "2026-11-24T10:11:07Z",
        }
    ],
}
BROUGHT: dict[str, Any] = {"discovered": 96, "pending": 3, "stored": 88, "rejected": {"listing": 4, "not-arabic": 1}}
