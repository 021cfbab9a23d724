-- The versions of articles, and what became of their quotations.

-- name: versions
-- All of an article, the first one first; the current one is the row in articles.
SELECT v.version, v.title, v.text, v.authors, v.seen_at, v.replaced_at, v.cause AS replaced_by, v.quotes
FROM article_versions v WHERE v.article_id = %(id)s
UNION ALL
SELECT a.version, a.title, a.text, a.authors, a.updated_at, NULL, NULL, (
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'kind', q.kind, 'text', q.text, 'speaker', p.name, 'role', q.role) ORDER BY q.position), '[]')
    FROM quotes q LEFT JOIN speakers p ON p.id = q.speaker_id WHERE q.article_id = a.id)
FROM articles a WHERE a.id = %(id)s
ORDER BY version;

-- name: last_look
SELECT a.last_seen_at, r.visits, r.looked_at, r.due_at, r.http_status, r.gone_since
FROM articles a LEFT JOIN revisits r ON r.article_id = a.id WHERE a.id = %(id)s;

-- name: quote_changes_of
SELECT version, change, cause, before, after, speaker, new_speaker, seen_at
FROM quote_changes WHERE article_id = %(id)s ORDER BY version, position;

-- name: changed_articles
-- Articles that newsrooms changed, the latest change first.
SELECT a.id, s.name AS source, a.url, a.title, a.version, max(v.replaced_at) AS changed_at,
       count(*) AS changes, bool_or(v.title IS DISTINCT FROM a.title) AS retitled,
       (SELECT count(*) FROM quote_changes c WHERE c.article_id = a.id AND c.cause = 'page' AND c.change = 'edited')
           AS quotes_edited,
       (SELECT count(*) FROM quote_changes c WHERE c.article_id = a.id AND c.cause = 'page' AND c.change = 'vanished')
           AS quotes_vanished
FROM article_versions v JOIN articles a ON a.id = v.article_id JOIN sources s ON s.id = a.source_id
WHERE v.cause = 'page' AND (%(source)s::text IS NULL OR s.name = %(source)s)
  AND (%(since)s::timestamptz IS NULL OR v.replaced_at >= %(since)s)
GROUP BY a.id, s.name ORDER BY changed_at DESC, a.id DESC LIMIT %(limit)s;
