"""Clusters: wire copy finds its original, whatever was changed; parts of a story do not; a cluster keeps one head."""

from __future__ import annotations

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from pipelines.dedup import compare, sketch, wording
from pipelines.storage.duplicates import Duplicates
from pipelines.storage.store import Store
from tests.pipelines.storage.conftest import add_source, fetch, made

PARAGRAPHS = [
    f"أفاد مراسل الوكالة من قرية {name} بأن الأهالي جمعوا محصول {crop} قبل موسم الأمطار بأسبوعين، وأن التعاونية اشترت "
    f"نصفه بسعر {price} ديناراً للصندوق الواحد بحسب جدول أعلنته الغرفة الزراعية."
    for name, crop, price in [
        ("الزعفرانة", "الزيتون", 12), ("عين الوردة", "التين", 15), ("تل النخيل", "الرمان", 9), ("السروة", "العنب", 21),
        ("بئر الحسن", "الخوخ", 17), ("دير الغزال", "اللوز", 33), ("وادي السنابل", "القمح", 40),
    ]
]  # fmt: skip
STORY = "\n\n".join(PARAGRAPHS)
COPIES = {
    "same words in another spelling": STORY.replace("أ", "ا").replace("ة", "ه"),
    "another lead": "وادي الزيتون (خاص) - " + STORY,
    "an added paragraph": "في تطور لافت شهدته الأسواق هذا الأسبوع كما أفاد به مندوبنا:\n\n" + STORY,
    "the last paragraph cut": "\n\n".join(PARAGRAPHS[:-1]),
    "two paragraphs cut": "\n\n".join(PARAGRAPHS[1:-1]),
}
OTHERS = {
    "one paragraph of it": PARAGRAPHS[0],
    "half of it in another story": "\n\n".join(PARAGRAPHS[:3])
    + "\n\n" + " ".join(f"وسجل الفريق{i} نقطة في المباراة{i} أمام جمهور{i}" for i in range(40)),
    "other news": " ".join(f"المباراة{i} انتهت بفوز الفريق{i}" for i in range(60)),
}  # fmt: skip


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_is_one(name: str) -> None:
    assert compare(wording(STORY), wording(COPIES[name])).duplicate
    assert set(sketch(STORY)) & set(sketch(COPIES[name]))


@pytest.mark.parametrize("name", OTHERS)
def test_other_news_is_none(name: str) -> None:
    assert not compare(wording(STORY), wording(OTHERS[name])).duplicate


def test_a_short_text_is_only_a_copy_when_it_is_the_same() -> None:
    short = "ننشر لكم مواعيد القطارات ليوم الأحد من محطة وادي الزيتون."
    assert compare(wording(short), wording(short.replace("أ", "ا"))).duplicate
    assert not compare(wording(short), wording(short.replace("الأحد", "الاثنين"))).duplicate


async def test_copies_form_a_cluster_with_the_earliest_as_its_head(pool: AsyncConnectionPool, nahr: int) -> None:
    other = await add_source(pool, "bahr")
    batch = [made(other, i, text, hours=5 + i) for i, text in enumerate([*COPIES.values(), *OTHERS.values()])]
    await Store(pool).save([*batch, made(nahr, 99, STORY, hours=1)])
    duplicates = Duplicates(pool)
    assert await duplicates.find() == len(batch) + 1
    [cluster] = await duplicates.clusters(10)
    assert (cluster.source, cluster.articles, cluster.sources) == ("nahr", len(COPIES) + 1, 2)
    members = await duplicates.members(cluster.head)
    assert [m.head for m in members] == [True, *[False] * len(COPIES)]
    assert sum(m.exact for m in members) >= 1
    assert await duplicates.find() == 0
    # An earlier original that comes later becomes the head; the cluster stays the same.
    await Store(pool).save([made(other, 77, STORY, hours=-9)])
    await duplicates.find()
    [again] = await duplicates.clusters(10, "bahr")
    assert (again.id, again.articles, again.source) == (cluster.id, len(COPIES) + 2, "bahr")


async def test_a_rewritten_article_leaves_its_cluster(pool: AsyncConnectionPool, nahr: int) -> None:
    await Store(pool).save([made(nahr, 1, STORY), made(nahr, 2, COPIES["another lead"], hours=1)])
    duplicates = Duplicates(pool)
    await duplicates.find()
    assert len(await duplicates.clusters(10)) == 1
    await Store(pool).save([made(nahr, 2, OTHERS["other news"], hours=2)])
    await duplicates.find()
    assert await duplicates.clusters(10) == []
    assert await fetch(pool, "SELECT * FROM cluster_members") == []


async def test_the_database_itself_keeps_one_head_in_every_cluster(pool: AsyncConnectionPool, nahr: int) -> None:
    texts = [STORY, *COPIES.values()]
    await Store(pool).save([made(nahr, i, text, hours=i) for i, text in enumerate(texts)])
    await Duplicates(pool).find()
    with pytest.raises(psycopg.errors.UniqueViolation):
        await fetch(pool, "UPDATE cluster_members SET head = true RETURNING 1 AS one")
    for left in range(len(texts) - 1, 0, -1):
        await fetch(pool, "DELETE FROM articles WHERE id = (SELECT min(id) FROM articles) RETURNING id")
        heads = await fetch(pool, "SELECT article_id FROM cluster_members WHERE head")
        earliest = await fetch(pool, "SELECT min(id) AS article_id FROM articles")
        assert heads == (earliest if left > 1 else [])
    assert await fetch(pool, "SELECT * FROM clusters") == []


async def test_articles_of_before_are_sketched_and_found(pool: AsyncConnectionPool, nahr: int) -> None:
    await Store(pool).save([made(nahr, 1, STORY), made(nahr, 2, COPIES["another lead"], hours=1)])
    await fetch(pool, "WITH a AS (DELETE FROM sketches) DELETE FROM unclustered RETURNING 1 AS one")
    duplicates = Duplicates(pool)
    assert (await duplicates.sketch_older(), await duplicates.find(), await duplicates.sketch_older()) == (2, 2, 0)
    assert len(await duplicates.clusters(10)) == 1
