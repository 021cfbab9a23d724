-- Times in which a feed may have announced what no poll saw.

-- name: open_gaps
-- Those that were not filled and not tried for a while, as one time for each source.
SELECT source_id, min(since) AS since, max(until) AS until, array_agg(id) AS ids
FROM gaps
WHERE source_id = ANY (%(source_ids)s) AND closed_at IS NULL AND until > %(oldest)s
  AND (tried_at IS NULL OR tried_at <= %(tried_before)s)
GROUP BY source_id ORDER BY source_id;

-- name: close_gaps
UPDATE gaps SET tried_at = %(now)s, closed_at = %(now)s, found = %(found)s, problem = NULL WHERE id = ANY (%(ids)s);

-- name: keep_gaps_open
UPDATE gaps SET tried_at = %(now)s, problem = %(problem)s WHERE id = ANY (%(ids)s);

-- name: forget_walk
-- A backfill of the same days that is done would not be begun again, and the gap came after it.
DELETE FROM backfills
WHERE source_id = %(source_id)s AND since = %(since)s AND until = %(until)s AND finished_at IS NOT NULL;

-- name: gaps_of_source
SELECT since, until, found, problem FROM gaps WHERE source_id = %(source_id)s AND until > %(oldest)s ORDER BY until;
