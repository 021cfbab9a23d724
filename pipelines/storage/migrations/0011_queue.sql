-- The queue. Its tables, types and functions are procrastinate's, taken from the installed package (MIT licence); which
-- of the package's steps to newer versions a database has, we write down.

CREATE TABLE queue_migrations (
    name          text PRIMARY KEY,                                 -- of the package's file
    applied_at    timestamptz NOT NULL DEFAULT now()
);

-- Here follows the schema of procrastinate.
