-- The frontier: what feeds have announced, and what of it is still to be fetched.

-- name: start_run
INSERT INTO runs (host, seen_at) VALUES (%(host)s, now()) RETURNING id;

-- name: finish_run
UPDATE runs SET finished_at = now(), outcome = %(outcome)s, counts = %(counts)s WHERE id = %(run_id)s;

-- name: announce_entries
-- New entries become pending, and so do those of which this feed now says something else than it did before. What
-- another feed says of them in its own words changes nothing.
INSERT INTO entries (source_id, url, claims, content_hash, discovered_at)
SELECT %(source_id)s, announced.*, %(now)s
FROM unnest(%(urls)b::text[], %(claims)b::text[]::jsonb[], %(hashes)b::text[]) AS announced (url, claims, content_hash)
WHERE NOT EXISTS (
    SELECT FROM forgotten f WHERE f.hash = sha256(convert_to('url:' || announced.url, 'UTF8')))
ORDER BY announced.url      -- a join may part with the order of what was given, and two polls lock each other out
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
FROM unnest(%(urls)b::text[], %(hashes)b::text[]) AS told (url, hash)
JOIN entries e ON e.source_id = %(source_id)s AND e.url = told.url
ORDER BY e.id
ON CONFLICT (entry_id, feed_id) DO UPDATE SET content_hash = excluded.content_hash
WHERE entry_feeds.content_hash IS DISTINCT FROM excluded.content_hash;

-- name: any_known
-- Whether one of these was announced before: then a listing need not be followed further back.
SELECT EXISTS (SELECT FROM entries WHERE source_id = %(source_id)s AND url = ANY (%(urls)s));

-- name: with_pending
SELECT s.id FROM unnest(%(source_ids)s::bigint[]) AS s (id) WHERE EXISTS (
    SELECT FROM entries e WHERE e.source_id = s.id AND e.state = 'pending' AND e.not_before <= %(now)s);

-- name: count_pending
SELECT count(*) FROM entries
WHERE source_id = %(source_id)s AND state = 'pending' AND not_before <= %(now)s AND id <> ALL (%(without)s::bigint[]);

-- name: pending_entries
-- The newest first: after a pause, news comes before what is old already.
SELECT id, url, claims, content_hash, attempts
FROM entries
WHERE source_id = %(source_id)s AND state = 'pending' AND not_before <= %(now)s AND id <> ALL (%(without)s::bigint[])
ORDER BY coalesce(claims ->> 'published_at', claims ->> 'updated_at') DESC NULLS LAST, id DESC
LIMIT %(limit)s;

-- name: postpone_entry
UPDATE entries SET attempts = attempts + %(tried)s::integer, not_before = %(not_before)s
WHERE id = %(entry_id)s AND state = 'pending';

-- name: postpone_feed
UPDATE feeds SET next_poll_at = %(not_before)s WHERE id = %(feed_id)s;
