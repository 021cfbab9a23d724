-- Articles that are looked at again.

-- name: due_revisits
-- The longest overdue first. An article that was never looked at again is due an hour after it was stored.
SELECT a.id AS article_id, a.url AS article_url, coalesce(a.published_at, a.first_seen_at) AS published_at,
       e.id AS entry_id, e.url, e.claims, e.content_hash, coalesce(p.headers, '[]') AS headers,
       coalesce(r.visits, 0) AS visits
FROM articles a
JOIN LATERAL (SELECT * FROM entries e WHERE e.article_id = a.id AND e.state = 'stored' ORDER BY e.id LIMIT 1) e ON true
LEFT JOIN revisits r ON r.article_id = a.id
LEFT JOIN pages p ON p.article_id = a.id AND p.part = 0
WHERE a.source_id = %(source_id)s AND a.first_seen_at > %(oldest)s
  AND coalesce(a.published_at, a.first_seen_at) > %(oldest)s
  AND CASE WHEN r.article_id IS NULL THEN a.last_seen_at <= %(first)s ELSE r.due_at <= %(now)s END
ORDER BY coalesce(r.due_at, a.last_seen_at), a.id LIMIT %(limit)s;

-- name: with_revisits
-- Those that due_revisits may find something for.
SELECT s.id FROM unnest(%(source_ids)s::bigint[]) AS s (id) WHERE EXISTS (
    SELECT FROM articles a LEFT JOIN revisits r ON r.article_id = a.id
    WHERE a.source_id = s.id AND a.first_seen_at > %(oldest)s
      AND coalesce(a.published_at, a.first_seen_at) > %(oldest)s
      AND CASE WHEN r.article_id IS NULL THEN a.last_seen_at <= %(first)s ELSE r.due_at <= %(now)s END);

-- name: note_revisit
INSERT INTO revisits (article_id, visits, looked_at, due_at, http_status, gone_since)
SELECT a.id, 1, %(now)s, %(due_at)s, %(http_status)s, CASE WHEN %(gone)s THEN %(now)s::timestamptz END
FROM articles a WHERE a.id = %(article_id)s
ON CONFLICT (article_id) DO UPDATE SET
    visits = revisits.visits + 1, looked_at = excluded.looked_at, due_at = excluded.due_at,
    http_status = excluded.http_status,
    gone_since = CASE WHEN %(gone)s THEN coalesce(revisits.gone_since, excluded.gone_since) END;

-- name: see_again
UPDATE articles SET last_seen_at = greatest(last_seen_at, %(now)s) WHERE id = %(article_id)s;
