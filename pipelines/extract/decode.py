"""Bytes to text, when the labels lie.

Order of belief: a byte order mark; valid UTF-8 (bytes of another charset are hardly ever valid UTF-8 by accident); the
HTTP header; the page's own declaration; and windows-1256, the charset of Arabic pages that declare none. Text that
was encoded twice is decoded twice.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from pipelines.errors import PageRejected

_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w:.-]+)""", re.IGNORECASE)
_ARABIC = re.compile("[\u0621-\u064a]")
#: UTF-8 of Arabic letters (lead bytes D8-DB) read as windows-1252 or 1256: pairs that begin with these.
_TWICE = re.compile("(?:[ØÙÚÛطظعغ][\u0080-\u00ff\u0152-\u0192\u02c6-\u2122ء-ي\u200c-\u200fں پچژگڈٹڑ]){4}")
#: Bytes of the page in which a declaration is looked for (WHATWG HTML, "prescan": 1024; real pages are later).
_PRESCAN = 8192
_MAGIC = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"\x00\x00\x00")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, and the charset it was in."""

    text: str
    encoding: str


def decode(body: bytes, header_charset: str | None = None) -> Decoded:
    """Decode a page.

    Raises :class:`~pipelines.errors.PageRejected`: ``not-html`` for the formats that pose as pages, ``empty``.
    """
    if not body.strip():
        raise PageRejected("empty", "the answer has no content")
    if body.startswith(_MAGIC):
        raise PageRejected("not-html", "the answer is a file of another format")
    for encoding in _candidates(body, header_charset):
        try:
            text = body.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        return Decoded(_once(text), encoding)
    # A few broken bytes do not make a page unreadable; the charset that was promised decides how they are read.
    encoding = next((e for e in _candidates(body, header_charset) if _known(e)), "utf-8")
    text = body.decode("utf-8", "replace")
    if text.count("\ufffd") * 50 > len(text):
        text = body.decode(encoding if encoding != "utf-8" else "cp1256", "replace")
    return Decoded(_once(text), encoding)


def _candidates(body: bytes, header_charset: str | None) -> list[str]:
    marks = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
    found = [encoding for mark, encoding in marks.items() if body.startswith(mark)] or ["utf-8"]
    declared = [header_charset] if header_charset else []
    declared += [match.decode("ascii") for match in _META.findall(body[:_PRESCAN])[:1]]
    # A wrong "utf-8" was tried already; a Latin label on Arabic bytes is the default of some editor.
    latin = {"iso8859-1", "cp1252", "ascii", "utf-8"}
    found += [label for label in declared if _known(label) and codecs.lookup(label).name not in latin]
    return [*found, "cp1256"]


def _known(label: str) -> bool:
    try:
        return codecs.lookup(label)._is_text_encoding
    except (LookupError, ValueError):
        return False


def _once(text: str) -> str:
    """Undo a second encoding: UTF-8 that was read as a one-byte charset and written as UTF-8 again."""
    if not _TWICE.search(text) or len(_ARABIC.findall(text[:20_000])) > len(_TWICE.findall(text[:20_000])) * 16:
        return text
    for charset in ("cp1252", "cp1256", "latin-1"):
        try:
            return text.encode(charset).decode("utf-8")
        except UnicodeError:
            continue
    return text
