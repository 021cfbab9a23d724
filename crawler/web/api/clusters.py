"""Clusters: copies of one story, in one source or in several."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from crawler.web.access import Pool
from crawler.web.api.answers import UNKNOWN, listing
from crawler.web.api.cursors import read_cursor
from crawler.web.api.filters import Number, SourceOfCluster
from crawler.web.api.models import Cluster, ClusterLine, Listing
from crawler.web.problems import Problem
from pipelines.storage.duplicates import Duplicates
from pipelines.storage.reading import Reading, Wanted

router = APIRouter(tags=["clusters"])


@router.get("/clusters")
async def list_clusters(pool: Pool, filters: Annotated[SourceOfCluster, Query()]) -> Listing[ClusterLine]:
    """Clusters of copies, the newest cluster first."""
    (after,) = read_cursor(filters.cursor, int) or (None,)
    rows = await Reading(pool).clusters(Wanted(source=filters.source), filters.limit + 1, after)
    return listing(ClusterLine, rows, filters.limit, lambda row: (row["id"],))


@router.get("/clusters/{id}", responses=UNKNOWN)
async def show_cluster(
    pool: Pool,
    id: Annotated[Number, Path(description="Number of the cluster.")],  # noqa: A002
) -> Cluster:
    """One cluster with its articles, the earliest first."""
    row = await Reading(pool).cluster(id)
    if row is None:
        raise Problem(404, f"there is no cluster {id}")
    return Cluster.model_validate({**row, "members": await Duplicates(pool).members(row["head"])})
