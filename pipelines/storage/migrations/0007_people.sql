-- People: speakers under several spellings are one person, whose number is that of one of them. Quotations keep the
-- speaker as their article had it, so that every merge can be undone.

ALTER TABLE speakers ADD COLUMN merged_into bigint REFERENCES speakers ON DELETE SET NULL;
ALTER TABLE speakers ADD CONSTRAINT speakers_not_into_itself CHECK (merged_into <> id) NOT VALID;
ALTER TABLE speakers ADD COLUMN names text[];                       -- words of the name, as people are compared by
ALTER TABLE speakers ADD COLUMN skeletons text[];                   -- their consonants; NULL: not compared yet
CREATE INDEX speakers_by_word ON speakers USING gin (string_to_array(key, ' '));
CREATE INDEX speakers_merged ON speakers (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX speakers_by_skeleton ON speakers USING gin (skeletons);
CREATE INDEX speakers_not_compared ON speakers (id) WHERE skeletons IS NULL;

CREATE TABLE speaker_merges (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    speaker_id    bigint NOT NULL REFERENCES speakers ON DELETE CASCADE,
    into_id       bigint NOT NULL REFERENCES speakers ON DELETE CASCADE,
    made_by       text NOT NULL CHECK (made_by IN ('rules', 'operator')),
    evidence      text[] NOT NULL DEFAULT '{}',
    merged_at     timestamptz NOT NULL DEFAULT now(),
    undone_at     timestamptz
);
CREATE INDEX speaker_merges_of ON speaker_merges (speaker_id);
CREATE INDEX speaker_merges_into ON speaker_merges (into_id);

-- Who an operator said are two people: rules do not merge them again.
CREATE TABLE speakers_distinct (
    first_id      bigint NOT NULL REFERENCES speakers ON DELETE CASCADE,
    second_id     bigint NOT NULL REFERENCES speakers ON DELETE CASCADE,
    PRIMARY KEY (first_id, second_id),
    CHECK (first_id < second_id)
);
