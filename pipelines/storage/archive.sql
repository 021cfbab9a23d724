-- Pages as they came: what is kept, for how long, and what is read from it.

-- name: kept_ids
-- Articles whose pages are kept, in batches.
SELECT p.article_id FROM pages p JOIN articles a ON a.id = p.article_id
WHERE p.part = 0 AND p.article_id > %(after)s
  AND (%(sources)s::bigint[] IS NULL OR a.source_id = ANY (%(sources)s))
  AND (%(since)s::timestamptz IS NULL OR p.fetched_at >= %(since)s)
ORDER BY p.article_id LIMIT %(limit)s;

-- name: count_kept
SELECT count(*) FROM pages p JOIN articles a ON a.id = p.article_id
WHERE p.part = 0 AND (%(sources)s::bigint[] IS NULL OR a.source_id = ANY (%(sources)s))
  AND (%(since)s::timestamptz IS NULL OR p.fetched_at >= %(since)s);

-- name: stored_articles
SELECT a.id, a.source_id, s.name AS source, a.url, a.title, a.text, a.authors, a.published_at,
       coalesce((SELECT jsonb_agg(jsonb_build_array(q.kind, q.text, p.name) ORDER BY q.position)
                 FROM quotes q LEFT JOIN speakers p ON p.id = q.speaker_id WHERE q.article_id = a.id), '[]') AS quotes,
       coalesce((SELECT array_agg(t.tag ORDER BY t.tag) FROM article_hashtags t WHERE t.article_id = a.id), '{}')
           AS hashtags
FROM articles a JOIN sources s ON s.id = a.source_id WHERE a.id = ANY (%(ids)s) ORDER BY a.id;

-- name: pages_of
-- The parts of articles, in order.
SELECT p.article_id, p.part, p.url, a.url AS article_url, s.name AS source, p.charset, p.body, p.fetched_at, p.headers
FROM pages p JOIN articles a ON a.id = p.article_id JOIN sources s ON s.id = a.source_id
WHERE p.article_id = ANY (%(ids)s) ORDER BY p.article_id, p.part;

-- name: page_stock
SELECT s.name AS source, count(*) AS pages, sum(octet_length(p.body))::bigint AS bytes,
       min(p.fetched_at) AS oldest, max(p.fetched_at) AS newest
FROM pages p JOIN articles a ON a.id = p.article_id JOIN sources s ON s.id = a.source_id
GROUP BY s.id ORDER BY s.name;

-- name: table_size
SELECT pg_total_relation_size('pages');

-- name: forget_excess_pages
-- The newest stay, up to so many bytes.
DELETE FROM pages p USING (
    SELECT article_id, sum(sum(octet_length(body))) OVER (ORDER BY max(fetched_at) DESC, article_id DESC) AS upto
    FROM pages GROUP BY article_id
) AS kept WHERE kept.article_id = p.article_id AND kept.upto > %(bytes)s;
