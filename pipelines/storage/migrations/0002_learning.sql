-- Pages as they were fetched, how each article was found on its page, and what that taught about its source.

-- Kept for some time (RAWI_KEEP_PAGES), so that better rules can read them again without fetching.
CREATE TABLE pages (
    article_id    bigint NOT NULL REFERENCES articles ON DELETE CASCADE,
    part          integer NOT NULL DEFAULT 0 CHECK (part >= 0),     -- of an article on several pages, from 0
    url           text NOT NULL,                                    -- of the first part, after redirects
    charset       text,                                             -- declared in the HTTP header
    body          bytea NOT NULL,                                   -- zstd
    fetched_at    timestamptz NOT NULL,
    PRIMARY KEY (article_id, part)
);
CREATE INDEX pages_by_age ON pages (fetched_at);

CREATE TABLE traces (
    article_id    bigint PRIMARY KEY REFERENCES articles ON DELETE CASCADE,
    source_id     bigint NOT NULL REFERENCES sources ON DELETE CASCADE,
    seen_at       timestamptz NOT NULL,
    containers    text[] NOT NULL,                                  -- CSS selectors that find only its container
    used          text,                                             -- the learned one that was tried
    drift         text CHECK (drift IN ('missing', 'short', 'differs')),
    passages      bigint[] NOT NULL,                                -- keys of blocks and last sentences
    taken         text[] NOT NULL,                                  -- signatures of elements that came to nothing
    kept          text[] NOT NULL                                   -- and of those that hold some of the text
);
CREATE INDEX traces_of_source ON traces (source_id, seen_at DESC);

CREATE TABLE rules (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id     bigint NOT NULL REFERENCES sources ON DELETE CASCADE,
    kind          text NOT NULL CHECK (kind IN ('container', 'passage', 'element')),
    value         text NOT NULL,                                    -- selector, signature, or key of a passage
    text          text NOT NULL DEFAULT '',                         -- the passage, as one article had it
    state         text NOT NULL DEFAULT 'learned' CHECK (state IN ('trial', 'learned', 'pinned', 'forgotten')),
    articles      bigint[] NOT NULL DEFAULT '{}',                   -- evidence; they may be gone since
    of            integer NOT NULL DEFAULT 0,                       -- among so many
    rank          integer NOT NULL DEFAULT 0,                       -- order in which containers are tried
    since_version integer NOT NULL,                                 -- of the source's rules
    learned_at    timestamptz NOT NULL DEFAULT now(),
    UNIQUE (source_id, kind, value)
);

-- Every change to a source's rules: what changed, why, and the rules as they then were.
CREATE TABLE rule_versions (
    source_id     bigint NOT NULL REFERENCES sources ON DELETE CASCADE,
    version       integer NOT NULL CHECK (version >= 1),
    reason        text NOT NULL,
    rules         jsonb NOT NULL,
    changed_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (source_id, version)
);

ALTER TABLE sources ADD COLUMN operator_rules jsonb NOT NULL DEFAULT '{}';  -- selectors and patterns of the operator
ALTER TABLE sources ADD COLUMN learned_at timestamptz NOT NULL DEFAULT 'epoch';

-- Whether the newsroom changed the article, or our rules read its page better.
ALTER TABLE article_versions ADD COLUMN cause text NOT NULL DEFAULT 'page' CHECK (cause IN ('page', 'rules'));

CREATE INDEX entries_of_article ON entries (article_id) WHERE article_id IS NOT NULL;
