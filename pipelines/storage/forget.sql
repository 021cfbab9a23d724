-- Deletion on request. Deleting an article takes its pages, versions, findings, words, sketch, traces and revisits along.

-- name: articles_at
SELECT id FROM articles WHERE url = ANY (%(urls)s)
UNION SELECT article_id AS id FROM entries WHERE url = ANY (%(urls)s) AND article_id IS NOT NULL
UNION SELECT article_id FROM pages WHERE url = ANY (%(urls)s);

-- name: articles_quoting
SELECT DISTINCT article_id AS id FROM quotes WHERE speaker_id = ANY (%(speakers)s);

-- name: articles_naming_before
-- Articles an older version of which quotes somebody under one of these names.
SELECT v.article_id AS id FROM article_versions v
WHERE EXISTS (SELECT FROM jsonb_array_elements(v.quotes) q WHERE q ->> 'speaker' = ANY (%(names)s))
UNION SELECT article_id FROM quote_changes WHERE speaker = ANY (%(names)s) OR new_speaker = ANY (%(names)s);

-- name: urls_of
SELECT url FROM articles WHERE id = ANY (%(ids)s)
UNION SELECT url FROM entries WHERE article_id = ANY (%(ids)s);

-- name: spellings
SELECT id, name, key FROM speakers WHERE coalesce(merged_into, id) = (
    SELECT coalesce(merged_into, id) FROM speakers WHERE id = %(id)s);

-- name: remember_forgotten
INSERT INTO forgotten (hash) SELECT unnest(%(hashes)s::bytea[]) ON CONFLICT DO NOTHING;

-- name: forgotten_among
SELECT hash FROM forgotten WHERE hash = ANY (%(hashes)b::bytea[]);

-- name: delete_quarantine
DELETE FROM quarantine q WHERE q.url = ANY (%(urls)s) OR q.entry_id IN (
    SELECT e.id FROM entries e WHERE e.url = ANY (%(urls)s) OR e.article_id = ANY (%(ids)s));

-- name: delete_entries
DELETE FROM entries WHERE url = ANY (%(urls)s) OR article_id = ANY (%(ids)s);

-- name: delete_articles
DELETE FROM articles WHERE id = ANY (%(ids)s);

-- name: delete_versions
DELETE FROM article_versions WHERE article_id = ANY (%(ids)s);

-- name: delete_quote_changes
DELETE FROM quote_changes WHERE article_id = ANY (%(ids)s);

-- name: delete_pages
DELETE FROM pages WHERE article_id = ANY (%(ids)s);

-- name: delete_quotes
DELETE FROM quotes WHERE speaker_id = ANY (%(speakers)s);

-- name: delete_quotes_of
DELETE FROM quotes WHERE article_id = ANY (%(ids)s);

-- name: delete_speakers
DELETE FROM speakers WHERE id = ANY (%(speakers)s);

-- name: delete_unquoted_speakers
-- Names that nobody quotes any more, and into whom nobody is merged who is quoted.
DELETE FROM speakers s WHERE NOT EXISTS (SELECT FROM quotes q WHERE q.speaker_id = s.id)
  AND NOT EXISTS (SELECT FROM speakers m JOIN quotes q ON q.speaker_id = m.id WHERE m.merged_into = s.id);

-- name: delete_unused_hashtags
DELETE FROM hashtags h WHERE NOT EXISTS (SELECT FROM article_hashtags t WHERE t.hashtag_id = h.id);

-- name: articles_of_source
SELECT a.id FROM articles a JOIN sources s ON s.id = a.source_id WHERE s.name = %(source)s;

-- name: traces_of_source
-- Whether anything is known of a source: itself, also when it was removed but for its articles, or its history.
SELECT id FROM sources WHERE name = %(source)s
UNION ALL SELECT id FROM source_changes WHERE source = %(source)s;

-- name: delete_quarantine_of_source
DELETE FROM quarantine q USING sources s WHERE s.id = q.source_id AND s.name = %(source)s;

-- name: delete_entries_of_source
DELETE FROM entries e USING sources s WHERE s.id = e.source_id AND s.name = %(source)s;

-- name: delete_source_changes
DELETE FROM source_changes WHERE source = %(source)s;

-- name: delete_source
DELETE FROM sources WHERE name = %(source)s;
