-- Sources and their feeds. One query a name; parameters are bound, never formatted.

-- name: insert_source
-- A source that was deleted but for its articles comes back with them.
INSERT INTO sources (
    name, title, home, country, language, timezone, tags, delay, poll_interval, enabled, operator_rules
) VALUES (
    %(name)s, %(title)s, %(home)s, %(country)s, %(language)s, %(timezone)s, %(tags)s, %(delay)s, %(interval)s,
    %(enabled)s, %(rules)s
)
ON CONFLICT (name) DO UPDATE SET
    title = excluded.title, home = excluded.home, country = excluded.country, language = excluded.language,
    timezone = excluded.timezone, tags = excluded.tags, delay = excluded.delay, poll_interval = excluded.poll_interval,
    enabled = excluded.enabled, operator_rules = excluded.operator_rules, updated_at = now(), deleted_at = NULL
WHERE sources.deleted_at IS NOT NULL
RETURNING id;

-- name: update_source
UPDATE sources SET
    title = %(title)s, home = %(home)s, country = %(country)s, language = %(language)s, timezone = %(timezone)s,
    tags = %(tags)s, delay = %(delay)s, poll_interval = %(interval)s, enabled = %(enabled)s,
    operator_rules = %(rules)s, updated_at = now(), domain = CASE WHEN home = %(home)s THEN domain END
WHERE name = %(name)s AND deleted_at IS NULL
RETURNING id;

-- name: upsert_feed
-- A feed that is polled in another way than before has nothing to compare with.
INSERT INTO feeds (source_id, url, kind, pattern) VALUES (%(source_id)s, %(url)s, %(kind)s, %(pattern)s)
ON CONFLICT (source_id, url) DO UPDATE SET
    kind = excluded.kind, pattern = excluded.pattern, etag = NULL, last_modified = NULL, body_hash = NULL
WHERE feeds.kind <> excluded.kind OR feeds.pattern IS DISTINCT FROM excluded.pattern;

-- name: move_feed
UPDATE feeds SET url = %(to)s, moved_to = NULL, moved_since = NULL
WHERE id = %(feed_id)s
  AND NOT EXISTS (
      SELECT FROM feeds f JOIN sources s ON s.id = f.source_id WHERE f.url = %(to)s AND s.deleted_at IS NULL)
  AND NOT EXISTS (
      SELECT FROM source_changes c
      WHERE c.source = %(source)s AND c.action = 'revert'
        AND c.before -> 'feeds' @> %(before)s AND c.after -> 'feeds' @> %(after)s)
RETURNING id;

-- name: delete_other_feeds
DELETE FROM feeds WHERE source_id = %(source_id)s AND url <> ALL (%(urls)s);

-- name: select_sources
-- Every source in order of its name, or those of names or numbers; feeds come with select_feeds.
SELECT id, name, title, home, country, language, timezone, tags, delay, poll_interval AS interval, enabled,
       operator_rules AS operator
FROM sources
WHERE deleted_at IS NULL AND (%(names)s::text[] IS NULL OR name = ANY (%(names)s))
  AND (%(ids)s::bigint[] IS NULL OR id = ANY (%(ids)s))
ORDER BY name;

-- name: retired_sources
SELECT name FROM sources WHERE deleted_at IS NOT NULL AND name = ANY (%(names)s) ORDER BY name;

-- name: select_feeds
SELECT source_id, id, url, kind, pattern, etag, last_modified, body_hash, read_at, failures, failure_weight,
       window_size AS window, rhythm, hint, skipped_hours, moved_to, moved_since, polled_at, succeeded_at, verdict,
       next_poll_at
FROM feeds
WHERE source_id = ANY (%(source_ids)s)
ORDER BY id;

-- name: feed_owner
-- The source that has this feed already, if any.
SELECT s.name FROM feeds f JOIN sources s ON s.id = f.source_id WHERE f.url = ANY (%(urls)s) AND s.name <> %(name)s AND s.deleted_at IS NULL LIMIT 1;

-- name: count_articles
SELECT count(*) FROM articles WHERE source_id = %(source_id)s;

-- name: delete_articles
DELETE FROM articles WHERE source_id = %(source_id)s;

-- name: delete_source
DELETE FROM sources WHERE id = %(source_id)s;

-- name: retire_source
-- The articles stay and name it. Should it come back, its feeds and backfills announce anew what was pending.
WITH pending AS (DELETE FROM entries WHERE source_id = %(source_id)s AND state = 'pending'),
walked AS (DELETE FROM backfills WHERE source_id = %(source_id)s),
asked AS (UPDATE feeds SET etag = NULL, last_modified = NULL, body_hash = NULL WHERE source_id = %(source_id)s)
UPDATE sources SET deleted_at = now(), enabled = false WHERE id = %(source_id)s;

-- name: insert_change
INSERT INTO source_changes (source, action, changed_by, before, after)
VALUES (%(source)s, %(action)s, %(changed_by)s, %(before)s, %(after)s);

-- name: changes_of_source
SELECT id, source, action, changed_by, changed_at, before, after FROM source_changes
WHERE %(source)s::text IS NULL OR source = %(source)s
ORDER BY id DESC LIMIT %(limit)s;

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
