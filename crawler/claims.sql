-- Claims: which run a source belongs to, or belonged to last.

-- name: lock_run
SELECT pg_advisory_lock(%(lock)s, %(run_id)s::integer);

-- name: sign_of_life
UPDATE runs SET seen_at = now() WHERE id = %(run_id)s;

-- name: lock_claiming
-- Two claimants at once would each see the other's run as not yet begun.
SELECT pg_advisory_xact_lock(%(lock)s);

-- name: claim_free
INSERT INTO claims (source_id, run_id)
SELECT s.id, %(run_id)s FROM sources s WHERE s.id = ANY (%(source_ids)s)
ON CONFLICT (source_id) DO NOTHING
RETURNING source_id;

-- name: claim_abandoned
-- Those of runs that have ended or died. One that is written for at this moment is left: whoever writes is not dead for long.
WITH abandoned AS (
    SELECT source_id FROM claims
    WHERE source_id = ANY (%(source_ids)s) AND run_id <> %(run_id)s
      AND run_id %% 2147483648 NOT IN (SELECT live_runs())
    ORDER BY source_id FOR UPDATE SKIP LOCKED
)
UPDATE claims SET run_id = %(run_id)s FROM abandoned WHERE claims.source_id = abandoned.source_id
RETURNING claims.source_id;

-- name: claims_lost
SELECT s.name FROM claims c JOIN sources s ON s.id = c.source_id
WHERE c.source_id = ANY (%(source_ids)s) AND c.run_id <> %(run_id)s LIMIT 1;

-- name: unlock_runs
SELECT pg_advisory_unlock_all();
