-- Sources and their feeds. One query a name; parameters are bound, never formatted.

-- name: insert_source
INSERT INTO sources (name, title, home, country, language, timezone, tags, delay)
VALUES (%(name)s, %(title)s, %(home)s, %(country)s, %(language)s, %(timezone)s, %(tags)s, %(delay)s)
ON CONFLICT (name) DO NOTHING
RETURNING id;

-- name: insert_feed
INSERT INTO feeds (source_id, url) VALUES (%(source_id)s, %(url)s) ON CONFLICT (source_id, url) DO NOTHING;

-- name: select_sources
-- Every source in order of its name, or those of names; feeds come with select_feeds.
SELECT id, name, title, home, country, language, timezone, tags, delay, enabled, operator_rules AS operator
FROM sources
WHERE %(names)s::text[] IS NULL OR name = ANY (%(names)s)
ORDER BY name;

-- name: select_feeds
SELECT source_id, id, url, etag, last_modified, body_hash, failures, polled_at, succeeded_at, verdict, next_poll_at
FROM feeds
WHERE source_id = ANY (%(source_ids)s)
ORDER BY id;

-- name: feed_owner
-- The source that has this feed already, if any.
SELECT s.name FROM feeds f JOIN sources s ON s.id = f.source_id WHERE f.url = ANY (%(urls)s) LIMIT 1;

-- name: set_enabled
UPDATE sources SET enabled = %(enabled)s, updated_at = now() WHERE name = ANY (%(names)s);

-- name: set_operator_rules
UPDATE sources SET operator_rules = %(rules)s, updated_at = now() WHERE id = %(source_id)s;

-- name: count_articles
SELECT count(*) FROM articles WHERE source_id = %(source_id)s;

-- name: delete_articles
DELETE FROM articles WHERE source_id = %(source_id)s;

-- name: delete_source
DELETE FROM sources WHERE id = %(source_id)s;

-- name: source_summary
-- What a source has brought so far, for `rawi sources show`.
SELECT
    (SELECT count(*) FROM entries e WHERE e.source_id = %(source_id)s) AS discovered,
    (SELECT count(*) FROM entries e WHERE e.source_id = %(source_id)s AND e.state = 'pending') AS pending,
    (SELECT count(*) FROM articles a WHERE a.source_id = %(source_id)s) AS stored,
    (SELECT coalesce(jsonb_object_agg(reason, n), '{}') FROM (
        SELECT reason, count(*) AS n FROM entries e
        WHERE e.source_id = %(source_id)s AND e.state = 'rejected' GROUP BY reason ORDER BY reason
    ) AS by_reason) AS rejected;
