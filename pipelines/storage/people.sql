-- People: speakers, and which of them are one.

-- name: lock
SELECT pg_advisory_xact_lock(%(lock)s);

-- name: not_compared
SELECT id, name FROM speakers WHERE skeletons IS NULL AND type = 'person' ORDER BY id LIMIT %(limit)s;

-- name: compare_again
UPDATE speakers SET skeletons = NULL WHERE type = 'person' AND skeletons IS NOT NULL;

-- name: keep_names
UPDATE speakers s SET names = n.names, skeletons = n.skeletons
FROM jsonb_to_recordset(%(rows)s) AS n (id bigint, names text[], skeletons text[]) WHERE s.id = n.id;

-- name: alike
-- For each of some speakers those whose first name and another one are like theirs, and whom nobody has said to be
-- somebody else. Looked up one by one: what is known of a table that has just grown says that comparing each with
-- everybody were cheap.
SELECT me.id, alike.id AS other FROM speakers me CROSS JOIN LATERAL (
    SELECT s.id FROM speakers s
    WHERE s.skeletons @> me.skeletons[1:1] AND s.skeletons && me.skeletons[2:] AND s.id <> me.id
      AND s.type = 'person'
      AND NOT EXISTS (
          SELECT FROM speakers_distinct d
          WHERE d.first_id = least(s.id, me.id) AND d.second_id = greatest(s.id, me.id))
    ORDER BY s.id LIMIT %(limit)s
) AS alike
WHERE me.id = ANY (%(ids)s)
ORDER BY me.id, alike.id;

-- name: profiles
SELECT s.id, s.names AS words,
       array_remove(array_agg(DISTINCT q.role), NULL) AS roles,
       array_agg(DISTINCT a.source_id) AS sources,
       min(coalesce(a.published_at, a.first_seen_at)) AS first, max(coalesce(a.published_at, a.first_seen_at)) AS last
FROM speakers s JOIN quotes q ON q.speaker_id = s.id JOIN articles a ON a.id = q.article_id
WHERE s.id = ANY (%(ids)s) GROUP BY s.id;

-- name: person_of
SELECT id, coalesce(merged_into, id) AS person FROM speakers WHERE id = ANY (%(ids)s);

-- name: merge
-- Everybody who is one of these people becomes that person.
WITH moved AS (
    UPDATE speakers SET merged_into = %(into)s
    WHERE (id = ANY (%(people)s) OR merged_into = ANY (%(people)s)) AND id <> %(into)s
    RETURNING id
)
INSERT INTO speaker_merges (speaker_id, into_id, made_by, evidence)
SELECT id, %(into)s, %(made_by)s, %(evidence)s FROM moved RETURNING speaker_id;

-- name: become_root
-- The person's number is from now on that of one of its speakers, who is merged into nobody.
UPDATE speakers SET merged_into = CASE WHEN id = %(into)s THEN NULL ELSE %(into)s::bigint END
WHERE id = %(person)s OR merged_into = %(person)s;

-- name: split
UPDATE speakers SET merged_into = NULL WHERE id = %(id)s;

-- name: undo_merges
UPDATE speaker_merges SET undone_at = now() WHERE undone_at IS NULL AND (speaker_id = %(id)s OR into_id = %(id)s);

-- name: others_of_person
SELECT s.id FROM speakers s LEFT JOIN quotes q ON q.speaker_id = s.id
WHERE (s.id = %(person)s OR s.merged_into = %(person)s) AND s.id <> %(id)s
GROUP BY s.id ORDER BY count(q.article_id) DESC, s.id;

-- name: say_distinct
INSERT INTO speakers_distinct (first_id, second_id)
SELECT least(%(id)s, other), greatest(%(id)s, other) FROM unnest(%(others)s::bigint[]) AS other ON CONFLICT DO NOTHING;

-- name: say_same
DELETE FROM speakers_distinct d USING unnest(%(ids)s::bigint[]) a, unnest(%(ids)s::bigint[]) b
WHERE d.first_id = a AND d.second_id = b;

-- name: list_people
-- Most quoted first; of those with these words in one of their names, when there are any.
SELECT r.id, r.name, r.type, count(*) AS quotes, count(DISTINCT q.article_id) AS articles,
       count(DISTINCT a.source_id) AS sources, count(DISTINCT s.id) AS spellings,
       mode() WITHIN GROUP (ORDER BY q.role) AS role,
       max(coalesce(a.published_at, a.first_seen_at)) AS last_quoted_at
FROM quotes q JOIN speakers s ON s.id = q.speaker_id JOIN speakers r ON r.id = coalesce(s.merged_into, s.id)
JOIN articles a ON a.id = q.article_id
WHERE r.type <> 'unnamed' AND (%(words)s::text[] IS NULL OR r.id IN (
    SELECT coalesce(n.merged_into, n.id) FROM speakers n
    WHERE string_to_array(n.key, ' ') @> %(words)s OR n.names @> %(names)s))
GROUP BY r.id ORDER BY quotes DESC, r.id LIMIT %(limit)s;

-- name: person
SELECT r.id, r.name, r.type FROM speakers s JOIN speakers r ON r.id = coalesce(s.merged_into, s.id)
WHERE s.id = %(id)s;

-- name: spellings
SELECT s.id, s.name, count(q.article_id) AS quotes FROM speakers s LEFT JOIN quotes q ON q.speaker_id = s.id
WHERE s.id = %(person)s OR s.merged_into = %(person)s GROUP BY s.id ORDER BY quotes DESC, s.id;

-- name: roles
SELECT q.role, count(*) AS quotes, min(coalesce(a.published_at, a.first_seen_at)) AS first,
       max(coalesce(a.published_at, a.first_seen_at)) AS last
FROM quotes q JOIN speakers s ON s.id = q.speaker_id JOIN articles a ON a.id = q.article_id
WHERE coalesce(s.merged_into, s.id) = %(person)s AND q.role IS NOT NULL
GROUP BY q.role ORDER BY first, quotes DESC;

-- name: quoted_by
SELECT o.name AS source, coalesce(nullif(o.title, ''), o.name) AS outlet, count(*) AS quotes,
       count(DISTINCT a.id) AS articles
FROM quotes q JOIN speakers s ON s.id = q.speaker_id JOIN articles a ON a.id = q.article_id
JOIN sources o ON o.id = a.source_id
WHERE coalesce(s.merged_into, s.id) = %(person)s GROUP BY o.id ORDER BY quotes DESC, o.name;

-- name: latest_quotes
SELECT a.id AS article_id, q.position, o.name AS source,
       coalesce(nullif(o.title, ''), o.name) AS outlet, coalesce(a.published_at, a.first_seen_at) AS at, q.kind,
       q.text, q.role, s.name AS written
FROM quotes q JOIN speakers s ON s.id = q.speaker_id JOIN articles a ON a.id = q.article_id
JOIN sources o ON o.id = a.source_id
WHERE coalesce(s.merged_into, s.id) = %(person)s ORDER BY at DESC, a.id DESC, q.position LIMIT %(limit)s;

-- name: merges
SELECT m.speaker_id, s.name, m.into_id, m.made_by, m.evidence, m.merged_at, m.undone_at
FROM speaker_merges m JOIN speakers s ON s.id = m.speaker_id
WHERE m.into_id = %(person)s OR m.speaker_id = %(person)s ORDER BY m.id;
