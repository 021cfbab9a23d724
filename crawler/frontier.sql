-- The frontier: what feeds have announced, and what of it is still to be fetched.

-- name: start_run
INSERT INTO runs (host, seen_at) VALUES (%(host)s, now()) RETURNING id;

-- name: finish_run
UPDATE runs SET finished_at = now(), outcome = %(outcome)s, counts = %(counts)s WHERE id = %(run_id)s;

-- name: update_feed
-- Validators are replaced by a good answer only; a failure keeps those of the last good one.
UPDATE feeds SET
    polled_at = %(now)s, verdict = %(verdict)s, next_poll_at = %(next_poll_at)s,
    failures = CASE WHEN %(good)s THEN 0 ELSE failures + %(counted)s::integer END,
    succeeded_at = CASE WHEN %(good)s THEN %(now)s ELSE succeeded_at END,
    read_at = CASE WHEN %(full)s THEN %(now)s ELSE read_at END,
    failure_weight = %(failure_weight)s, window_size = %(window_size)s, rhythm = %(rhythm)s, hint = %(hint)s,
    skipped_hours = %(skipped_hours)s,
    moved_since = CASE WHEN NOT %(good)s OR moved_to = %(moved_to)s THEN moved_since
                       WHEN %(moved_to)s::text IS NOT NULL THEN %(now)s END,
    moved_to = CASE WHEN %(good)s THEN %(moved_to)s ELSE moved_to END,
    etag = CASE WHEN %(fresh)s THEN %(etag)s ELSE etag END,
    last_modified = CASE WHEN %(fresh)s THEN %(last_modified)s ELSE last_modified END,
    body_hash = CASE WHEN %(fresh)s THEN %(body_hash)s ELSE body_hash END
WHERE id = %(feed_id)s;

-- name: insert_poll
INSERT INTO polls (run_id, feed_id, polled_at, http_status, verdict, detail, entries, new, changed, bytes, overlap)
VALUES (
    %(run_id)s, %(feed_id)s, %(now)s, %(http_status)s, %(verdict)s, %(detail)s, %(entries)s, %(new)s, %(changed)s,
    %(bytes)s, %(overlap)s
);

-- name: insert_gap
INSERT INTO gaps (source_id, feed_id, since, until)
VALUES (%(source_id)s, %(feed_id)s, %(since)s, %(until)s) ON CONFLICT (feed_id, until) DO NOTHING;

-- name: seen_in_feed
-- Which of these a feed has announced before: what its last poll and this one have in common.
SELECT e.url FROM entries e JOIN entry_feeds f ON f.entry_id = e.id
WHERE e.source_id = %(source_id)s AND e.url = ANY (%(urls)s) AND f.feed_id = %(feed_id)s;

-- name: announce_entries
-- New entries become pending, and so do those of which this feed now says something else than it did before. What
-- another feed says of them in its own words changes nothing.
INSERT INTO entries (source_id, url, claims, content_hash, discovered_at)
SELECT %(source_id)s, announced.*, %(now)s
FROM unnest(%(urls)s::text[], %(claims)s::jsonb[], %(hashes)s::text[]) AS announced (url, claims, content_hash)
WHERE NOT EXISTS (
    SELECT FROM forgotten f WHERE f.hash = sha256(convert_to('url:' || announced.url, 'UTF8')))
ON CONFLICT (source_id, url) DO UPDATE SET
    claims = excluded.claims, content_hash = excluded.content_hash, state = 'pending', reason = NULL, attempts = 0,
    not_before = 'epoch', settled_at = NULL
WHERE entries.content_hash <> excluded.content_hash AND EXISTS (
    SELECT FROM entry_feeds f
    WHERE f.entry_id = entries.id AND f.feed_id = %(feed_id)s::bigint
      AND coalesce(f.content_hash, entries.content_hash) <> excluded.content_hash
)
RETURNING (xmax = 0) AS is_new;

-- name: link_entries
INSERT INTO entry_feeds (entry_id, feed_id, content_hash)
SELECT e.id, %(feed_id)s, told.hash
FROM unnest(%(urls)s::text[], %(hashes)s::text[]) AS told (url, hash)
JOIN entries e ON e.source_id = %(source_id)s AND e.url = told.url
ON CONFLICT (entry_id, feed_id) DO UPDATE SET content_hash = excluded.content_hash
WHERE entry_feeds.content_hash IS DISTINCT FROM excluded.content_hash;

-- name: any_known
-- Whether one of these was announced before: then a listing need not be followed further back.
SELECT EXISTS (SELECT FROM entries WHERE source_id = %(source_id)s AND url = ANY (%(urls)s));

-- name: with_pending
SELECT s.id FROM unnest(%(source_ids)s::bigint[]) AS s (id) WHERE EXISTS (
    SELECT FROM entries e WHERE e.source_id = s.id AND e.state = 'pending' AND e.not_before <= %(now)s);

-- name: pending_entries
-- The newest first: after a pause, news comes before what is old already.
SELECT id, url, claims, content_hash, attempts
FROM entries
WHERE source_id = %(source_id)s AND state = 'pending' AND not_before <= %(now)s
ORDER BY coalesce(claims ->> 'published_at', claims ->> 'updated_at') DESC NULLS LAST, id DESC
LIMIT %(limit)s;

-- name: postpone_entry
UPDATE entries SET attempts = attempts + %(tried)s::integer, not_before = %(not_before)s
WHERE id = %(entry_id)s AND state = 'pending';

-- name: postpone_feed
UPDATE feeds SET next_poll_at = %(not_before)s WHERE id = %(feed_id)s;

-- name: quarantine_feed
INSERT INTO quarantine (source_id, feed_id, url, reason, detail, charset, body, fetched_at)
VALUES (%(source_id)s, %(feed_id)s, %(url)s, %(reason)s, %(detail)s, %(charset)s, %(body)s, %(now)s)
ON CONFLICT (feed_id) DO UPDATE SET
    url = excluded.url, reason = excluded.reason, detail = excluded.detail, charset = excluded.charset,
    body = excluded.body, fetched_at = excluded.fetched_at;

-- name: release_feeds
DELETE FROM quarantine WHERE feed_id = ANY (%(feed_ids)s);
