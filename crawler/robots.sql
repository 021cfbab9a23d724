-- What each robots.txt said, until it is asked for again.

-- name: known_robots
SELECT origin, body FROM robots WHERE origin = ANY (%(origins)s) AND good_until > now();

-- name: remember_robots
INSERT INTO robots (origin, body, good_until) VALUES (%(origin)s, %(body)s, now() + %(good_for)s)
ON CONFLICT (origin) DO UPDATE SET body = excluded.body, good_until = excluded.good_until;

-- name: forget_robots
DELETE FROM robots WHERE good_until < now();
