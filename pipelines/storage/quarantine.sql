-- What was refused. Filters are the same everywhere; NULL: any.

-- name: list_refused
SELECT q.id, s.name AS source, CASE WHEN q.feed_id IS NULL THEN 'page' ELSE 'feed' END AS kind, q.url, q.reason,
       q.detail, q.charset, coalesce(octet_length(q.body), 0) AS bytes, q.fetched_at
FROM quarantine q JOIN sources s ON s.id = q.source_id
WHERE (%(ids)s::bigint[] IS NULL OR q.id = ANY (%(ids)s))
  AND (%(sources)s::bigint[] IS NULL OR q.source_id = ANY (%(sources)s))
  AND (%(reason)s::text IS NULL OR q.reason = %(reason)s)
  AND (%(since)s::timestamptz IS NULL OR q.fetched_at >= %(since)s)
ORDER BY q.fetched_at DESC, q.id DESC LIMIT %(limit)s;

-- name: count_refused
SELECT count(*), count(q.body) FROM quarantine q
WHERE (%(ids)s::bigint[] IS NULL OR q.id = ANY (%(ids)s))
  AND (%(sources)s::bigint[] IS NULL OR q.source_id = ANY (%(sources)s))
  AND (%(reason)s::text IS NULL OR q.reason = %(reason)s)
  AND (%(since)s::timestamptz IS NULL OR q.fetched_at >= %(since)s);

-- name: refused_whole
SELECT headers, body FROM quarantine WHERE id = %(id)s;

-- name: drop_refused
DELETE FROM quarantine q
WHERE (%(ids)s::bigint[] IS NULL OR q.id = ANY (%(ids)s))
  AND (%(sources)s::bigint[] IS NULL OR q.source_id = ANY (%(sources)s))
  AND (%(reason)s::text IS NULL OR q.reason = %(reason)s)
  AND (%(since)s::timestamptz IS NULL OR q.fetched_at >= %(since)s);

-- name: refused_pages
-- Pages that were refused for what stands on them, in batches. One that a redirect led to on another site was refused
-- for where it is: no rule makes it this source's.
SELECT q.id, q.source_id, q.entry_id, q.url, q.charset, q.headers, q.body, q.fetched_at, e.claims, e.content_hash
FROM quarantine q JOIN entries e ON e.id = q.entry_id
WHERE q.body IS NOT NULL AND q.reason <> 'off-site' AND q.id > %(after)s
  AND (%(ids)s::bigint[] IS NULL OR q.id = ANY (%(ids)s))
  AND (%(sources)s::bigint[] IS NULL OR q.source_id = ANY (%(sources)s))
  AND (%(reason)s::text IS NULL OR q.reason = %(reason)s)
  AND (%(since)s::timestamptz IS NULL OR q.fetched_at >= %(since)s)
ORDER BY q.id LIMIT %(limit)s;
