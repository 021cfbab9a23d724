-- What the operators' pages show at a glance. Long texts are cut here: a title of a megabyte is nobody's headline.

-- name: latest_articles
-- The newest first, after (at, id) of the last one that was seen; of one source, hashtag or person when it is named.
SELECT a.id, s.name AS source, coalesce(nullif(s.title, ''), s.name) AS outlet, left(a.title, 300) AS title,
       left(a.text, 600) AS opening, coalesce(a.published_at, a.first_seen_at) AS at, left(a.section, 60) AS section,
       a.version, a.language, (SELECT count(*) FROM quotes q WHERE q.article_id = a.id) AS quotes,
       ARRAY(SELECT left(p.name, 80) FROM quotes q JOIN speakers w ON w.id = q.speaker_id
             JOIN speakers p ON p.id = coalesce(w.merged_into, w.id)
             WHERE q.article_id = a.id AND p.type <> 'unnamed'
             GROUP BY p.id ORDER BY count(*) DESC, min(q.position) LIMIT 3) AS speakers,
       (SELECT greatest(count(*) - 1, 0) FROM cluster_members c WHERE c.cluster_id = m.cluster_id) AS copies
FROM articles a JOIN sources s ON s.id = a.source_id LEFT JOIN cluster_members m ON m.article_id = a.id
WHERE (%(source)s::text IS NULL OR a.source_id = (SELECT id FROM sources WHERE name = %(source)s))
  AND (%(hashtag)s::text IS NULL OR a.id IN (
      SELECT t.article_id FROM article_hashtags t JOIN hashtags h ON h.id = t.hashtag_id WHERE h.key = %(hashtag)s))
  AND (%(before)s::timestamptz IS NULL
       OR (coalesce(a.published_at, a.first_seen_at), a.id) < (%(before)s::timestamptz, %(before_id)s::bigint))
ORDER BY coalesce(a.published_at, a.first_seen_at) DESC, a.id DESC LIMIT %(limit)s;

-- name: rising_hashtags
-- By how many more articles have them since a moment than the time before would lead one to expect; ``share`` is the
-- length of the one time in that of the other.
SELECT h.key, mode() WITHIN GROUP (ORDER BY t.tag) AS tag,
       count(DISTINCT a.id) FILTER (WHERE coalesce(a.published_at, a.first_seen_at) >= %(since)s) AS articles,
       count(DISTINCT a.id) FILTER (WHERE coalesce(a.published_at, a.first_seen_at) < %(since)s) AS before
FROM articles a JOIN article_hashtags t ON t.article_id = a.id JOIN hashtags h ON h.id = t.hashtag_id
WHERE coalesce(a.published_at, a.first_seen_at) >= %(past)s AND coalesce(a.published_at, a.first_seen_at) <= %(now)s
GROUP BY h.id
HAVING count(DISTINCT a.id) FILTER (WHERE coalesce(a.published_at, a.first_seen_at) >= %(since)s) > 0
ORDER BY count(DISTINCT a.id) FILTER (WHERE coalesce(a.published_at, a.first_seen_at) >= %(since)s)
         - %(share)s::float8 * count(DISTINCT a.id) FILTER (WHERE coalesce(a.published_at, a.first_seen_at) < %(since)s)
         DESC, h.key
LIMIT %(limit)s;

-- name: most_quoted
SELECT p.id, left(p.name, 120) AS name, p.type, count(*) AS quotes, count(DISTINCT a.id) AS articles,
       count(DISTINCT a.source_id) AS sources, left(mode() WITHIN GROUP (ORDER BY q.role), 120) AS role
FROM articles a JOIN quotes q ON q.article_id = a.id JOIN speakers w ON w.id = q.speaker_id
JOIN speakers p ON p.id = coalesce(w.merged_into, w.id)
WHERE p.type <> 'unnamed' AND coalesce(a.published_at, a.first_seen_at) >= %(since)s
  AND coalesce(a.published_at, a.first_seen_at) <= %(now)s
GROUP BY p.id ORDER BY quotes DESC, articles DESC, p.id LIMIT %(limit)s;

-- name: sources_at_a_glance
-- Every source, or the one of this name, with its feeds, its latest check, and how many articles it brought on each of the last days.
WITH days AS (
    SELECT a.source_id, (coalesce(a.published_at, a.first_seen_at) AT TIME ZONE 'UTC')::date AS day, count(*) AS articles
    FROM articles a
    WHERE coalesce(a.published_at, a.first_seen_at) >= %(since)s AND coalesce(a.published_at, a.first_seen_at) <= %(now)s
    GROUP BY 1, 2
)
SELECT s.id, s.name, coalesce(nullif(s.title, ''), s.name) AS title, s.home, s.country, s.enabled,
       f.feeds, f.failing, f.polled_at, f.succeeded_at, f.verdict, c.healthy, c.checked_at,
       (SELECT count(*) FROM quarantine q WHERE q.source_id = s.id) AS quarantined,
       (SELECT count(*) FROM entries e WHERE e.source_id = s.id AND e.state = 'pending') AS pending,
       (SELECT coalesce(a.published_at, a.first_seen_at) FROM articles a WHERE a.source_id = s.id
        ORDER BY coalesce(a.published_at, a.first_seen_at) DESC, a.id DESC LIMIT 1) AS newest,
       ARRAY(SELECT coalesce(d.articles, 0)
             FROM generate_series((%(since)s AT TIME ZONE 'UTC')::date, (%(now)s AT TIME ZONE 'UTC')::date, '1 day') AS g (day)
             LEFT JOIN days d ON d.day = g.day::date AND d.source_id = s.id ORDER BY g.day)::integer[] AS daily
FROM sources s
LEFT JOIN LATERAL (
    SELECT count(*) AS feeds, count(*) FILTER (WHERE failures > 0) AS failing, max(polled_at) AS polled_at,
           max(succeeded_at) AS succeeded_at, (array_agg(verdict ORDER BY failures DESC, id))[1] AS verdict
    FROM feeds WHERE source_id = s.id
) f ON true
LEFT JOIN LATERAL (
    SELECT healthy, checked_at FROM checks WHERE source_id = s.id ORDER BY checked_at DESC LIMIT 1
) c ON true
WHERE s.deleted_at IS NULL AND (%(name)s::text IS NULL OR s.name = %(name)s)
ORDER BY s.name;

-- name: hashtag
SELECT h.id, h.key, mode() WITHIN GROUP (ORDER BY t.tag) AS tag, count(DISTINCT a.id) AS articles,
       count(DISTINCT a.source_id) AS sources, array_agg(DISTINCT left(t.tag, 80)) AS spellings,
       min(coalesce(a.published_at, a.first_seen_at)) AS first_at
FROM hashtags h JOIN article_hashtags t ON t.hashtag_id = h.id JOIN articles a ON a.id = t.article_id
WHERE h.key = %(key)s GROUP BY h.id;

-- name: hashtag_daily
SELECT g.day::date AS day, count(DISTINCT a.id) AS articles
FROM generate_series((%(since)s AT TIME ZONE 'UTC')::date, (%(now)s AT TIME ZONE 'UTC')::date, '1 day') AS g (day)
LEFT JOIN (
    SELECT a.id, (coalesce(a.published_at, a.first_seen_at) AT TIME ZONE 'UTC')::date AS day
    FROM article_hashtags t JOIN articles a ON a.id = t.article_id WHERE t.hashtag_id = %(hashtag_id)s
) a ON a.day = g.day::date
GROUP BY g.day ORDER BY g.day;

-- name: hashtag_company
-- The hashtags that most of its newest articles have too.
SELECT h.key, mode() WITHIN GROUP (ORDER BY o.tag) AS tag, count(DISTINCT o.article_id) AS articles
FROM (SELECT DISTINCT t.article_id FROM article_hashtags t WHERE t.hashtag_id = %(hashtag_id)s
      ORDER BY t.article_id DESC LIMIT 1000) newest
JOIN article_hashtags o ON o.article_id = newest.article_id AND o.hashtag_id <> %(hashtag_id)s
JOIN hashtags h ON h.id = o.hashtag_id
GROUP BY h.id ORDER BY articles DESC, h.key LIMIT %(limit)s;

-- name: kept_articles
-- The newest articles of a source whose pages were kept as they came, so that rules can be tried on them.
SELECT a.id, left(a.title, 120) AS title FROM articles a
WHERE a.source_id = %(source_id)s AND EXISTS (SELECT FROM pages p WHERE p.article_id = a.id)
ORDER BY coalesce(a.published_at, a.first_seen_at) DESC, a.id DESC LIMIT %(limit)s;

-- name: run_progress
-- What a run that is under way has done so far, and what its sources still wait for.
WITH run AS (SELECT id, started_at FROM runs WHERE id = %(id)s),
held AS (SELECT c.source_id FROM claims c JOIN run ON run.id = c.run_id),
polled AS (
    SELECT count(*) AS polls, count(*) FILTER (WHERE p.verdict NOT IN ('ok', 'unchanged', 'no-entries')) AS failed,
           coalesce(sum(p.new), 0) AS fresh
    FROM polls p JOIN run ON run.id = p.run_id AND p.polled_at >= run.started_at
), settled AS (
    SELECT count(*) FILTER (WHERE e.state = 'stored') AS stored, count(*) FILTER (WHERE e.state = 'rejected') AS rejected
    FROM entries e JOIN held ON held.source_id = e.source_id, run WHERE e.settled_at >= run.started_at
)
SELECT polled.polls, polled.failed, polled.fresh, settled.stored, settled.rejected,
       (SELECT count(*) FROM entries e JOIN held ON held.source_id = e.source_id
        WHERE e.state = 'pending' AND e.not_before <= %(now)s) AS waiting
FROM polled, settled;

-- name: quarantine_reasons
SELECT reason, count(*) AS refused FROM quarantine GROUP BY reason ORDER BY refused DESC, reason;
