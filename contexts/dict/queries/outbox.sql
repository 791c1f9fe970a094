-- Events on their way out.

--! lease_events
-- The first event of each key that nobody holds; a key's later events wait until it is gone, so that a key's events
-- leave in their order, whoever sends them. A lease that ends later than any lease may was taken before the clock was
-- set back, and does not count.
-- One server leases at a time, by a lock that is tried and not waited for. FOR UPDATE SKIP LOCKED would do the same on
-- one PostgreSQL only: Citus refuses it over several shards.
WITH turn AS (
    SELECT pg_try_advisory_xact_lock(hashtext('dict.outbox')) AS mine
), heads AS (
    SELECT head.key_hash, head.event_number
    FROM dict.outbox AS head
    WHERE (SELECT mine FROM turn)
      AND (head.leased_until IS NULL OR head.leased_until <= :now OR head.leased_until > :latest)
      AND NOT EXISTS (
          SELECT FROM dict.outbox AS earlier
          WHERE earlier.key_hash = head.key_hash AND earlier.event_number < head.event_number
      )
    ORDER BY head.event_number
    LIMIT :events_max
)
UPDATE dict.outbox AS event
SET leased_until = :leased_until, attempts = event.attempts + 1
FROM heads
WHERE event.key_hash = heads.key_hash AND event.event_number = heads.event_number
  -- Once more: another server may have taken it after this statement began.
  AND (event.leased_until IS NULL OR event.leased_until <= :now OR event.leased_until > :latest)
RETURNING event.key_hash, event.event_number, event.topic, event.payload::text AS payload, event.created_at;

--! delete_events
-- What is confirmed goes, whoever holds the lease by now.
DELETE FROM dict.outbox WHERE event_number = ANY(:event_numbers) RETURNING event_number;

--! release_events
-- Events that could not be sent now, through no fault of theirs: anyone may try at once, and the try does not count.
UPDATE dict.outbox SET leased_until = NULL, attempts = attempts - 1
WHERE event_number = ANY(:event_numbers) AND leased_until = :leased_until
RETURNING event_number;

--! postpone_events
-- Events that were refused: the pause doubles with each try.
UPDATE dict.outbox
SET leased_until = CAST(:now AS timestamptz)
    + make_interval(secs => least(:longest_seconds, :first_seconds * power(2, least(attempts, 30) - 1)))
WHERE event_number = ANY(:event_numbers) AND leased_until = :leased_until
RETURNING event_number;

--! outbox_backlog : (oldest_at?)
-- How many events wait, counted up to :count_max, and since when the oldest does.
SELECT
    (SELECT count(*) FROM (SELECT FROM dict.outbox LIMIT :count_max) AS waiting) AS events,
    (SELECT created_at FROM dict.outbox ORDER BY event_number LIMIT 1) AS oldest_at;

--! announce_events
-- Tells every server which keys changed. Equal words of one call are told once.
SELECT count(pg_notify('dict_events', word)) AS told FROM unnest(CAST(:words AS text[])) AS told (word);
