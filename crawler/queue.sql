-- The queue: which crawls are to be made, by procrastinate's tables and functions.

-- name: lock_dispatch
-- A worker that freezes in the middle of its tick gives the lock back after a while of silence.
SELECT pg_try_advisory_xact_lock(%(lock)s), set_config('idle_in_transaction_session_timeout', %(silence)s, true);

-- name: sources_without_domain
SELECT id, home FROM sources WHERE domain IS NULL AND deleted_at IS NULL AND enabled LIMIT %(limit)s;

-- name: set_domain
UPDATE sources SET domain = %(domain)s WHERE id = %(id)s;

-- name: waiting_jobs
SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo';

-- name: due_domains
-- The domains that have something to do, the longest overdue first: feeds whose time has come, and pages that are still
-- to be fetched. A domain that has a job has enough, and one that asked to be left alone is.
WITH due AS (
    SELECT source_id, next_poll_at AS due_at FROM feeds WHERE next_poll_at <= now()
    UNION ALL
    SELECT source_id, min(not_before) FROM entries WHERE state = 'pending' AND not_before <= now() GROUP BY source_id
), busy AS MATERIALIZED (
    SELECT DISTINCT lock FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND lock IS NOT NULL
), sourced AS (
    SELECT s.domain, s.id, min(due.due_at) AS due_at FROM due JOIN sources s ON s.id = due.source_id
    WHERE s.enabled AND s.deleted_at IS NULL AND s.domain IS NOT NULL AND s.domain NOT IN (SELECT lock FROM busy)
      AND s.domain NOT IN (SELECT domain FROM hosts WHERE closed_until > now())
    GROUP BY s.id
)
SELECT domain, (array_agg(id ORDER BY due_at, id))[1:%(batch)s] AS source_ids FROM sourced
GROUP BY domain ORDER BY min(due_at), domain LIMIT %(limit)s;

-- name: due_sources
-- The same without the queue, for a crawl that is no job.
SELECT s.id FROM (
    SELECT source_id FROM feeds WHERE next_poll_at <= now()
    UNION SELECT source_id FROM entries WHERE state = 'pending' AND not_before <= now()
) due JOIN sources s ON s.id = due.source_id WHERE s.enabled AND s.deleted_at IS NULL;

-- name: drop_stalled_doubles
-- Of two jobs that may wait only once, the one that waits does it all.
DELETE FROM procrastinate_jobs j
WHERE j.status = 'doing'
  AND NOT EXISTS (SELECT FROM procrastinate_workers w WHERE w.id = j.worker_id
                  AND w.last_heartbeat >= now() - make_interval(secs => %(lease)s))
  AND EXISTS (SELECT FROM procrastinate_jobs o WHERE o.status = 'todo' AND o.queueing_lock = j.queueing_lock);

-- name: reap_stalled
-- Jobs of workers that are gone, or have given no sign of life for a lease, are taken up again: the first time at once,
-- then after 1, 3, 7 ... minutes, an hour at most, so that a crawl that kills its worker does not kill them all.
SELECT procrastinate_retry_job_v2(
    stalled.id, now() + least(interval '1 minute' * (2 ^ least(stalled.attempts, 6) - 1), interval '1 hour'),
    NULL::integer, NULL::varchar, NULL::varchar)
FROM (
    SELECT j.id, j.attempts FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
    WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < now() - make_interval(secs => %(lease)s))
    FOR UPDATE OF j SKIP LOCKED
) stalled;

-- name: forget_dead_workers
DELETE FROM procrastinate_workers w
WHERE w.last_heartbeat < now() - make_interval(secs => %(lease)s)
  AND NOT EXISTS (SELECT FROM procrastinate_jobs j WHERE j.worker_id = w.id AND j.status = 'doing');
