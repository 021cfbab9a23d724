-- What each robots.txt said, for all crawls on the database: a host need not be asked for it at every poll.

CREATE TABLE robots (
    origin      text PRIMARY KEY,                                   -- scheme://host[:port]
    body        bytea NOT NULL,                                     -- empty where there is none: everything is allowed
    good_until  timestamptz NOT NULL
);
CREATE INDEX robots_by_age ON robots (good_until);
