-- What polls brought: the state of feeds, and their history.

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
WHERE e.source_id = %(source_id)s AND e.url = ANY (%(urls)b) AND f.feed_id = %(feed_id)s;

-- name: quarantine_feed
INSERT INTO quarantine (source_id, feed_id, url, reason, detail, charset, body, fetched_at)
VALUES (%(source_id)s, %(feed_id)s, %(url)s, %(reason)s, %(detail)s, %(charset)s, %(body)s, %(now)s)
ON CONFLICT (feed_id) DO UPDATE SET
    url = excluded.url, reason = excluded.reason, detail = excluded.detail, charset = excluded.charset,
    body = excluded.body, fetched_at = excluded.fetched_at;

-- name: release_feeds
DELETE FROM quarantine WHERE feed_id = ANY (%(feed_ids)s);
