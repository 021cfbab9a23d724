-- Makes a store larger: copies of what a crawl has stored, under other addresses and with other hashes.

-- name: multiply
-- Traces are kept of the latest articles of a source alone: no copies of these. All copies have been looked at again for
-- the last time. Pages are copied as a few bytes each: how long they are is no index's affair.
DO $$
DECLARE
    stored bigint; copy integer; shift bigint;
BEGIN
    SELECT count(*), max(id) INTO stored, shift FROM articles;
    FOR copy IN 1 .. round({articles}::numeric / stored) - 1 LOOP
        INSERT INTO articles OVERRIDING SYSTEM VALUE
            SELECT (jsonb_populate_record(a, jsonb_build_object(
                'id', a.id + copy * shift, 'url', a.url || '/copy/' || copy,
                'published_at', a.published_at - copy * interval '1 day',
                'first_seen_at', a.first_seen_at - copy * interval '1 day',
                'last_seen_at', a.last_seen_at - copy * interval '1 day'))).*
            FROM articles a WHERE a.id <= shift;
        INSERT INTO entries OVERRIDING SYSTEM VALUE
            SELECT (jsonb_populate_record(e, jsonb_build_object(
                'id', e.id + copy * shift, 'url', e.url || '/copy/' || copy, 'article_id', e.article_id + copy * shift,
                'discovered_at', e.discovered_at - copy * interval '1 day'))).*
            FROM entries e WHERE e.id <= shift;
        INSERT INTO entry_feeds
            SELECT (jsonb_populate_record(f, jsonb_build_object('entry_id', f.entry_id + copy * shift))).*
            FROM entry_feeds f WHERE f.entry_id <= shift;
        INSERT INTO article_hashtags
            SELECT (jsonb_populate_record(h, jsonb_build_object('article_id', h.article_id + copy * shift))).*
            FROM article_hashtags h WHERE h.article_id <= shift;
        INSERT INTO quotes
            SELECT (jsonb_populate_record(q, jsonb_build_object('article_id', q.article_id + copy * shift))).*
            FROM quotes q WHERE q.article_id <= shift;
        INSERT INTO article_words
            SELECT w.article_id + copy * shift, w.words, w.edition FROM article_words w WHERE w.article_id <= shift;
        INSERT INTO sketches
            SELECT s.article_id + copy * shift, array(SELECT hash # (copy::bigint * 2654435761) FROM unnest(s.hashes) hash)
            FROM sketches s WHERE s.article_id <= shift;
        INSERT INTO pages
            SELECT (jsonb_populate_record(p, jsonb_build_object(
                'article_id', p.article_id + copy * shift, 'body', '\x00', 'fetched_at', p.fetched_at - copy * interval '1 minute'))).*
            FROM pages p WHERE p.article_id <= shift;
        INSERT INTO revisits (article_id, visits, looked_at, http_status)
            SELECT a.id + copy * shift, 4, a.last_seen_at, 200 FROM articles a WHERE a.id <= shift;
    END LOOP;
    PERFORM setval(pg_get_serial_sequence(name, 'id'), {articles} + 2 * shift) FROM (VALUES ('articles'), ('entries')) AS t (name);
END $$;

-- name: sizes
SELECT relname, pg_total_relation_size(oid) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC LIMIT 8;
