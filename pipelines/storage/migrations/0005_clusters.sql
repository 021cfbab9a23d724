-- Duplicates: the sketch of each article, by which candidates are looked up, and clusters of copies of one story.

CREATE TABLE sketches (
    article_id    bigint PRIMARY KEY REFERENCES articles ON DELETE CASCADE,
    hashes        bigint[] NOT NULL                                 -- of pipelines.dedup.sketch, as signed integers
);
-- Without a list of pending entries: every lookup would have to read it through.
CREATE INDEX sketches_by_hash ON sketches USING gin (hashes) WITH (fastupdate = off);

-- Articles that are still to be looked up. Those that were stored before this migration: rawi duplicates find
CREATE TABLE unclustered (
    article_id    bigint PRIMARY KEY REFERENCES articles ON DELETE CASCADE
);

CREATE TABLE clusters (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    created_at    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE cluster_members (
    article_id    bigint PRIMARY KEY REFERENCES articles ON DELETE CASCADE,     -- in one cluster at most
    cluster_id    bigint NOT NULL REFERENCES clusters ON DELETE CASCADE,
    head          boolean NOT NULL DEFAULT false,                   -- the earliest of the cluster
    likeness      real NOT NULL DEFAULT 1 CHECK (likeness BETWEEN 0 AND 1),     -- resemblance to what it joined by
    exact         boolean NOT NULL DEFAULT false,                   -- it joined by the same words
    joined_at     timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX cluster_heads ON cluster_members (cluster_id) WHERE head;   -- one head a cluster
CREATE INDEX cluster_members_of ON cluster_members (cluster_id);

-- Whoever deletes an article, or takes one out of its cluster, leaves a cluster that has a head and a copy, or none.
CREATE FUNCTION mend_clusters() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM clusters c USING (SELECT DISTINCT cluster_id FROM gone) g
    WHERE c.id = g.cluster_id
      AND (SELECT count(*) FROM cluster_members m WHERE m.cluster_id = c.id) < 2;
    UPDATE cluster_members m SET head = true
    FROM (
        SELECT DISTINCT ON (m.cluster_id) m.article_id
        FROM cluster_members m JOIN articles a ON a.id = m.article_id
        WHERE m.cluster_id IN (SELECT cluster_id FROM gone WHERE head)
          AND NOT EXISTS (SELECT FROM cluster_members h WHERE h.cluster_id = m.cluster_id AND h.head)
        ORDER BY m.cluster_id, coalesce(a.published_at, a.first_seen_at), a.id
    ) AS first
    WHERE m.article_id = first.article_id;
    RETURN NULL;
END $$;
CREATE TRIGGER mend_clusters AFTER DELETE ON cluster_members
REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION mend_clusters();
