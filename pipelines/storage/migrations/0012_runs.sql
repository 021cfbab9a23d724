-- Who crawls what now. A run is alive as long as its session holds the advisory lock of its number; a claim says which
-- run a source belongs to, so that one that was frozen and replaced cannot write any more.

ALTER TABLE runs ADD COLUMN host text NOT NULL DEFAULT '';              -- the machine
ALTER TABLE runs ADD COLUMN seen_at timestamptz;                        -- last sign of life
CREATE INDEX runs_unfinished ON runs (id) WHERE finished_at IS NULL;

CREATE TABLE claims (
    source_id     bigint PRIMARY KEY REFERENCES sources ON DELETE CASCADE,
    run_id        bigint NOT NULL REFERENCES runs ON DELETE CASCADE
);
CREATE INDEX claims_of_run ON claims (run_id);

CREATE FUNCTION live_runs() RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    -- 1920298611 is 'runs' in ASCII; objsubid 2 marks locks of two keys.
    SELECT objid::bigint FROM pg_locks
    WHERE locktype = 'advisory' AND classid = 1920298611 AND objsubid = 2 AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
$$;

-- The registered domain of a source's front page: what is asked politely, one job at a time. NULL: to be worked out.
ALTER TABLE sources ADD COLUMN domain text;

-- What happened lately, without an entry for each row.
CREATE INDEX polls_by_time ON polls USING brin (polled_at);
CREATE INDEX entries_by_settling ON entries USING brin (settled_at);
