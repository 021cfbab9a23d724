-- What operators do with sources: feeds of several kinds, changes that can be undone, checks of health, backfills.

ALTER TABLE feeds ADD COLUMN kind text NOT NULL DEFAULT 'feed' CHECK (kind IN ('feed', 'sitemap', 'listing'));
ALTER TABLE feeds ADD COLUMN pattern text;                              -- of a listing: addresses of articles (regex)

-- What one feed last said of an entry: another feed that says it in other words has not changed it.
ALTER TABLE entry_feeds ADD COLUMN content_hash text;

ALTER TABLE sources ADD COLUMN poll_interval double precision CHECK (poll_interval >= 60);  -- seconds; NULL: Rawi's own
ALTER TABLE sources ADD COLUMN deleted_at timestamptz;                  -- deleted, but for its articles

-- Who changed which source, when and how. It outlives the source, so it goes by name.
CREATE TABLE source_changes (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source        text NOT NULL,
    action        text NOT NULL CHECK (action IN ('add', 'edit', 'delete', 'revert')),
    changed_by    text NOT NULL,
    changed_at    timestamptz NOT NULL DEFAULT now(),
    before        jsonb,                                                -- the source as a document; NULL: there was none
    after         jsonb                                                 -- NULL: deleted
);
CREATE INDEX source_changes_of_source ON source_changes (source, id DESC);

-- Each check of a source's health, so that the next one can compare.
CREATE TABLE checks (
    source_id     bigint NOT NULL REFERENCES sources ON DELETE CASCADE,
    checked_at    timestamptz NOT NULL DEFAULT now(),
    healthy       boolean NOT NULL,
    report        jsonb NOT NULL,
    PRIMARY KEY (source_id, checked_at)
);

-- How far a backfill is: the documents that were read, so that it goes on where it stopped.
CREATE TABLE backfills (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id     bigint NOT NULL REFERENCES sources ON DELETE CASCADE,
    since         date NOT NULL,
    until         date NOT NULL,
    walked        text[] NOT NULL DEFAULT '{}',
    left_to_walk  text[] NOT NULL DEFAULT '{}',
    started_at    timestamptz NOT NULL DEFAULT now(),
    finished_at   timestamptz,
    UNIQUE (source_id, since, until)
);
