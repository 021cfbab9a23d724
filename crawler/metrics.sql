-- What Prometheus asks of the database: each query a number or a few, cheap however much is stored.

-- name: feeds
SELECT count(*) FILTER (WHERE f.next_poll_at <= now()) AS due,
       count(*) FILTER (WHERE f.next_poll_at <= now() - interval '15 minutes') AS late,
       count(*) FILTER (WHERE f.failures > 0) AS failing, count(*) AS feeds,
       coalesce(extract(epoch FROM now() - min(f.next_poll_at) FILTER (
           WHERE f.next_poll_at <= now() AND f.next_poll_at > 'epoch')), 0)::float AS lag
FROM feeds f JOIN sources s ON s.id = f.source_id WHERE s.enabled AND s.deleted_at IS NULL;

-- name: sources
SELECT CASE WHEN deleted_at IS NOT NULL THEN 'removed' WHEN enabled THEN 'enabled' ELSE 'disabled' END AS state,
       count(*) AS sources
FROM sources GROUP BY 1;

-- name: source_health
-- Of the latest check of each source.
SELECT CASE WHEN healthy THEN 'healthy' ELSE 'ill' END AS health, count(*) AS sources
FROM (SELECT DISTINCT ON (source_id) source_id, healthy FROM checks ORDER BY source_id, checked_at DESC) c GROUP BY 1;

-- name: jobs
SELECT status::text, count(*) AS jobs FROM procrastinate_jobs GROUP BY status;

-- name: workers
SELECT count(*) AS workers FROM procrastinate_workers
WHERE last_heartbeat > now() - make_interval(secs => %(lease)s);

-- name: runs
SELECT count(*) FILTER (WHERE id %% 2147483648 IN (SELECT live_runs())) AS running, count(*) AS unfinished
FROM runs WHERE finished_at IS NULL;

-- name: polls
SELECT verdict, count(*) AS polls FROM polls WHERE polled_at > now() - interval '1 hour' GROUP BY verdict;

-- name: pages
SELECT coalesce(reason, 'stored') AS verdict, count(*) AS pages
FROM entries WHERE settled_at > now() - interval '1 hour' AND state <> 'pending' GROUP BY 1;

-- name: pending
SELECT count(*) AS pending FROM entries WHERE state = 'pending';

-- name: quarantine
SELECT reason, count(*) AS kept FROM quarantine GROUP BY reason;

-- name: articles
-- As Postgres estimates it: counting would take longer the more there are.
SELECT greatest(reltuples, 0)::bigint AS articles FROM pg_class WHERE oid = 'articles'::regclass;
