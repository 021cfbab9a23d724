-- Versions with what was said in them, what became of quotations, when an article is looked at again, and the headers
-- and hash of kept pages.

ALTER TABLE article_versions ADD COLUMN quotes jsonb NOT NULL DEFAULT '[]';     -- [{text, kind, speaker, role}]

-- Quotations that a newer version has in other words, of another speaker, or not at all.
CREATE TABLE quote_changes (
    article_id    bigint NOT NULL REFERENCES articles ON DELETE CASCADE,
    version       integer NOT NULL,                                 -- the version that brought the change
    position      integer NOT NULL,
    change        text NOT NULL CHECK (change IN ('edited', 'vanished', 'reattributed')),
    cause         text NOT NULL CHECK (cause IN ('page', 'rules')), -- the newsroom's, or of our own rules
    before        text NOT NULL,
    after         text,
    speaker       text,                                             -- before
    new_speaker   text,
    seen_at       timestamptz NOT NULL,
    PRIMARY KEY (article_id, version, position),
    CHECK ((change = 'vanished') = (after IS NULL))
);
CREATE INDEX quote_changes_by_time ON quote_changes (seen_at DESC);

-- Recent articles are looked at again, ever more seldom.
CREATE TABLE revisits (
    article_id    bigint PRIMARY KEY REFERENCES articles ON DELETE CASCADE,
    visits        integer NOT NULL DEFAULT 0,
    looked_at     timestamptz NOT NULL,
    due_at        timestamptz,                                      -- NULL: never again
    http_status   integer,                                          -- of the last answer; NULL: there was none
    gone_since    timestamptz                                       -- it answers 404 or 410
);
CREATE INDEX revisits_due ON revisits (due_at) WHERE due_at IS NOT NULL;

ALTER TABLE pages ADD COLUMN headers jsonb NOT NULL DEFAULT '[]';   -- [[name, value]], of the first part
ALTER TABLE pages ADD COLUMN sha256 bytea;                          -- of the body as it came
