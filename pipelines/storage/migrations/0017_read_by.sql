-- By which version of its source's rules an article was read: a later change concerns only what was read before it.

ALTER TABLE traces ADD COLUMN rules_version integer NOT NULL DEFAULT 0;
