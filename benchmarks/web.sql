-- A store to be read: news of three years, a tenth of it of the last month, over sources of very unequal size.
-- {articles}, {sources}, {speakers}, {hashtags}, {paragraphs}: how many of each.
SELECT setseed(0.7);
UPDATE paragraphs SET words = to_tsvector('simple', text);
INSERT INTO sources (name, title, home)
SELECT 'source' || n, 'صحيفة ' || n, 'https://source' || n || '.example/' FROM generate_series(1, {sources}) n;
INSERT INTO feeds (source_id, url, polled_at, succeeded_at, verdict)
SELECT id, home || 'feed.xml', now(), now(), 'ok' FROM sources;
INSERT INTO speakers (key, type, name, names, skeletons)
SELECT 'سالم ' || n, CASE WHEN n % 9 = 0 THEN 'organisation' ELSE 'person' END, 'سالم ' || n, ARRAY['سالم', n::text], '{}'
FROM generate_series(1, {speakers}) n;
UPDATE speakers SET merged_into = id - 1 WHERE id % 10 = 0;
CREATE TEMP TABLE drawn AS
SELECT n AS id, 1 + floor({sources} * power(random(), 2))::bigint AS source_id,
       now() - interval '1 day' * 1000 * power(random(), 2) AS at,
       floor({paragraphs} * random())::integer AS p, floor({paragraphs} * random())::integer AS q,
       floor({paragraphs} * random())::integer AS r
FROM generate_series(1, {articles}) n;
INSERT INTO articles (source_id, url, title, text, authors, published_at, language, keywords, fingerprint, content_hash,
                      removed, first_seen_at, last_seen_at, updated_at)
SELECT d.source_id, 'https://source' || d.source_id || '.example/' || d.id, left(p.text, 60),
       p.text || E'\n\n' || q.text || E'\n\n' || r.text, ARRAY['هدى ' || d.id % 500], d.at, 'ar', '{}', d.id, '',
       '[{"text": "اشترك في نشرتنا", "reason": "prompt"}]', d.at, d.at, d.at
FROM drawn d JOIN paragraphs p ON p.id = d.p JOIN paragraphs q ON q.id = d.q JOIN paragraphs r ON r.id = d.r ORDER BY d.at;
INSERT INTO article_words (article_id, words, edition)
SELECT a.id, p.words || q.words || r.words, 1
FROM articles a JOIN drawn d ON d.id = a.fingerprint
JOIN paragraphs p ON p.id = d.p JOIN paragraphs q ON q.id = d.q JOIN paragraphs r ON r.id = d.r;
INSERT INTO quotes (article_id, position, kind, span, text, speaker_id, confidence, rule, words)
SELECT a.id, k, CASE WHEN k % 2 = 0 THEN 'direct' ELSE 'indirect' END, int4range(k * 90, k * 90 + 80),
       substr(a.text, k * 90 + 1, 80), CASE WHEN random() < 0.9 THEN 1 + floor({speakers} * power(random(), 4)) END,
       0.6 + 0.4 * random(), 'cue-before', to_tsvector('simple', substr(a.text, k * 90 + 1, 80))
FROM articles a, generate_series(0, 2) k;
INSERT INTO article_hashtags (article_id, hashtag_id, tag, origin)
SELECT DISTINCT ON (a.id, h.id) a.id, h.id, '#' || h.key, 'keywords'
FROM (SELECT a.id, 1 + floor({hashtags} * power(random(), 4))::bigint AS hashtag
      FROM articles a, generate_series(1, 2)) AS a JOIN hashtags h ON h.id = a.hashtag;
INSERT INTO clusters SELECT FROM generate_series(1, {articles} / 20);
INSERT INTO cluster_members (article_id, cluster_id, head)
SELECT a.id, 1 + a.id / 20, a.id % 20 = 0 FROM articles a WHERE a.id % 20 < 2 AND a.id / 20 < {articles} / 20;
INSERT INTO entries (source_id, url, claims, content_hash, state, article_id, settled_at)
SELECT source_id, url, '{}', '', 'stored', id, first_seen_at FROM articles;
VACUUM ANALYZE
