-- An article and its quotations, to be marked in its text.

-- name: text_of_article
SELECT a.url, a.title, a.text, s.timezone, coalesce(nullif(s.title, ''), s.name) AS outlet
FROM articles a JOIN sources s ON s.id = a.source_id WHERE a.id = %(id)s;

-- name: quotes_with_places
-- The quotations of an article with everything that marking them in its text needs.
SELECT q.kind, lower(q.span) AS start, upper(q.span) AS "end", lower(q.cue) AS cue_start, upper(q.cue) AS cue_end,
       lower(q.mention) AS mention_start, upper(q.mention) AS mention_end, p.id AS speaker_id, p.name AS speaker,
       p.type AS speaker_type, q.role, q.confidence, q.rule
FROM quotes q LEFT JOIN speakers w ON w.id = q.speaker_id LEFT JOIN speakers p ON p.id = coalesce(w.merged_into, w.id)
WHERE q.article_id = %(id)s ORDER BY q.position;
