-- What is exported: the columns of docs/export.md, in order of article.

-- name: articles
SELECT id, source, url, title, authors, published_at, modified_at, first_seen_at, last_seen_at, section, language, image,
       keywords, version, duplicate_of, text
FROM rawi_api.articles
WHERE (%(source)s::text IS NULL OR source = %(source)s) AND (%(since)s::timestamptz IS NULL OR at >= %(since)s)
ORDER BY id;

-- name: quotes
SELECT article_id, position, source, at, kind, text, start, "end", cue, speaker_id, speaker, speaker_type,
       speaker_written, role, confidence, rule
FROM rawi_api.quotes
WHERE (%(source)s::text IS NULL OR source = %(source)s) AND (%(since)s::timestamptz IS NULL OR at >= %(since)s)
ORDER BY article_id, position;

-- name: hashtags
SELECT article_id, source, at, tag, key, origin, start, "end"
FROM rawi_api.hashtags
WHERE (%(source)s::text IS NULL OR source = %(source)s) AND (%(since)s::timestamptz IS NULL OR at >= %(since)s)
ORDER BY article_id, tag;
