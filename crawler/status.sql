-- What happened, and what happens now.

-- name: runs
-- A run that has not ended and whose session is gone was killed, or its machine was; it may be coming back from a cut
-- connection for some seconds.
SELECT r.id, r.started_at, r.finished_at, r.seen_at, r.host, r.counts,
       CASE WHEN r.outcome IS NOT NULL THEN r.outcome
            WHEN r.id %% 2147483648 IN (SELECT live_runs()) OR r.seen_at > now() - interval '15 seconds' THEN 'running'
            ELSE 'lost' END AS state
FROM runs r
WHERE (%(id)s::bigint IS NULL OR r.id = %(id)s)
  AND (%(since)s::timestamptz IS NULL OR r.started_at >= %(since)s)
  AND (NOT %(unfinished)s OR r.finished_at IS NULL)
  AND (%(source)s::text IS NULL OR r.counts -> 'sources' @> jsonb_build_array(jsonb_build_object('source', %(source)s::text)))
ORDER BY r.id DESC LIMIT %(limit)s;

-- name: polls_of_run
SELECT s.name AS source, f.url AS feed, p.polled_at, p.verdict, p.http_status, p.detail, p.entries, p.new, p.changed
FROM polls p JOIN feeds f ON f.id = p.feed_id JOIN sources s ON s.id = f.source_id
WHERE p.polled_at BETWEEN %(since)s AND %(until)s AND p.run_id = %(id)s ORDER BY p.polled_at, p.id;

-- name: sources_of_run
-- Those of a run that has not ended; what became of them is written down at its end.
SELECT s.name FROM claims c JOIN sources s ON s.id = c.source_id WHERE c.run_id = %(id)s ORDER BY s.name;

-- name: queue
SELECT count(*) FILTER (WHERE status = 'todo' AND coalesce(scheduled_at <= now(), true)) AS waiting,
       count(*) FILTER (WHERE status = 'todo' AND scheduled_at > now()) AS tried_again_later,
       count(*) FILTER (WHERE status = 'doing') AS doing
FROM procrastinate_jobs;

-- name: due
SELECT count(*) FILTER (WHERE f.next_poll_at <= now()) AS due,
       count(*) FILTER (WHERE f.next_poll_at <= now() - interval '15 minutes' AND f.polled_at IS NOT NULL) AS late,
       count(*) FILTER (WHERE f.failures > 0) AS failing, count(*) AS feeds,
       min(f.next_poll_at) FILTER (WHERE f.next_poll_at > now()) AS next_at,
       (SELECT count(*) FROM entries WHERE state = 'pending') AS pending,
       (SELECT count(*) FROM quarantine) AS quarantined
FROM feeds f JOIN sources s ON s.id = f.source_id WHERE s.enabled AND s.deleted_at IS NULL;

-- name: workers
SELECT w.id, w.last_heartbeat, w.last_heartbeat > now() - make_interval(secs => %(lease)s) AS alive,
       count(j.id) AS jobs
FROM procrastinate_workers w LEFT JOIN procrastinate_jobs j ON j.worker_id = w.id AND j.status = 'doing'
GROUP BY w.id ORDER BY w.id;

-- name: hosts_closed
SELECT domain, closed_until, closed_by FROM hosts WHERE closed_until > now() ORDER BY closed_until DESC LIMIT 100;
