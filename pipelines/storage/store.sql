-- The queries of the one writer of articles. Callers sort what they write by its natural key, so that two writers
-- take their locks in the same order. What there is much of is written by one statement, from columns in binary form
-- (%()b): neither side has to write and read arrays as text.

-- name: lock_articles
SELECT id, url, content_hash, last_seen_at FROM articles WHERE url = ANY (%(urls)b) ORDER BY url FOR UPDATE;

-- name: insert_articles
INSERT INTO articles (
    source_id, url, title, text, authors, published_at, modified_at, section, image, site_name, language, keywords,
    fingerprint, content_hash, removed, first_seen_at, last_seen_at, updated_at
)
SELECT source_id, url, title, text, ARRAY(SELECT jsonb_array_elements_text(authors)), published_at, modified_at,
       section, image, site_name, language, ARRAY(SELECT jsonb_array_elements_text(keywords)), fingerprint,
       content_hash, removed, seen_at, seen_at, seen_at
FROM unnest(
    %(source_id)b::bigint[], %(url)b::text[], %(title)b::text[], %(text)b::text[], %(authors)b::jsonb[],
    %(published_at)b::timestamptz[], %(modified_at)b::timestamptz[], %(section)b::text[], %(image)b::text[],
    %(site_name)b::text[], %(language)b::text[], %(keywords)b::jsonb[], %(fingerprint)b::bigint[],
    %(content_hash)b::bytea[], %(removed)b::jsonb[], %(seen_at)b::timestamptz[]
) AS new (
    source_id, url, title, text, authors, published_at, modified_at, section, image, site_name, language, keywords,
    fingerprint, content_hash, removed, seen_at
)
ON CONFLICT (url) DO NOTHING
RETURNING id, url, content_hash, last_seen_at;

-- name: keep_version
-- The text that is about to be replaced.
INSERT INTO article_versions (article_id, version, title, text, authors, seen_at, replaced_at, cause, quotes)
SELECT id, version, title, text, authors, updated_at, greatest(%(seen_at)s, updated_at), %(cause)s, (
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'kind', q.kind, 'text', q.text, 'speaker', p.name, 'role', q.role) ORDER BY q.position), '[]')
    FROM quotes q LEFT JOIN speakers p ON p.id = q.speaker_id WHERE q.article_id = articles.id)
FROM articles WHERE id = %(id)s;

-- name: quotes_before
SELECT q.article_id, q.text, p.name AS speaker FROM quotes q LEFT JOIN speakers p ON p.id = q.speaker_id
WHERE q.article_id = ANY (%(ids)s) ORDER BY q.article_id, q.position;

-- name: keep_quote_change
INSERT INTO quote_changes (
    article_id, version, position, change, cause, before, after, speaker, new_speaker, seen_at
)
SELECT id, version, %(position)s, %(change)s, %(cause)s, %(before)s, %(after)s, %(speaker)s, %(new_speaker)s, %(seen_at)s
FROM articles WHERE id = %(article_id)s;

-- name: replace_article
UPDATE articles SET
    title = %(title)s, text = %(text)s, authors = %(authors)s, published_at = coalesce(%(published_at)s, published_at),
    modified_at = coalesce(%(modified_at)s, modified_at), section = %(section)s, image = %(image)s,
    site_name = %(site_name)s, language = %(language)s, keywords = %(keywords)s, fingerprint = %(fingerprint)s,
    content_hash = %(content_hash)s, removed = %(removed)s, version = version + 1,
    last_seen_at = greatest(last_seen_at, %(seen_at)s), updated_at = %(seen_at)s
WHERE id = %(id)s;

-- name: correct_article
-- The same words, of which other rules found out more.
UPDATE articles SET
    published_at = coalesce(%(published_at)s, published_at), modified_at = coalesce(%(modified_at)s, modified_at),
    section = %(section)s, image = %(image)s, keywords = %(keywords)s, removed = %(removed)s
WHERE id = %(id)s;

-- name: see_article_again
UPDATE articles SET
    last_seen_at = greatest(last_seen_at, %(seen_at)s), published_at = coalesce(published_at, %(published_at)s),
    modified_at = coalesce(%(modified_at)s, modified_at)
WHERE id = %(id)s;

-- name: forget_findings
WITH gone AS (DELETE FROM quotes WHERE article_id = ANY (%(ids)s))
DELETE FROM article_hashtags WHERE article_id = ANY (%(ids)s);

-- name: insert_hashtag_keys
INSERT INTO hashtags (key) SELECT unnest(%(keys)b::text[]) ON CONFLICT (key) DO NOTHING;

-- name: insert_hashtags
INSERT INTO article_hashtags (article_id, hashtag_id, tag, origin, span)
SELECT found.article_id, h.id, found.tag, found.origin, found.span::int4range
FROM unnest(%(article_id)b::bigint[], %(key)b::text[], %(tag)b::text[], %(origin)b::text[], %(span)b::text[])
    AS found (article_id, key, tag, origin, span)
JOIN hashtags h ON h.key = found.key
ON CONFLICT (article_id, tag) DO NOTHING;

-- name: insert_speakers
INSERT INTO speakers (key, type, name)
SELECT * FROM unnest(%(keys)b::text[], %(types)b::text[], %(names)b::text[])
ON CONFLICT (key, type) DO NOTHING;

-- name: insert_quotes
INSERT INTO quotes (article_id, position, kind, span, text, cue, speaker_id, role, mention, confidence, rule, words)
SELECT said.article_id, said.position, said.kind, said.span::int4range, said.text, said.cue::int4range, p.id, said.role,
       said.mention::int4range, said.confidence, said.rule, said.words::tsvector
FROM unnest(
    %(article_id)b::bigint[], %(position)b::integer[], %(kind)b::text[], %(span)b::text[], %(text)b::text[],
    %(cue)b::text[], %(speaker_key)b::text[], %(speaker_type)b::text[], %(role)b::text[], %(mention)b::text[],
    %(confidence)b::real[], %(rule)b::text[], %(words)b::text[]
) AS said (
    article_id, position, kind, span, text, cue, speaker_key, speaker_type, role, mention, confidence, rule, words
)
LEFT JOIN speakers p ON p.key = said.speaker_key AND p.type = said.speaker_type;

-- name: keep_sketches
WITH wanted AS (
    INSERT INTO unclustered (article_id) SELECT unnest(%(article_id)b::bigint[]) ON CONFLICT DO NOTHING
)
INSERT INTO sketches (article_id, hashes)
SELECT article_id, hashes::bigint[] FROM unnest(%(article_id)b::bigint[], %(hashes)b::text[]) AS s (article_id, hashes)
ON CONFLICT (article_id) DO UPDATE SET hashes = excluded.hashes;

-- name: keep_words
INSERT INTO article_words (article_id, words, edition)
SELECT article_id, words::tsvector, edition
FROM unnest(%(article_id)b::bigint[], %(words)b::text[], %(edition)b::integer[]) AS w (article_id, words, edition)
ON CONFLICT (article_id) DO UPDATE SET words = excluded.words, edition = excluded.edition;

-- name: settle_entries
-- A newer version of an entry may have been announced while its page was read: then it stays pending.
UPDATE entries SET
    state = settled.state, reason = settled.reason, article_id = coalesce(settled.article_id, entries.article_id),
    settled_at = settled.seen_at
FROM unnest(
    %(entry_id)b::bigint[], %(content_hash)b::text[], %(state)b::text[], %(reason)b::text[], %(article_id)b::bigint[],
    %(seen_at)b::timestamptz[]
) AS settled (entry_id, content_hash, state, reason, article_id, seen_at)
WHERE entries.id = settled.entry_id
  AND (settled.content_hash IS NULL OR entries.content_hash = settled.content_hash);

-- name: drop_entry
DELETE FROM entries WHERE id = %(entry_id)s;

-- name: release_quarantine
DELETE FROM quarantine WHERE entry_id = ANY (%(entry_ids)s);

-- name: quarantine_page
-- A source or an entry that an operator deleted while its page was fetched wants nothing kept.
INSERT INTO quarantine (source_id, entry_id, url, reason, detail, charset, headers, body, fetched_at)
SELECT s.id, %(entry_id)s::bigint, %(url)s, %(reason)s, %(detail)s, %(charset)s, %(headers)s, %(body)s::bytea,
       %(fetched_at)s
FROM sources s
WHERE s.id = %(source_id)s
  AND (%(entry_id)s::bigint IS NULL OR EXISTS (SELECT FROM entries e WHERE e.id = %(entry_id)s::bigint))
ON CONFLICT (entry_id) DO UPDATE SET
    url = excluded.url, reason = excluded.reason, detail = excluded.detail, charset = excluded.charset,
    headers = excluded.headers, body = excluded.body, fetched_at = excluded.fetched_at;

-- name: keep_pages
-- An article that has fewer parts than before loses the others' pages.
WITH kept AS (
    SELECT * FROM unnest(
        %(article_id)b::bigint[], %(part)b::integer[], %(last)b::boolean[], %(url)b::text[], %(charset)b::text[],
        %(body)b::bytea[], %(fetched_at)b::timestamptz[], %(headers)b::jsonb[], %(sha256)b::bytea[]
    ) AS kept (article_id, part, last, url, charset, body, fetched_at, headers, sha256)
), gone AS (
    DELETE FROM pages p USING kept k WHERE k.last AND p.article_id = k.article_id AND p.part > k.part
)
INSERT INTO pages (article_id, part, url, charset, body, fetched_at, headers, sha256)
SELECT article_id, part, url, charset, body, fetched_at, headers, sha256 FROM kept
ON CONFLICT (article_id, part) DO UPDATE SET
    url = excluded.url, charset = excluded.charset, body = excluded.body, fetched_at = excluded.fetched_at,
    headers = excluded.headers, sha256 = excluded.sha256;

-- name: keep_traces
INSERT INTO traces (article_id, source_id, seen_at, containers, used, drift, passages, taken, kept, rules_version)
SELECT article_id, source_id, seen_at, containers, used, drift, passages, taken, kept, rules_version
FROM jsonb_to_recordset(%(rows)s) AS t (
    article_id bigint, source_id bigint, seen_at timestamptz, containers text[], used text, drift text,
    passages bigint[], taken text[], kept text[], rules_version integer
)
ON CONFLICT (article_id) DO UPDATE SET
    seen_at = excluded.seen_at, containers = excluded.containers, used = excluded.used, drift = excluded.drift,
    passages = excluded.passages, taken = excluded.taken, kept = excluded.kept,
    rules_version = excluded.rules_version;
