"""Bytes to text, when the labels lie.

Order of belief: a byte order mark; UTF-8 where the bytes are nearly all valid (those of another charset hardly ever
are by accident); the HTTP header; the page's own declaration; and windows-1256, the charset of Arabic pages that
declare none. A few broken bytes in a UTF-8 page are read as windows-1256, which is what old fragments in such pages
are. What was encoded twice is decoded twice, word by word, so that a page may be partly right.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from pipelines.errors import PageRejected

#: Characters of several bytes, for each broken byte, that make a page UTF-8.
SURE = 3
#: Share of characters that mean nothing from which on a page cannot be read.
MEANINGLESS = 0.1
#: Bytes of the page in which a declaration is looked for (WHATWG HTML, "prescan": 1024; real pages are later).
PRESCAN = 8192
#: Letters of Latin-1 beyond ASCII that are the better part of a page only when they stand for another charset.
LATIN_LETTERS = 100

_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w:.-]+)""", re.IGNORECASE)
_MAGIC = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"\x00\x00\x00", b"Rar!")
_DATA = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*(?:[{\[]\s*[\"{\[]|(?:<\?xml[^>]*>\s*(?:<!--.*?-->\s*)*)?<(?:rss|feed|urlset|sitemapindex|rdf:RDF)\b)",
    re.DOTALL,
)
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
#: The page's declarations that are the default of some editor, and no news: they are not believed on other bytes.
_NO_NEWS = frozenset({"utf-8", "iso8859-1", "cp1252", "ascii"})
#: A charset of pages that are as they came.
UTF_8 = "utf-8"
#: In UTF-8: what stands for characters that could not be read, and controls that no text has.
_MEANINGLESS = ("\ufffd".encode(), b"\x00", b"\x01", b"\x02")
_ASCII = bytes(range(128))
_TAG = re.compile(r"<[^>]*>")
_ARABIC = re.compile("[\u0621-\u064a]")
_LATIN = re.compile("[\u00c0-\u00ff]")
_WORD = re.compile("[^\x00-\x7f]+")
#: The second byte of a letter in UTF-8 (80-BF), as windows-1252 and 1256 read it.
_SECOND = "\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u200c-\u2122،؛؟پچژگکھںٹڈڑ"
#: Arabic letters in UTF-8 (first bytes D8-DB), read as windows-1252 or 1256.
_TWICE = re.compile(f"[ØÙÚÛطظعغ][{_SECOND}][ØÙÚÛطظعغ][{_SECOND}]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the charset it was in, and the same text in UTF-8."""

    text: str
    encoding: str
    utf8: bytes


def decode(body: bytes, header_charset: str | None = None) -> Decoded:
    """Decode a page.

    Raises :class:`~pipelines.errors.PageRejected`: ``empty``; ``not-html`` for files and data that pose as pages;
    ``undecodable`` where too much of the text means nothing in any charset.
    """
    if not body.strip():
        raise PageRejected("empty", "the answer has no content")
    if body.startswith(_MAGIC) or _DATA.match(body[:PRESCAN]):
        raise PageRejected("not-html", "the answer is a file of another format")
    text, encoding = _decode(body, header_charset)
    # Nearly all pages are UTF-8 as they came.
    encoded = body if encoding == UTF_8 else text.encode("utf-8", "replace")
    meaningless = sum(map(encoded.count, _MEANINGLESS))
    if meaningless > MEANINGLESS * len(text):
        raise PageRejected("undecodable", f"{meaningless} of {len(text)} characters mean nothing in {encoding}")
    mended = _mended(text, encoded)
    return Decoded(mended, encoding, encoded if mended is text else mended.encode("utf-8", "replace"))


def _decode(body: bytes, header_charset: str | None) -> tuple[str, str]:
    encoding = next((encoding for mark, encoding in _MARKS.items() if body.startswith(mark)), UTF_8)
    try:
        return body.decode(encoding), encoding
    except UnicodeDecodeError:
        text = body.decode(encoding, "replace")
    broken = text.count("\ufffd")
    valid = len(text) - len(_WORD.sub("", text)) - broken
    if valid >= SURE * broken:
        if encoding == "utf-16":
            return text, encoding
        # Not called UTF_8, which says that the body is the text.
        return body.decode(encoding, _FRAGMENTS), f"{encoding} and cp1256"
    for label in _declared(body, header_charset):
        try:
            return body.decode(label), label
        except UnicodeDecodeError:
            continue
    return body.decode("cp1256"), "cp1256"  # every byte means something in it


def _declared(body: bytes, header_charset: str | None) -> list[str]:
    labels = [header_charset] if header_charset else []
    labels += [match.decode("ascii") for match in _META.findall(body[:PRESCAN])[:1]]
    return [label for label in labels if (name := _name(label)) and name not in _NO_NEWS]


def _name(label: str) -> str | None:
    """Return Python's name of a charset; ``None`` when there is none, or when it is no charset."""
    try:
        codec = codecs.lookup(label)
    except (LookupError, ValueError):
        return None
    return codec.name if codec._is_text_encoding else None


def _mended(text: str, encoded: bytes) -> str:
    """Undo a second encoding: UTF-8, or windows-1256, that was read as another charset and written as UTF-8 again.

    ``encoded`` is ``text`` in UTF-8.
    """
    # Markup is most of a page: what could be encoded twice is looked for among the rest first.
    rest = encoded.translate(None, _ASCII).decode("utf-8")
    if _TWICE.search(rest) and _TWICE.search(text):
        return _WORD.sub(lambda word: _once(word[0]), text)
    if not _ARABIC.search(text) and len(_LATIN.findall(text)) >= LATIN_LETTERS:
        seen = _TAG.sub("", text)
        if 2 * len(_LATIN.findall(seen)) > sum(map(str.isalpha, seen)):
            return _WORD.sub(lambda word: _bytes(word[0], "cp1252").decode("cp1256"), text)
    return text


def _once(word: str) -> str:
    """Return ``word`` decoded once more where that makes Arabic of it, else as it is."""
    if not _TWICE.search(word):
        return word
    for charset in ("cp1252", "cp1256"):
        try:
            again = _bytes(word, charset).decode("utf-8")
        except UnicodeError:
            continue
        if _ARABIC.search(again):
            return again
    return word


def _bytes(word: str, charset: str) -> bytes:
    """Encode ``word``; what the charset leaves out are bytes that were passed through (WHATWG Encoding).

    Raises UnicodeEncodeError for what is no byte at all.
    """
    parts = []
    for character in word:
        try:
            parts.append(character.encode(charset))
        except UnicodeEncodeError:
            parts.append(character.encode("latin-1"))
    return b"".join(parts)


def _read_fragment(error: UnicodeError) -> tuple[str, int]:
    """Read the bytes that are no UTF-8 as windows-1256 (an error handler of :mod:`codecs`)."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1256"), error.end


_FRAGMENTS = "rawi-fragments"
codecs.register_error(_FRAGMENTS, _read_fragment)
