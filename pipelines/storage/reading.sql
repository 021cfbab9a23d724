-- Reading for pages and the API: lists that can be paged through. A list is a query whose conditions are those of the
-- fragments below that are asked for, and no others: a condition that asks nothing would hide from Postgres which index
-- serves best. A page begins after the last row of the page before, wherever new rows have come in since.

-- name: articles
-- The newest first.
SELECT a.id, s.name AS source, a.url, a.title, a.authors, a.published_at, a.modified_at, a.first_seen_at, a.last_seen_at,
       a.updated_at, coalesce(a.published_at, a.first_seen_at) AS at, a.section, a.language, a.image, a.keywords,
       a.version, char_length(a.text) AS length,
       ARRAY(SELECT t.tag FROM article_hashtags t WHERE t.article_id = a.id ORDER BY t.tag) AS hashtags,
       (SELECT count(*) FROM quotes q WHERE q.article_id = a.id) AS quotes, m.cluster_id,
       CASE WHEN NOT m.head THEN h.article_id END AS duplicate_of, {text} AS text
FROM articles a JOIN sources s ON s.id = a.source_id
LEFT JOIN cluster_members m ON m.article_id = a.id
LEFT JOIN cluster_members h ON h.cluster_id = m.cluster_id AND h.head
WHERE {conditions}
ORDER BY coalesce(a.published_at, a.first_seen_at) DESC, a.id DESC LIMIT %(limit)s

-- name: quotes
-- Of the newest article first, in reading order.
SELECT q.article_id, q.position, s.name AS source, a.url, a.title, coalesce(a.published_at, a.first_seen_at) AS at,
       q.kind, q.text, lower(q.span) AS start, upper(q.span) AS "end",
       substr(a.text, lower(q.cue) + 1, upper(q.cue) - lower(q.cue)) AS cue, p.id AS speaker_id, p.name AS speaker,
       p.type AS speaker_type, w.name AS speaker_written, q.role, q.confidence, q.rule
FROM quotes q JOIN articles a ON a.id = q.article_id JOIN sources s ON s.id = a.source_id
LEFT JOIN speakers w ON w.id = q.speaker_id LEFT JOIN speakers p ON p.id = coalesce(w.merged_into, w.id)
WHERE {conditions}
ORDER BY coalesce(a.published_at, a.first_seen_at) DESC, a.id DESC, q.position LIMIT %(limit)s

-- name: speakers
-- Those first quoted last come first; everybody once, however many the spellings.
SELECT r.id, r.name, r.type, c.quotes, c.articles, c.spellings
FROM speakers r CROSS JOIN LATERAL (
    SELECT count(*) AS quotes, count(DISTINCT q.article_id) AS articles, count(DISTINCT q.speaker_id) AS spellings
    FROM (SELECT r.id UNION ALL SELECT w.id FROM speakers w WHERE w.merged_into = r.id) AS spelling
    JOIN quotes q ON q.speaker_id = spelling.id
) AS c
WHERE r.merged_into IS NULL AND c.quotes > 0 AND {conditions}
ORDER BY r.id DESC LIMIT %(limit)s

-- name: hashtags
SELECT h.id, h.key, c.tag, c.articles
FROM hashtags h CROSS JOIN LATERAL (
    SELECT mode() WITHIN GROUP (ORDER BY t.tag) AS tag, count(DISTINCT t.article_id) AS articles
    FROM article_hashtags t WHERE t.hashtag_id = h.id
) AS c
WHERE c.articles > 0 AND {conditions}
ORDER BY h.id DESC LIMIT %(limit)s

-- name: clusters
-- The newest cluster first.
SELECT c.id, h.article_id AS head, a.title, s.name AS source, coalesce(a.published_at, a.first_seen_at) AS at,
       n.articles, n.sources, n.grew_at
FROM clusters c
JOIN cluster_members h ON h.cluster_id = c.id AND h.head
JOIN articles a ON a.id = h.article_id JOIN sources s ON s.id = a.source_id
CROSS JOIN LATERAL (
    SELECT count(*) AS articles, count(DISTINCT ma.source_id) AS sources, max(m.joined_at) AS grew_at
    FROM cluster_members m JOIN articles ma ON ma.id = m.article_id WHERE m.cluster_id = c.id
) AS n
WHERE {conditions}
ORDER BY c.id DESC LIMIT %(limit)s

-- name: top_speakers
-- Who is quoted most in the articles of a time.
SELECT r.id, r.name, r.type, count(*) AS quotes, count(DISTINCT q.article_id) AS articles,
       count(DISTINCT q.speaker_id) AS spellings
FROM articles a JOIN quotes q ON q.article_id = a.id JOIN speakers w ON w.id = q.speaker_id
JOIN speakers r ON r.id = coalesce(w.merged_into, w.id)
WHERE r.type <> 'unnamed' AND {conditions}
GROUP BY r.id ORDER BY quotes DESC, articles DESC, r.id LIMIT %(limit)s

-- name: top_hashtags
-- Which hashtags most articles of a time have.
SELECT h.id, h.key, mode() WITHIN GROUP (ORDER BY t.tag) AS tag, count(DISTINCT t.article_id) AS articles
FROM articles a JOIN article_hashtags t ON t.article_id = a.id JOIN hashtags h ON h.id = t.hashtag_id
WHERE {conditions}
GROUP BY h.id ORDER BY articles DESC, h.id LIMIT %(limit)s

-- name: anything
true

-- name: this_article
a.id = %(id)s

-- name: of_source
a.source_id = %(source_id)s

-- name: in_language
a.language = %(language)s

-- name: since
coalesce(a.published_at, a.first_seen_at) >= %(since)s

-- name: until
coalesce(a.published_at, a.first_seen_at) < %(until)s

-- name: with_hashtag
EXISTS (SELECT FROM article_hashtags t WHERE t.article_id = a.id AND t.hashtag_id = %(hashtag_id)s)

-- name: quoting
EXISTS (SELECT FROM quotes k WHERE k.article_id = a.id AND k.speaker_id = ANY (%(speaker_ids)s))

-- name: with_words
EXISTS (SELECT FROM article_words x WHERE x.article_id = a.id AND x.words @@ %(query)s::tsquery)

-- name: articles_after
(coalesce(a.published_at, a.first_seen_at), a.id) < (%(after_at)s, %(after_id)s)

-- name: said_by
q.speaker_id = ANY (%(speaker_ids)s)

-- name: of_kind
q.kind = %(kind)s

-- name: as_sure
q.confidence >= %(min_confidence)s

-- name: said_with_words
q.words @@ %(query)s::tsquery

-- name: quotes_after
(coalesce(a.published_at, a.first_seen_at), a.id) <= (%(after_at)s, %(after_id)s)
AND NOT (a.id = %(after_id)s AND q.position <= %(after_position)s)

-- name: speakers_after
r.id < %(after_id)s

-- name: of_type
r.type = %(type)s

-- name: named
r.id IN (SELECT coalesce(n.merged_into, n.id) FROM speakers n
         WHERE string_to_array(n.key, ' ') @> %(words)s::text[] OR (%(names)s <> '{}'::text[] AND n.names @> %(names)s))

-- name: hashtags_after
h.id < %(after_id)s

-- name: this_hashtag
h.key = %(key)s

-- name: clusters_after
c.id < %(after_id)s

-- name: with_source
EXISTS (SELECT FROM cluster_members o JOIN articles oa ON oa.id = o.article_id
        WHERE o.cluster_id = c.id AND oa.source_id = %(source_id)s)

-- name: this_cluster
c.id = %(cluster_id)s

-- name: article_besides
SELECT site_name, removed FROM articles WHERE id = %(id)s

-- name: hashtags_of
SELECT t.tag, h.key, t.origin, lower(t.span) AS start, upper(t.span) AS "end"
FROM article_hashtags t JOIN hashtags h ON h.id = t.hashtag_id
WHERE t.article_id = %(id)s
ORDER BY lower(t.span) NULLS LAST, t.tag

-- name: source_id
SELECT id FROM sources WHERE name = %(source)s

-- name: hashtag_id
SELECT id FROM hashtags WHERE key = %(key)s

-- name: speaker_ids
-- Every spelling of a person, by the number of one of them.
SELECT s.id FROM speakers s
WHERE coalesce(s.merged_into, s.id) = (SELECT coalesce(n.merged_into, n.id) FROM speakers n WHERE n.id = %(speaker_id)s)

-- name: speaker_ids_named
-- Every spelling of whoever has all these words in one of the names.
SELECT s.id FROM speakers s WHERE coalesce(s.merged_into, s.id) IN (
    SELECT coalesce(n.merged_into, n.id) FROM speakers n
    WHERE string_to_array(n.key, ' ') @> %(words)s::text[] OR (%(names)s <> '{}'::text[] AND n.names @> %(names)s))

-- name: hashtag_days
-- In how many articles a hashtag is, on each day (UTC) that has any.
SELECT (coalesce(a.published_at, a.first_seen_at) AT TIME ZONE 'UTC')::date AS day, count(DISTINCT a.id) AS articles
FROM article_hashtags t JOIN articles a ON a.id = t.article_id
WHERE t.hashtag_id = %(hashtag_id)s AND coalesce(a.published_at, a.first_seen_at) >= %(since)s
GROUP BY 1 ORDER BY 1

-- name: hashtag_company
-- The hashtags that most of the newest articles with this one have too.
SELECT h.key, mode() WITHIN GROUP (ORDER BY o.tag) AS tag, count(DISTINCT o.article_id) AS articles
FROM (SELECT t.article_id FROM article_hashtags t WHERE t.hashtag_id = %(hashtag_id)s
      ORDER BY t.article_id DESC LIMIT 1000) AS newest
JOIN article_hashtags o ON o.article_id = newest.article_id JOIN hashtags h ON h.id = o.hashtag_id
WHERE o.hashtag_id <> %(hashtag_id)s
GROUP BY h.id ORDER BY articles DESC, h.id LIMIT %(limit)s
