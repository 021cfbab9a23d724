-- When feeds are polled, what their polls may have missed, and how gently each host is asked, by all processes together.

ALTER TABLE feeds ADD COLUMN failure_weight double precision NOT NULL DEFAULT 0 CHECK (failure_weight >= 0);  -- in a row
ALTER TABLE feeds ADD COLUMN window_size integer NOT NULL DEFAULT 0 CHECK (window_size >= 0);   -- entries at the last good poll
ALTER TABLE feeds ADD COLUMN rhythm real[] CHECK (cardinality(rhythm) = 32);    -- decayed counts: 24 hours, 7 weekdays; hours seen
ALTER TABLE feeds ADD COLUMN hint double precision NOT NULL DEFAULT 0;          -- seconds between polls that the publisher asks for
ALTER TABLE feeds ADD COLUMN skipped_hours smallint[] NOT NULL DEFAULT '{}';    -- of the week in UTC, from Monday; not to poll in
ALTER TABLE feeds ADD COLUMN read_at timestamptz;                               -- last answer with a body, whatever was in it
ALTER TABLE feeds ADD COLUMN moved_to text;                                     -- where it has redirected for good
ALTER TABLE feeds ADD COLUMN moved_since timestamptz;
ALTER TABLE feeds ADD CHECK ((moved_to IS NULL) = (moved_since IS NULL));

ALTER TABLE polls ADD COLUMN overlap real;                                      -- share of entries that were seen before

-- Times between two polls of a feed that had no entry in common: something may have come and gone unseen.
CREATE TABLE gaps (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id     bigint NOT NULL REFERENCES sources ON DELETE CASCADE,
    feed_id       bigint NOT NULL REFERENCES feeds ON DELETE CASCADE,
    since         timestamptz NOT NULL,
    until         timestamptz NOT NULL,
    tried_at      timestamptz,                                      -- last attempt to fill it
    problem       text,                                             -- why that did not succeed
    found         integer,                                          -- entries that filled it
    closed_at     timestamptz,
    UNIQUE (feed_id, until),
    CHECK (since <= until),
    CHECK ((closed_at IS NULL) = (found IS NULL))
);
CREATE INDEX gaps_open ON gaps (source_id) WHERE closed_at IS NULL;

-- Registered domains. Times are the server's, so that the clocks of the machines that crawl do not matter.
CREATE TABLE hosts (
    domain        text PRIMARY KEY,
    next_turn_at  timestamptz NOT NULL DEFAULT 'epoch',             -- turns up to here are given out
    started_at    timestamptz NOT NULL DEFAULT 'epoch',             -- of the last request
    under_way     timestamptz[] NOT NULL DEFAULT '{}',              -- when each request that has not ended was started
    crawl_delay   double precision NOT NULL DEFAULT 0,              -- seconds, as its robots.txt asks
    closed_until  timestamptz NOT NULL DEFAULT 'epoch',             -- it asked to be left alone (429, 503)
    closed_by     text,                                             -- the verdict that closed it
    refusals      integer NOT NULL DEFAULT 0                        -- in a row
);
CREATE INDEX hosts_closed ON hosts (closed_until);
