-- The read-only layer for people who come with SQL, notebooks or dashboards: docs/sql.md. Its columns stay: new ones are
-- added at the end of a view, none is renamed or taken away, whatever happens to the tables beneath.

CREATE SCHEMA rawi_api;
COMMENT ON SCHEMA rawi_api IS 'Stable read-only views of Rawi; see docs/sql.md';

CREATE VIEW rawi_api.articles AS
SELECT a.id, s.name AS source, s.country, a.url, a.title, a.text, a.authors, a.published_at, a.modified_at,
       a.first_seen_at, a.last_seen_at, coalesce(a.published_at, a.first_seen_at) AS at, a.section, a.language, a.image,
       a.keywords, a.version, char_length(a.text) AS length, m.cluster_id,
       CASE WHEN NOT m.head THEN h.article_id END AS duplicate_of, r.gone_since
FROM public.articles a
JOIN public.sources s ON s.id = a.source_id
LEFT JOIN public.cluster_members m ON m.article_id = a.id
LEFT JOIN public.cluster_members h ON h.cluster_id = m.cluster_id AND h.head
LEFT JOIN public.revisits r ON r.article_id = a.id;

CREATE VIEW rawi_api.quotes AS
SELECT q.article_id, q.position, s.name AS source, coalesce(a.published_at, a.first_seen_at) AS at, q.kind, q.text,
       lower(q.span) AS start, upper(q.span) AS "end",
       substr(a.text, lower(q.cue) + 1, upper(q.cue) - lower(q.cue)) AS cue,
       p.id AS speaker_id, p.name AS speaker, p.type AS speaker_type, w.name AS speaker_written, q.role,
       q.confidence, q.rule
FROM public.quotes q
JOIN public.articles a ON a.id = q.article_id
JOIN public.sources s ON s.id = a.source_id
LEFT JOIN public.speakers w ON w.id = q.speaker_id
LEFT JOIN public.speakers p ON p.id = coalesce(w.merged_into, w.id);

CREATE VIEW rawi_api.speakers AS
SELECT p.id, p.name, p.type, array_agg(DISTINCT w.name) AS spellings, count(*) AS quotes,
       count(DISTINCT q.article_id) AS articles, count(DISTINCT a.source_id) AS sources,
       min(coalesce(a.published_at, a.first_seen_at)) AS first_quoted_at,
       max(coalesce(a.published_at, a.first_seen_at)) AS last_quoted_at
FROM public.quotes q
JOIN public.articles a ON a.id = q.article_id
JOIN public.speakers w ON w.id = q.speaker_id
JOIN public.speakers p ON p.id = coalesce(w.merged_into, w.id)
GROUP BY p.id;

CREATE VIEW rawi_api.hashtags AS
SELECT t.article_id, s.name AS source, coalesce(a.published_at, a.first_seen_at) AS at, t.tag, h.key, t.origin,
       lower(t.span) AS start, upper(t.span) AS "end"
FROM public.article_hashtags t
JOIN public.hashtags h ON h.id = t.hashtag_id
JOIN public.articles a ON a.id = t.article_id
JOIN public.sources s ON s.id = a.source_id;

-- How many articles of a source mention a hashtag, or quote a speaker, on a day (UTC).
CREATE VIEW rawi_api.mentions_per_day AS
SELECT (at AT TIME ZONE 'UTC')::date AS day, 'hashtag' AS kind, key AS mentioned, source, count(*) AS articles
FROM rawi_api.hashtags GROUP BY 1, key, source
UNION ALL
SELECT (at AT TIME ZONE 'UTC')::date, 'speaker', speaker, source, count(DISTINCT article_id)
FROM rawi_api.quotes WHERE speaker_type <> 'unnamed' GROUP BY 1, speaker_id, speaker, source;

CREATE VIEW rawi_api.quote_changes AS
SELECT c.article_id, s.name AS source, c.version, c.change, c.cause, c.before, c.after, c.speaker, c.new_speaker, c.seen_at
FROM public.quote_changes c
JOIN public.articles a ON a.id = c.article_id
JOIN public.sources s ON s.id = a.source_id;
