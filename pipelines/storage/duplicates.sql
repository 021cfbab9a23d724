-- Duplicates: articles are looked up by their sketches, compared by their texts, and put into clusters.

-- name: lock
-- One process at a time puts articles into clusters.
SELECT pg_advisory_xact_lock(%(lock)s);

-- name: unclustered
-- The earliest first: what is later joins what was there.
SELECT a.id FROM unclustered u JOIN articles a ON a.id = u.article_id JOIN sketches s ON s.article_id = a.id
ORDER BY a.first_seen_at, a.id LIMIT %(limit)s;

-- name: still_unclustered
SELECT u.article_id AS id, s.hashes FROM unclustered u JOIN sketches s ON s.article_id = u.article_id
WHERE u.article_id = ANY (%(ids)s);

-- name: candidates
-- For each sketch the articles that share most hashes with it. Some must be of either half of them: the index then
-- leaves out all that share one phrase only, of which an agency's may be in thousands of articles. Duplicates share more
-- than half of their hashes, but for chance; two fifths are asked for.
WITH wanted AS MATERIALIZED (
    SELECT article_id, hashes::bigint[] AS hashes, half::bigint[] AS half, other_half::bigint[] AS other_half
    FROM unnest(%(article_id)b::bigint[], %(hashes)b::text[], %(half)b::text[], %(other_half)b::text[])
        AS w (article_id, hashes, half, other_half)
)
SELECT w.article_id, likely.article_id AS candidate FROM wanted w CROSS JOIN LATERAL (
    SELECT c.article_id, c.shared FROM (
        SELECT s.article_id, cardinality(s.hashes) AS size,
               (SELECT count(*) FROM unnest(s.hashes) h WHERE h = ANY (w.hashes)) AS shared
        FROM sketches s
        WHERE s.hashes && w.half AND s.hashes && w.other_half AND s.article_id <> w.article_id
    ) AS c
    WHERE c.shared >= greatest(least(c.size, cardinality(w.hashes)) * 2 / 5, 1)
    ORDER BY c.shared DESC, c.article_id LIMIT %(limit)s
) AS likely
ORDER BY w.article_id, likely.shared DESC, likely.article_id;

-- name: texts
SELECT id, text FROM articles WHERE id = ANY (%(ids)s);

-- name: clusters_of
SELECT article_id, cluster_id FROM cluster_members WHERE article_id = ANY (%(ids)s);

-- name: new_cluster
INSERT INTO clusters DEFAULT VALUES RETURNING id;

-- name: join_cluster
INSERT INTO cluster_members (article_id, cluster_id, likeness, exact)
VALUES (%(article_id)s, %(cluster_id)s, %(likeness)s, %(exact)s)
ON CONFLICT (article_id) DO UPDATE SET
    cluster_id = excluded.cluster_id, likeness = excluded.likeness, exact = excluded.exact,
    head = cluster_members.head AND cluster_members.cluster_id = excluded.cluster_id;

-- name: move_members
UPDATE cluster_members SET cluster_id = %(cluster_id)s, head = false WHERE cluster_id = ANY (%(others)s);

-- name: drop_clusters
DELETE FROM clusters WHERE id = ANY (%(others)s);

-- name: no_head
UPDATE cluster_members SET head = false WHERE cluster_id = %(cluster_id)s AND head;

-- name: elect_head
UPDATE cluster_members SET head = true WHERE article_id = (
    SELECT a.id FROM cluster_members m JOIN articles a ON a.id = m.article_id WHERE m.cluster_id = %(cluster_id)s
    ORDER BY coalesce(a.published_at, a.first_seen_at), a.id LIMIT 1
);

-- name: leave_clusters
DELETE FROM cluster_members WHERE article_id = ANY (%(ids)s);

-- name: looked_up
DELETE FROM unclustered WHERE article_id = ANY (%(ids)s);

-- name: without_sketch
SELECT a.id, a.text FROM articles a LEFT JOIN sketches s ON s.article_id = a.id
WHERE s.article_id IS NULL AND a.id > %(after)s ORDER BY a.id LIMIT %(limit)s;

-- name: list_clusters
-- The clusters that grew last; of those with an article of a source when it is named.
SELECT c.id, h.article_id AS head, a.title, s.name AS source, coalesce(a.published_at, a.first_seen_at) AS at,
       count(*) AS articles, count(DISTINCT ma.source_id) AS sources, max(m.joined_at) AS grew_at
FROM clusters c
JOIN cluster_members h ON h.cluster_id = c.id AND h.head
JOIN articles a ON a.id = h.article_id JOIN sources s ON s.id = a.source_id
JOIN cluster_members m ON m.cluster_id = c.id JOIN articles ma ON ma.id = m.article_id
WHERE %(source)s::text IS NULL OR EXISTS (
    SELECT FROM cluster_members o JOIN articles oa ON oa.id = o.article_id JOIN sources os ON os.id = oa.source_id
    WHERE o.cluster_id = c.id AND os.name = %(source)s)
GROUP BY c.id, h.article_id, a.id, s.name ORDER BY grew_at DESC, c.id DESC LIMIT %(limit)s;

-- name: members_like
-- Everybody in the cluster of an article, the head first.
SELECT m.cluster_id, m.article_id, m.head, m.exact, m.likeness, s.name AS source, a.title, a.url,
       coalesce(a.published_at, a.first_seen_at) AS at, char_length(a.text) AS length
FROM cluster_members m JOIN articles a ON a.id = m.article_id JOIN sources s ON s.id = a.source_id
WHERE m.cluster_id = (SELECT cluster_id FROM cluster_members WHERE article_id = %(article_id)s)
ORDER BY m.head DESC, coalesce(a.published_at, a.first_seen_at), a.id;
