"""Text as a reader would wish it: plain blanks, no invisible controls, spelling untouched."""

from __future__ import annotations

import re

#: Direction marks and invisible blanks are typesetting; joiners (U+200C, U+200D) are spelling and stay.
_INVISIBLE = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffc\x00-\x08\x0e-\x1f\x7f]")
_BLANKS = re.compile(r"\s+")


def clean(text: str) -> str:
    """Return ``text`` in one line, without controls; cleaning what is clean changes nothing."""
    return _BLANKS.sub(" ", _INVISIBLE.sub("", text)).strip()


def letters(text: str) -> str:
    """Return only the letters and digits of ``text``: what two renderings of the same words share."""
    return "".join(filter(str.isalnum, text))
