-- Search. The words are those of pipelines.search; ranking is by match, and what is old counts for
-- less: half as much in the end, three quarters after a month.

-- name: search_articles
-- `ranked` is how many were: all that match, unless that is the limit of it.
WITH newest AS (
    -- Ranking reads the words of an article, which is slow for a word that everybody writes.
    SELECT a.id, a.source_id, coalesce(a.published_at, a.first_seen_at) AS at, w.words
    FROM {matching}
    ORDER BY coalesce(a.published_at, a.first_seen_at) DESC, a.id DESC LIMIT %(ranked)s
), best AS (
    SELECT id, source_id, at,
           {rank}
           * (0.5 + 0.5 / (1 + greatest(extract(epoch FROM %(now)s - at)::float8, 0) / (30 * 86400))) AS score
    FROM newest ORDER BY score DESC, at DESC, id DESC LIMIT %(limit)s OFFSET %(offset)s
)
SELECT b.id, s.name AS source, a.url, a.title, b.at, b.score::float8 AS score, a.text,
       (SELECT count(*) FROM newest) AS ranked
FROM best b JOIN articles a ON a.id = b.id JOIN sources s ON s.id = b.source_id
ORDER BY b.score DESC, b.at DESC, b.id DESC;

-- name: count
SELECT count(*) AS total FROM {matching};

-- name: count_words_of_articles
-- And among how many, as Postgres estimates it.
SELECT count(*) AS total, (SELECT greatest(c.reltuples, 0) FROM pg_class c WHERE c.oid = 'article_words'::regclass) AS of
FROM article_words w WHERE w.words @@ %(query)s::tsquery;

-- name: search_quotes
WITH newest AS (
    SELECT q.article_id, q.position, q.words, a.source_id, coalesce(a.published_at, a.first_seen_at) AS at
    FROM {matching}
    ORDER BY coalesce(a.published_at, a.first_seen_at) DESC, a.id DESC, q.position LIMIT %(ranked)s
), best AS (
    SELECT article_id, position, source_id, at,
           {rank}
           * (0.5 + 0.5 / (1 + greatest(extract(epoch FROM %(now)s - at)::float8, 0) / (30 * 86400))) AS score
    FROM newest ORDER BY score DESC, at DESC, article_id DESC, position LIMIT %(limit)s OFFSET %(offset)s
)
SELECT b.article_id, b.position, s.name AS source, a.url, b.at, b.score::float8 AS score, q.kind, q.text,
       p.name AS speaker, q.role, (SELECT count(*) FROM newest) AS ranked
FROM best b JOIN quotes q USING (article_id, position) JOIN articles a ON a.id = b.article_id
JOIN sources s ON s.id = b.source_id LEFT JOIN speakers p ON p.id = q.speaker_id
ORDER BY b.score DESC, b.at DESC, b.article_id DESC, b.position;

-- name: count_words_of_quotes
SELECT count(*) AS total, (SELECT greatest(c.reltuples, 0) FROM pg_class c WHERE c.oid = 'quotes'::regclass) AS of
FROM quotes q WHERE q.words @@ %(query)s::tsquery;

-- name: matching_articles
article_words w JOIN articles a ON a.id = w.article_id
WHERE w.words @@ %(query)s::tsquery
  AND (%(source)s::text IS NULL OR a.source_id = (SELECT s.id FROM sources s WHERE s.name = %(source)s))
  AND (%(since)s::timestamptz IS NULL OR coalesce(a.published_at, a.first_seen_at) >= %(since)s)
  AND (%(until)s::timestamptz IS NULL OR coalesce(a.published_at, a.first_seen_at) < %(until)s)
  AND (%(hashtag)s::text IS NULL OR EXISTS (
      SELECT FROM article_hashtags t JOIN hashtags h ON h.id = t.hashtag_id
      WHERE t.article_id = a.id AND h.key = %(hashtag)s))
  AND (%(speakers)s::bigint[] IS NULL OR EXISTS (
      SELECT FROM quotes q WHERE q.article_id = a.id AND q.speaker_id = ANY (%(speakers)s)))

-- name: matching_quotes
quotes q JOIN articles a ON a.id = q.article_id
WHERE q.words @@ %(query)s::tsquery
  AND (%(source)s::text IS NULL OR a.source_id = (SELECT s.id FROM sources s WHERE s.name = %(source)s))
  AND (%(since)s::timestamptz IS NULL OR coalesce(a.published_at, a.first_seen_at) >= %(since)s)
  AND (%(until)s::timestamptz IS NULL OR coalesce(a.published_at, a.first_seen_at) < %(until)s)
  AND (%(hashtag)s::text IS NULL OR EXISTS (
      SELECT FROM article_hashtags t JOIN hashtags h ON h.id = t.hashtag_id
      WHERE t.article_id = a.id AND h.key = %(hashtag)s))
  AND (%(speakers)s::bigint[] IS NULL OR q.speaker_id = ANY (%(speakers)s))

-- name: rank_by_nearness
-- How near to each other the words of the query stand, and where: title, labels, text.
ts_rank_cd(ARRAY[0.1, 0.2, 0.6, 1.0]::real[], words, %(query)s::tsquery, 1)

-- name: rank_by_frequency
-- Of one word there is nothing to be near to; this takes a sixth of the time.
ts_rank(ARRAY[0.1, 0.2, 0.6, 1.0]::real[], words, %(query)s::tsquery, 1)

-- name: by_words
-- To Postgres the words of articles look small, kept apart from the rows as they are: it would rather read all of them.
-- Bitmaps are what remains, and what an index on words can do.
SET LOCAL enable_seqscan = off;
SET LOCAL enable_indexscan = off;

-- name: by_time
-- For words that many articles have: from the newest on, until there are enough.
SET LOCAL enable_indexscan = on;
SET LOCAL enable_bitmapscan = off;

-- name: speakers_named
-- Every spelling of whoever has all these words in one of the names.
SELECT s.id FROM speakers s WHERE coalesce(s.merged_into, s.id) IN (
    SELECT coalesce(n.merged_into, n.id) FROM speakers n
    WHERE string_to_array(n.key, ' ') @> %(words)s::text[] OR n.names @> %(names)s::text[]);

-- name: unindexed
SELECT (SELECT count(*) FROM articles) - (SELECT count(*) FROM article_words WHERE edition = %(edition)s);

-- name: unindexed_articles
-- Those that follow an article in order of number, to be indexed in batches.
SELECT a.id, a.title, a.text, a.authors, a.keywords,
       (SELECT coalesce(array_agg(t.tag ORDER BY t.tag), '{}') FROM article_hashtags t WHERE t.article_id = a.id
            AND t.origin IN ('embed', 'keywords')) AS tags,
       (SELECT coalesce(array_agg(q.text ORDER BY q.position), '{}') FROM quotes q WHERE q.article_id = a.id) AS quotes
FROM articles a LEFT JOIN article_words w ON w.article_id = a.id
WHERE a.id > %(after)s AND w.edition IS DISTINCT FROM %(edition)s
ORDER BY a.id LIMIT %(limit)s;

-- name: keep_words
-- Nothing, for an article that is gone meanwhile.
INSERT INTO article_words (article_id, words, edition)
SELECT a.id, %(words)s::tsvector, %(edition)s FROM articles a WHERE a.id = %(article_id)s
ON CONFLICT (article_id) DO UPDATE SET words = excluded.words, edition = excluded.edition;

-- name: keep_quote_words
UPDATE quotes SET words = %(words)s::tsvector WHERE article_id = %(article_id)s AND position = %(position)s;
