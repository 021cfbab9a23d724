"""Sources in files: what is written is read back, other programs' files are read, and a folder can be the truth."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from psycopg_pool import AsyncConnectionPool

from crawler.sources.document import document
from crawler.sources.model import Feed, FeedKind, Source
from crawler.sources.opml import left_out, read_opml, write_opml
from crawler.sources.repository import Sources
from crawler.sources.sync import apply, make_plan
from crawler.sources.tomlfile import read_folder, read_toml, write_toml
from crawler.sources.urllist import read_list, write_list
from pipelines.errors import SourceError
from tests.crawler.sources.test_repository import NAHR

WADI = Source(
    id=0,
    name="wadi",
    title="أخبار الوادي",
    home="https://wadi.example/",
    feeds=(Feed(0, "https://wadi.example/rss"), Feed(0, "https://wadi.example/sport.rss")),
    tags=("رياضة",),
)

#: As a feed reader exports: folders within folders, attributes in the letters it likes, feeds without a front page.
READERS_OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.1"><head><title>اشتراكات</title></head><body>
<outline text="أخبار" title="أخبار">
  <outline text="العراق"><outline type="rss" text="صحيفة النهر" xmlUrl="https://nahr.example/feed"
    htmlUrl="https://nahr.example/"/>
    <outline type="rss" text="النهر: رياضة" xmlURL="https://nahr.example/sport" htmlUrl="https://nahr.example"/></outline>
</outline>
<outline title="أخبار الوادي" xmlurl="https://wadi.example/rss" category="/محلي,/رياضة"/>
<outline text="مجلد فارغ"/>
</body></opml>""".encode()


def test_toml_says_everything_and_always_the_same() -> None:
    text = write_toml([WADI, NAHR])
    assert read_toml(text) == [NAHR, WADI]
    assert write_toml(reversed(read_toml(text))) == text
    assert "صحيفة النهر" in text


def test_opml_of_a_feed_reader_is_read_with_its_folders_as_tags() -> None:
    nahr, wadi = read_opml(READERS_OPML)
    assert (nahr.name, nahr.home, nahr.tags) == ("nahr", "https://nahr.example/", ("أخبار", "العراق"))
    assert [feed.url for feed in nahr.feeds] == ["https://nahr.example/feed", "https://nahr.example/sport"]
    assert (wadi.name, wadi.title, wadi.tags) == ("wadi", "أخبار الوادي", ("محلي", "رياضة"))


def test_opml_of_ours_is_what_readers_expect_and_comes_back() -> None:
    body = write_opml([NAHR, WADI])
    assert left_out([NAHR, WADI]) == 1
    root = etree.fromstring(body)
    assert root.tag == "opml"
    assert root.get("version") == "2.0"
    outlines = root.xpath("//outline[@type='rss']")
    assert all(one.get("xmlUrl") and one.get("text") and one.get("htmlUrl") for one in outlines)
    nahr, wadi = sorted(read_opml(body), key=lambda source: source.name)
    assert (nahr.title, nahr.home, nahr.tags) == (NAHR.title, NAHR.home, NAHR.tags)
    assert wadi.feeds == WADI.feeds
    assert write_opml([NAHR, WADI]) == body


@pytest.mark.parametrize("body", [b"", b"just words", b"<html><body/></html>", b"<opml"])
def test_what_is_no_opml_is_told(body: bytes) -> None:
    with pytest.raises(SourceError, match="no OPML"):
        read_opml(body)


def test_opml_that_declares_entities_is_refused() -> None:
    bomb = b'<!DOCTYPE o [<!ENTITY a "https://evil.example/">]><opml><body><outline xmlUrl="&a;"/></body></opml>'
    with pytest.raises(SourceError, match="entities"):
        read_opml(bomb)


def test_lists_with_and_without_a_header() -> None:
    bare = read_list("\ufeffhttps://nahr.example/\n\n# a note\nhttps://wadi.example/, wadi\n")
    assert [(one.line, one.url, one.name) for one in bare] == [
        (1, "https://nahr.example/", None),
        (4, "https://wadi.example/", "wadi"),
    ]
    [one] = read_list("country,url,tags\nIQ,https://nahr.example/,عراق;يومية\n")
    assert (one.url, one.country, one.tags) == ("https://nahr.example/", "IQ", ("عراق", "يومية"))
    assert [row.url for row in read_list(write_list([NAHR, WADI]))] == [f.url for s in (NAHR, WADI) for f in s.feeds]
    with pytest.raises(SourceError, match="no column 'adress'"):
        read_list("url,adress\nhttps://nahr.example/,x\n")
    with pytest.raises(SourceError, match="line 2"):
        read_list("url,name\n,nahr\n")


def test_a_folder_with_a_source_twice_or_with_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"no \*\.toml"):
        read_folder(tmp_path)
    (tmp_path / "a.toml").write_text(write_toml([NAHR]))
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "b.toml").write_text(write_toml([WADI]))
    assert [source.name for source in read_folder(tmp_path)] == ["nahr", "wadi"]
    (tmp_path / "more" / "c.toml").write_text(write_toml([NAHR]))
    with pytest.raises(SourceError, match="stands in"):
        read_folder(tmp_path)
    (tmp_path / "a.toml").write_text('nahr = "x"')
    with pytest.raises(SourceError, match="table"):
        read_folder(tmp_path / "a.toml")


async def test_a_plan_is_made_then_applied_and_then_there_is_nothing_to_do(pool: AsyncConnectionPool) -> None:
    sources = Sources(pool)
    await sources.add(replace(NAHR, delay=9.0))
    await sources.add(
        Source(id=0, name="old", title="", home="https://old.example/", feeds=(Feed(0, "https://o.example/"),))
    )
    plan = make_plan(await sources.select(), [NAHR, WADI], prune=False)
    assert [(step.action, step.source.name) for step in plan.steps] == [("edit", "nahr"), ("add", "wadi")]
    assert (plan.steps[0].lines, plan.kept) == (("delay: 9.0 -> 2.0",), ("old",))
    pruned = make_plan(await sources.select(), [NAHR, WADI], prune=True)
    await apply(pruned, sources)
    now = await sources.select()
    assert [document(source) for source in now] == [document(NAHR), document(WADI)]
    assert make_plan(now, [NAHR, WADI], prune=True).steps == ()


async def test_a_feed_that_moves_to_another_source_does_not_stop_a_plan(pool: AsyncConnectionPool) -> None:
    sources = Sources(pool)
    await sources.add(NAHR)
    await sources.add(WADI)
    moving = NAHR.feeds[0]
    wanted = [replace(WADI, feeds=(*WADI.feeds, moving)), replace(NAHR, feeds=NAHR.feeds[1:])]
    await apply(make_plan(await sources.select(), wanted, prune=True), sources)
    nahr, wadi = await sources.select()
    assert [feed.kind for feed in nahr.feeds] == [FeedKind.LISTING]
    assert moving.url in {feed.url for feed in wadi.feeds}
    with pytest.raises(SourceError, match="same feed"):
        make_plan([], [NAHR, replace(WADI, feeds=NAHR.feeds)], prune=True)


def test_an_opml_that_is_cut_off_is_not_taken_for_a_shorter_one() -> None:
    cut = READERS_OPML[: READERS_OPML.rindex(b"<outline") + 12]
    with pytest.raises(SourceError, match="cut off"):
        read_opml(cut)
