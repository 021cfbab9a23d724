-- What a source's articles taught, and what it is learned from.

-- name: effective_rules
SELECT source_id, kind, value, state FROM rules
WHERE source_id = ANY (%(source_ids)s) AND state <> 'forgotten'
ORDER BY source_id, kind, rank, id;

-- name: latest_versions
SELECT source_id, max(version) FROM rule_versions WHERE source_id = ANY (%(source_ids)s) GROUP BY source_id;

-- name: rules_of_source
SELECT id, kind, value, text, state, articles, of, since_version AS version, learned_at
FROM rules WHERE source_id = %(source_id)s ORDER BY kind, rank, id;

-- name: versions_of_source
SELECT version, reason, changed_at FROM rule_versions WHERE source_id = %(source_id)s ORDER BY version DESC;

-- name: untaught
-- How many articles came since the source was last learned from, and whether it ever was.
SELECT count(t.article_id), s.learned_at > 'epoch' FROM sources s
LEFT JOIN traces t ON t.source_id = s.id AND t.seen_at > s.learned_at
WHERE s.id = %(source_id)s GROUP BY s.id;

-- name: latest_traces
SELECT t.article_id, t.containers, t.used, t.drift, t.passages, t.taken, t.kept,
       a.title, a.text, jsonb_path_query_array(a.removed, '$[*] ? (@.reason == "boilerplate" || @.reason == "read-also" || @.reason == "links" || @.reason == "call").text') AS recurring
FROM traces t JOIN articles a ON a.id = t.article_id
WHERE t.source_id = %(source_id)s ORDER BY t.seen_at DESC, t.article_id DESC LIMIT %(limit)s;

-- name: forget_old_traces
DELETE FROM traces WHERE source_id = %(source_id)s AND article_id NOT IN (
    SELECT article_id FROM traces WHERE source_id = %(source_id)s ORDER BY seen_at DESC, article_id DESC
    LIMIT %(limit)s
);

-- name: lock_source
-- One at a time changes the rules of a source; its articles are saved meanwhile.
SELECT id FROM sources WHERE id = %(source_id)s FOR NO KEY UPDATE;

-- name: note_learning
UPDATE sources SET learned_at = coalesce(
    (SELECT max(seen_at) FROM traces WHERE source_id = %(source_id)s), now()
) WHERE id = %(source_id)s;

-- name: upsert_rule
INSERT INTO rules (source_id, kind, value, text, state, articles, of, rank, since_version)
VALUES (
    %(source_id)s, %(kind)s, %(value)s, %(text)s, %(state)s, %(articles)s, %(of)s, %(rank)s, %(version)s
)
ON CONFLICT (source_id, kind, value) DO UPDATE SET
    articles = excluded.articles, of = excluded.of, rank = excluded.rank,
    state = CASE WHEN excluded.state = 'pinned' THEN 'pinned' ELSE rules.state END,
    text = CASE WHEN excluded.text = '' THEN rules.text ELSE excluded.text END;

-- name: drop_rules
DELETE FROM rules WHERE source_id = %(source_id)s AND id = ANY (%(ids)s);

-- name: set_rule_states
UPDATE rules SET state = %(state)s, since_version = %(version)s
WHERE source_id = %(source_id)s AND id = ANY (%(ids)s) AND state <> %(state)s
RETURNING kind, value;

-- name: next_version
SELECT coalesce(max(version), 0) + 1 FROM rule_versions WHERE source_id = %(source_id)s;

-- name: insert_version
INSERT INTO rule_versions (source_id, version, reason, rules)
SELECT %(source_id)s, %(version)s, %(reason)s, coalesce(
    jsonb_agg(jsonb_build_object('kind', kind, 'value', value, 'text', text, 'state', state) ORDER BY kind, rank, id),
    '[]')
FROM rules WHERE source_id = %(source_id)s;

-- name: concerned_articles
-- The articles that a change of rules may change, and whose pages were kept: they were read before it. An element of
-- which nothing became text changes nothing when it is learned; one that is learned no more may be text again.
SELECT t.article_id FROM traces t
WHERE t.source_id = %(source_id)s AND t.rules_version < %(version)s
  AND (t.passages && %(passages)s::bigint[] OR t.kept && %(added)s::text[] OR t.taken && %(gone)s::text[])
  AND EXISTS (SELECT FROM pages p WHERE p.article_id = t.article_id)
ORDER BY t.article_id;

-- name: kept_articles
SELECT a.id FROM articles a WHERE a.source_id = %(source_id)s
  AND EXISTS (SELECT FROM pages p WHERE p.article_id = a.id)
ORDER BY a.id;

-- name: kept_page
SELECT p.url, p.charset, p.fetched_at, array_agg(p.body ORDER BY p.part) AS bodies,
       (SELECT e.claims FROM entries e WHERE e.article_id = p.article_id ORDER BY e.id LIMIT 1) AS claims
FROM pages p WHERE p.article_id = %(article_id)s
GROUP BY p.article_id, p.url, p.charset, p.fetched_at;

-- name: address_of
SELECT url FROM articles WHERE id = %(article_id)s;

-- name: forget_old_pages
DELETE FROM pages WHERE fetched_at < %(before)s;
