-- What a source has brought in a time: the measures that its health is judged by.

-- name: measure_output
-- Of the articles that were first stored in [since, until).
SELECT
    count(*) AS articles,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY char_length(a.text)) AS length,
    avg((a.published_at IS NOT NULL)::integer)::float AS dated,
    avg((cardinality(a.authors) > 0)::integer)::float AS authored,
    avg((SELECT count(*) FROM quotes q WHERE q.article_id = a.id))::float AS quotes,
    avg(removed.length::float / (removed.length + char_length(a.text)))::float AS boilerplate,
    avg((t.drift IS NOT NULL)::integer)::float AS drift
FROM articles a
LEFT JOIN traces t ON t.article_id = a.id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(char_length(block ->> 'text')), 0) AS length FROM jsonb_array_elements(a.removed) AS block
) AS removed
WHERE a.source_id = %(source_id)s AND a.first_seen_at >= %(since)s AND a.first_seen_at < %(until)s;

-- name: measure_entries
SELECT
    count(*) FILTER (WHERE discovered_at >= %(since)s AND discovered_at < %(until)s) AS discovered,
    count(*) FILTER (WHERE state = 'stored' AND settled_at >= %(since)s AND settled_at < %(until)s) AS stored,
    count(*) FILTER (WHERE state = 'rejected' AND settled_at >= %(since)s AND settled_at < %(until)s) AS rejected,
    count(*) FILTER (WHERE state = 'pending') AS pending,
    (SELECT count(*) FROM quarantine q WHERE q.source_id = %(source_id)s
        AND q.fetched_at >= %(since)s AND q.fetched_at < %(until)s) AS quarantined,
    max(discovered_at) AS newest,
    mode() WITHIN GROUP (ORDER BY reason) FILTER (
        WHERE state = 'rejected' AND settled_at >= %(since)s AND settled_at < %(until)s
    ) AS reason
FROM entries WHERE source_id = %(source_id)s;

-- name: previous_check
SELECT checked_at, healthy, report FROM checks WHERE source_id = %(source_id)s ORDER BY checked_at DESC LIMIT 1;

-- name: insert_check
INSERT INTO checks (source_id, checked_at, healthy, report)
VALUES (%(source_id)s, %(now)s, %(healthy)s, %(report)s)
ON CONFLICT (source_id, checked_at) DO NOTHING;

-- name: passed_checks
-- The sources of which a check has ever passed, with the latest time that one did.
SELECT s.name, max(c.checked_at) AS passed_at FROM checks c JOIN sources s ON s.id = c.source_id
WHERE c.healthy GROUP BY s.name;
