"""WARC files (ISO 28500): pages of an archive or a news crawl in, kept pages out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.spiders.headers import PRIVATE
from pipelines.errors import ArchiveError
from pipelines.storage.archive import KeptPart

#: Bytes of a page beyond which it is no news page; the limit of a crawl (crawler/settings.py).
LARGEST = 10 * 1024**2
#: Our own header: the part of an article that a record holds, when it is not the first.
PART = "WARC-Rawi-Part"
#: By how much the clock of whoever wrote a file may be ahead.
CLOCKS_DIFFER = timedelta(hours=1)
#: Headers that are about how the bytes were sent: they are kept as they are after that.
ABOUT_TRANSFER = frozenset({"content-encoding", "transfer-encoding", "content-length", "connection", "keep-alive"})


@dataclass(frozen=True, slots=True)
class WarcPage:
    """A page of a WARC file; ``offset`` is how far into the file it was found, bytes."""

    url: str
    body: bytes
    fetched_at: datetime
    charset: str | None
    headers: tuple[tuple[str, str], ...]
    part: int
    offset: int


def read_warc(path: Path) -> Iterator[WarcPage | str]:
    """Yield the pages of a WARC file, and for records that are no pages the reason why.

    A page is a response with status 200 that is HTML. Raises :class:`~pipelines.errors.ArchiveError` for what is no
    WARC file, or is broken in the middle; what came before that is good.
    """
    try:
        with path.open("rb") as stream:
            # Asked for its own offset, the iterator would read over the record: the file knows about where it is.
            for record in ArchiveIterator(stream, arc2warc=True):
                yield _page(record, stream.tell())
    except (ArchiveLoadFailed, EOFError) as error:
        raise ArchiveError(f"{path} is no WARC file, or is broken: {' '.join(str(error).split())}") from error


def _page(record: Any, offset: int) -> WarcPage | str:
    if record.rec_type not in ("response", "resource"):
        return f"record-{record.rec_type or 'unknown'}"
    http = record.http_headers
    if http is not None and http.get_statuscode() != "200":
        return f"http-{http.get_statuscode()}"
    declared = (http or record.rec_headers).get_header("Content-Type") or ""
    if "html" not in declared.lower():
        return "not-html"
    url = _address(record.rec_headers.get_header("WARC-Target-URI"))
    moment = _moment(record.rec_headers.get_header("WARC-Date"))
    part = _part(record.rec_headers.get_header(PART))
    if url is None or moment is None or part is None:
        return "no-address-or-date"
    body = record.content_stream().read(LARGEST + 1)
    if len(body) > LARGEST:
        return "too-large"
    record.raw_stream.read()
    if getattr(record.raw_stream, "limit", 0) > 0:  # the part of a page is no page
        raise EOFError(f"it ends in the middle of {url}")
    _, _, charset = declared.partition("charset=")
    return WarcPage(
        url=url,
        body=body,
        fetched_at=moment,
        charset=charset.split(";")[0].strip(" \"'\0") or None,
        headers=tuple(_kept(http.headers if http else ())),
        part=part,
        offset=offset,
    )


def _kept(headers: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for name, value in headers:
        if name.lower() not in PRIVATE:
            yield name.lower(), value.replace("\0", "")


def _address(written: str | None) -> str | None:
    """Return the address of a record, or ``None`` for what is none that could be fetched."""
    url = (written or "").strip("<>")
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    plain = all(letter.isprintable() and not letter.isspace() for letter in url)
    return url if host and plain and url.startswith(("http://", "https://")) else None


def _moment(written: str | None) -> datetime | None:
    """Return when a record was fetched; nothing was in the future, and what is fetched since would look older."""
    try:
        moment = datetime.fromisoformat(written or "")
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment <= datetime.now(UTC) + CLOCKS_DIFFER else None


def _part(written: str | None) -> int | None:
    """Return which part of an article a record is, from 0; ``None`` for what is no such number."""
    number = (written or "0").strip()
    return int(number) if number.isascii() and number.isdigit() and len(number) < 4 else None


class WarcFile:
    """A WARC file that is written, compressed record by record, as the standard has it."""

    def __init__(self, stream: IO[bytes], *, software: str) -> None:
        self._writer = WARCWriter(stream, gzip=True)
        info = {"software": software, "format": "WARC File Format 1.0"}
        self._writer.write_record(self._writer.create_warcinfo_record("rawi.warc.gz", info))

    def write(self, kept: KeptPart) -> None:
        """Write a kept page as the response that it was, without how it was sent."""
        headers = [(name, value) for name, value in kept.headers if name not in ABOUT_TRANSFER]
        if not any(name == "content-type" for name, _ in headers):
            charset = f"; charset={kept.charset}" if kept.charset else ""
            headers.append(("content-type", f"text/html{charset}"))
        headers.append(("content-length", str(len(kept.body))))
        about = {"WARC-Date": f"{kept.fetched_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"}
        if kept.part:
            about[PART] = str(kept.part)
        record = self._writer.create_warc_record(
            kept.url,
            "response",
            payload=BytesIO(kept.body),
            http_headers=StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1"),
            warc_headers_dict=about,
        )
        self._writer.write_record(record)
