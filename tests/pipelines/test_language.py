"""Arabic is told from what is written with its letters."""

from __future__ import annotations

import pytest

from pipelines.language import identify


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("أعلنت بلدية وادي الزيتون أن الجسر الجديد سيفتح أمام المركبات صباح الأحد بعد اكتمال الاختبارات", "ar"),
        ("إغلاق الجسر", "ar"),
        ("التقى الوزير الضيف پرویز مهرگان في المطار، وقال إن الزيارة مهمة للبلدين وإنها الأولى منذ سنوات", "ar"),
        ("اَلْوَزِيرُ يَفْتَتِحُ السَّدَّ", "ar"),
        ("شهردار دره زیتون گفت که پل جدید پس از پایان آزمایش‌ها برای خودروها باز می‌شود و این طرح ادامه دارد", "fa"),
        ("وزير گفت كه اين طرح براي كشور مهم است و به زودي اجرا مي شود", "fa"),
        ("وادی زیتون کے میئر نے کہا ہے کہ نیا پل اتوار کی صبح گاڑیوں کے لیے کھول دیا جائے گا", "ur"),
        ("سەرۆکی شارەوانی ڕایگەیاند کە پردە نوێیەکە بەیانی یەکشەممە دەکرێتەوە و کارەکان تەواو بوون", "ckb"),
        ("The mayor of Wadi Zaytoun said the new bridge will open to cars on Sunday", "en"),
        ("Le maire a annoncé que le nouveau pont sera ouvert dimanche", "und-Latn"),
        ("Москва 2026", "und"),
        ("123 - 456", "und"),
        ("", "und"),
    ],
)
def test_languages_are_told_apart(text: str, language: str) -> None:
    assert identify(text) == language
