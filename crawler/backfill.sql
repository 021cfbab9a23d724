-- How far backfills are.

-- name: begin_backfill
-- One that was begun before, for the same time, goes on.
INSERT INTO backfills (source_id, since, until) VALUES (%(source_id)s, %(since)s, %(until)s)
ON CONFLICT (source_id, since, until) DO UPDATE SET source_id = excluded.source_id
RETURNING id, walked, left_to_walk, finished_at;

-- name: note_backfill
UPDATE backfills SET walked = %(walked)s, left_to_walk = %(left)s,
    finished_at = CASE WHEN %(finished)s THEN now() END
WHERE id = %(id)s;
