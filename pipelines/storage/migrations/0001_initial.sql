-- The store as it began: sources and their feeds, what feeds have announced (entries), what was kept (articles, with
-- hashtags and quotations), what was refused (quarantine), and what happened (runs, polls).
-- Needs no extension, no ICU and no superuser: PostgreSQL 14 or newer is enough.

CREATE TABLE sources (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name          text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9][a-z0-9._-]*$'),
    title         text NOT NULL DEFAULT '',
    home          text NOT NULL,
    country       text CHECK (country ~ '^[A-Z]{2}$'),              -- ISO 3166-1 alpha-2
    language      text NOT NULL DEFAULT 'ar',                       -- BCP 47
    timezone      text NOT NULL DEFAULT 'UTC',                      -- IANA
    tags          text[] NOT NULL DEFAULT '{}',
    delay         double precision CHECK (delay >= 0),              -- seconds between requests; NULL: the default
    enabled       boolean NOT NULL DEFAULT true,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE feeds (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id       bigint NOT NULL REFERENCES sources ON DELETE CASCADE,
    url             text NOT NULL,
    etag            text,                                           -- validators of the last good answer, as sent
    last_modified   text,
    body_hash       bytea,                                          -- SHA-256 of the last good body
    polled_at       timestamptz,
    succeeded_at    timestamptz,                                    -- last 200 or 304
    verdict         text,                                           -- of the last poll: ok, unchanged, http-404 ...
    failures        integer NOT NULL DEFAULT 0 CHECK (failures >= 0),   -- in a row
    next_poll_at    timestamptz NOT NULL DEFAULT 'epoch',
    UNIQUE (source_id, url)
);
CREATE INDEX feeds_due ON feeds (next_poll_at);

CREATE TABLE runs (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    started_at    timestamptz NOT NULL DEFAULT now(),
    finished_at   timestamptz,
    outcome       text CHECK (outcome IN ('finished', 'interrupted', 'failed')),   -- NULL: running, or killed
    counts        jsonb NOT NULL DEFAULT '{}'
);

CREATE TABLE polls (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id        bigint REFERENCES runs ON DELETE SET NULL,
    feed_id       bigint NOT NULL REFERENCES feeds ON DELETE CASCADE,
    polled_at     timestamptz NOT NULL DEFAULT now(),
    http_status   integer,
    verdict       text NOT NULL,
    detail        text NOT NULL DEFAULT '',
    entries       integer NOT NULL DEFAULT 0,                       -- in the feed
    new           integer NOT NULL DEFAULT 0,                       -- never seen before
    changed       integer NOT NULL DEFAULT 0,                       -- seen before, with other claims
    bytes         bigint NOT NULL DEFAULT 0
);
CREATE INDEX polls_of_feed ON polls (feed_id, polled_at DESC);

CREATE TABLE articles (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id     bigint NOT NULL REFERENCES sources,
    url           text NOT NULL UNIQUE,                             -- canonical: the natural key
    title         text,
    text          text NOT NULL CHECK (text <> ''),
    authors       text[] NOT NULL DEFAULT '{}',
    published_at  timestamptz,
    modified_at   timestamptz,
    section       text,
    image         text,
    site_name     text,
    language      text,
    keywords      text[] NOT NULL DEFAULT '{}',
    fingerprint   bigint NOT NULL,                                  -- 64-bit SimHash, as a signed integer
    content_hash  bytea NOT NULL,                                   -- SHA-256 of title, text and authors
    removed       jsonb NOT NULL DEFAULT '[]',                      -- [{text, reason}]
    version       integer NOT NULL DEFAULT 1 CHECK (version >= 1),
    first_seen_at timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL                              -- when this version was first seen
);
CREATE INDEX articles_by_time ON articles ((coalesce(published_at, first_seen_at)) DESC, id DESC);
CREATE INDEX articles_of_source ON articles (source_id, (coalesce(published_at, first_seen_at)) DESC, id DESC);

-- Versions that were replaced. The current one is the row in articles.
CREATE TABLE article_versions (
    article_id    bigint NOT NULL REFERENCES articles ON DELETE CASCADE,
    version       integer NOT NULL,
    title         text,
    text          text NOT NULL,
    authors       text[] NOT NULL,
    seen_at       timestamptz NOT NULL,                             -- first seen
    replaced_at   timestamptz NOT NULL,
    PRIMARY KEY (article_id, version)
);

-- What feeds announced. An entry is pending until its page was stored or refused; that, and not the feed's
-- validators alone, is what makes a killed crawl lose nothing.
CREATE TABLE entries (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id     bigint NOT NULL REFERENCES sources ON DELETE CASCADE,
    url           text NOT NULL,                                    -- canonical key
    claims        jsonb NOT NULL,                                   -- the FeedEntry
    content_hash  text NOT NULL,                                    -- of the claims
    state         text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'stored', 'rejected')),
    reason        text,                                             -- of a rejection
    attempts      integer NOT NULL DEFAULT 0 CHECK (attempts >= 0), -- since it became pending
    discovered_at timestamptz NOT NULL DEFAULT now(),
    not_before    timestamptz NOT NULL DEFAULT 'epoch',         -- when a failed fetch is tried again
    settled_at    timestamptz,
    article_id    bigint REFERENCES articles ON DELETE SET NULL,
    UNIQUE (source_id, url),
    CHECK ((state = 'rejected') = (reason IS NOT NULL))
);
CREATE INDEX entries_pending ON entries (source_id, not_before) WHERE state = 'pending';

-- One article through two feeds is one entry that knows both.
CREATE TABLE entry_feeds (
    entry_id      bigint NOT NULL REFERENCES entries ON DELETE CASCADE,
    feed_id       bigint NOT NULL REFERENCES feeds ON DELETE CASCADE,
    PRIMARY KEY (entry_id, feed_id)
);
CREATE INDEX entry_feeds_of_feed ON entry_feeds (feed_id);

CREATE TABLE hashtags (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key           text NOT NULL UNIQUE                              -- folded, for counting
);

CREATE TABLE article_hashtags (
    article_id    bigint NOT NULL REFERENCES articles ON DELETE CASCADE,
    hashtag_id    bigint NOT NULL REFERENCES hashtags,
    tag           text NOT NULL,                                    -- as written
    origin        text NOT NULL CHECK (origin IN ('body', 'title', 'embed', 'keywords')),
    span          int4range,                                        -- code points in articles.text
    PRIMARY KEY (article_id, tag)
);
CREATE INDEX article_hashtags_by_hashtag ON article_hashtags (hashtag_id);

CREATE TABLE speakers (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key           text NOT NULL,                                    -- folded name
    type          text NOT NULL CHECK (type IN ('person', 'organisation', 'media', 'document', 'unnamed')),
    name          text NOT NULL,                                    -- as first written
    UNIQUE (key, type)
);

CREATE TABLE quotes (
    article_id    bigint NOT NULL REFERENCES articles ON DELETE CASCADE,
    position      integer NOT NULL,                                 -- 0-based, in reading order
    kind          text NOT NULL CHECK (kind IN ('direct', 'indirect')),
    span          int4range NOT NULL CHECK (NOT isempty(span)),     -- code points in articles.text
    text          text NOT NULL,
    cue           int4range,
    speaker_id    bigint REFERENCES speakers,                       -- NULL: the article does not say
    role          text,
    mention       int4range,
    confidence    real NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    rule          text NOT NULL,
    PRIMARY KEY (article_id, position),
    CHECK (char_length(text) = upper(span) - lower(span))
);
CREATE INDEX quotes_of_speaker ON quotes (speaker_id);

-- What was refused, with its reason and, where there were any, its bytes: so that it can be replayed.
CREATE TABLE quarantine (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id     bigint NOT NULL REFERENCES sources ON DELETE CASCADE,
    entry_id      bigint REFERENCES entries ON DELETE CASCADE,
    feed_id       bigint REFERENCES feeds ON DELETE CASCADE,
    url           text NOT NULL,
    reason        text NOT NULL,
    detail        text NOT NULL DEFAULT '',
    charset       text,                                             -- declared in the HTTP header
    body          bytea,                                            -- zstd; NULL when nothing was received
    fetched_at    timestamptz NOT NULL DEFAULT now(),
    CHECK (num_nonnulls(entry_id, feed_id) <= 1)
);
CREATE UNIQUE INDEX quarantine_of_entry ON quarantine (entry_id);
CREATE UNIQUE INDEX quarantine_of_feed ON quarantine (feed_id);
