-- What is read from the store.

-- name: articles
-- The newest first; of one source when it is named.
SELECT a.id, s.name AS source, a.url, a.title, a.authors, a.published_at, a.first_seen_at, a.version,
       char_length(a.text) AS length,
       (SELECT count(*) FROM article_hashtags h WHERE h.article_id = a.id) AS hashtags,
       (SELECT count(*) FROM quotes q WHERE q.article_id = a.id) AS quotes
FROM articles a JOIN sources s ON s.id = a.source_id
WHERE %(source)s::text IS NULL OR s.name = %(source)s
ORDER BY coalesce(a.published_at, a.first_seen_at) DESC, a.id DESC
LIMIT %(limit)s;

-- name: article
SELECT a.id, s.name AS source, a.url, a.title, a.text, a.authors, a.published_at, a.modified_at, a.section, a.image,
       a.site_name, a.language, a.keywords, a.removed, a.version, a.first_seen_at, a.last_seen_at
FROM articles a JOIN sources s ON s.id = a.source_id
WHERE a.id = %(id)s;

-- name: hashtags_of
SELECT t.tag, h.key, t.origin, lower(t.span) AS start, upper(t.span) AS "end"
FROM article_hashtags t JOIN hashtags h ON h.id = t.hashtag_id
WHERE t.article_id = %(id)s
ORDER BY lower(t.span) NULLS LAST, t.tag;

-- name: quotes_of
SELECT q.kind, lower(q.span) AS start, upper(q.span) AS "end", q.text, p.name AS speaker, q.role AS speaker_role,
       p.type AS speaker_type, substr(a.text, lower(q.cue) + 1, upper(q.cue) - lower(q.cue)) AS cue,
       q.confidence, q.rule
FROM quotes q JOIN articles a ON a.id = q.article_id LEFT JOIN speakers p ON p.id = q.speaker_id
WHERE q.article_id = %(id)s
ORDER BY q.position;

-- name: top_hashtags
-- Most articles first; shown as most often written.
SELECT mode() WITHIN GROUP (ORDER BY t.tag) AS tag, h.key, count(DISTINCT t.article_id) AS articles
FROM article_hashtags t JOIN hashtags h ON h.id = t.hashtag_id JOIN articles a ON a.id = t.article_id
WHERE %(sources)s::bigint[] IS NULL OR a.source_id = ANY (%(sources)s)
GROUP BY h.id, h.key
ORDER BY articles DESC, h.key
LIMIT %(limit)s;

-- name: top_speakers
-- Most quotations first, each with the surest of them; unnamed sources are nobody in particular and left out.
SELECT r.name, r.type, count(*) AS quotes, count(DISTINCT q.article_id) AS articles,
       mode() WITHIN GROUP (ORDER BY q.role) AS role,
       (array_agg(q.text ORDER BY q.kind, q.confidence DESC, char_length(q.text) DESC, q.article_id))[1] AS example
FROM quotes q JOIN speakers p ON p.id = q.speaker_id JOIN speakers r ON r.id = coalesce(p.merged_into, p.id)
JOIN articles a ON a.id = q.article_id
WHERE r.type <> 'unnamed' AND (%(sources)s::bigint[] IS NULL OR a.source_id = ANY (%(sources)s))
GROUP BY r.id, r.name, r.type
ORDER BY quotes DESC, articles DESC, r.name
LIMIT %(limit)s;
