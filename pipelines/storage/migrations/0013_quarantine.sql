-- What came with the bytes of a refused page, and which of them are asked for by source and reason.

ALTER TABLE quarantine ADD COLUMN headers jsonb NOT NULL DEFAULT '[]';
CREATE INDEX quarantine_of_source ON quarantine (source_id, reason);
