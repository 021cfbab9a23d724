-- Whose turn it is at a registered domain. Every time is the server's; what comes back are seconds from its now.

-- name: meet_host
INSERT INTO hosts (domain) VALUES (%(domain)s) ON CONFLICT (domain) DO NOTHING;

-- name: take_turn
-- Gives out the next turn, or, to one who has it and has waited for it, starts the request. It starts now when the turn
-- has come, the last request is as long ago as the delay, and a place is free (a Crawl-delay is meant from one request to the next: then there is one place); a request whose process died holds its
-- place for `lost_after` seconds. Nothing starts, and no turn is given out, while the host is closed.
WITH host AS (
    SELECT *, clock_timestamp() AS now, greatest(%(delay)s, coalesce(%(crawl_delay)s, crawl_delay)) AS delay,
           CASE WHEN coalesce(%(crawl_delay)s, crawl_delay) > 0 THEN 1 ELSE %(places)s END AS places
    FROM hosts WHERE domain = %(domain)s FOR UPDATE
), turn AS (
    SELECT domain, now, delay, places, closed_until > now AS closed, extract(epoch FROM closed_until - now) AS closed_for,
           CASE WHEN %(has_turn)s THEN now ELSE greatest(now, next_turn_at) END AS comes_at,
           greatest(now, started_at + make_interval(secs => delay)) AS not_before,
           ARRAY(SELECT began FROM unnest(under_way) AS began
                 WHERE began > now - make_interval(secs => %(lost_after)s)) AS others
    FROM host
), decided AS (
    SELECT *, NOT closed AND comes_at <= now AND not_before <= now AND cardinality(others) < places AS starts FROM turn
), written AS (
    UPDATE hosts SET
        next_turn_at = CASE WHEN closed OR %(has_turn)s THEN hosts.next_turn_at
                            ELSE comes_at + make_interval(secs => delay) END,
        started_at = CASE WHEN starts THEN now ELSE hosts.started_at END,
        under_way = CASE WHEN starts THEN others || now ELSE others END,
        crawl_delay = coalesce(%(crawl_delay)s, hosts.crawl_delay)
    FROM decided WHERE hosts.domain = decided.domain
)
SELECT starts, now AS began, extract(epoch FROM greatest(comes_at, not_before) - now)::float AS wait,
       CASE WHEN closed THEN closed_for::float END AS closed_for, set_config('synchronous_commit', 'off', true)
FROM decided;

-- name: give_turn_back
-- The request has ended. A host that refused is closed for the time it asked for, or for longer each time that it did
-- not say; one that did not refuse has forgotten.
UPDATE hosts SET
    under_way = array_remove(under_way, %(began)s::timestamptz),
    refusals = CASE WHEN %(refusal)s::text IS NULL THEN 0 ELSE refusals + 1 END,
    closed_by = coalesce(%(refusal)s, closed_by),
    closed_until = CASE WHEN %(refusal)s::text IS NULL THEN closed_until ELSE greatest(
        closed_until, clock_timestamp() + make_interval(secs => coalesce(
            %(retry_after)s, least(%(pause)s * 2 ^ least(refusals, 20), %(longest_pause)s)))) END
WHERE domain = %(domain)s
RETURNING set_config('synchronous_commit', 'off', true);

-- name: closed_hosts
SELECT domain, extract(epoch FROM closed_until - clock_timestamp())::float AS closed_for
FROM hosts WHERE closed_until > clock_timestamp();
