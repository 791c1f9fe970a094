-- Events on their way out.

--! take_turn
-- One server sends at a time: until its transaction ends, or it dies. FOR UPDATE SKIP LOCKED would let several share the
-- work, and on one PostgreSQL only: Citus refuses it over several shards.
-- A machine that vanishes in the middle says nothing: its turn ends when it was idle for longer than publishing takes.
SELECT pg_try_advisory_xact_lock(hashtext('dict.outbox'))
    AND set_config('idle_in_transaction_session_timeout', '60s', true) IS NOT NULL AS taken;

--! first_events
-- The first event of each key, but for those that are postponed; a key's later events wait until it is gone. A pause
-- that ends later than any may began before the clock was set back, and does not count.
SELECT head.key_hash, head.event_number, head.topic, head.payload::text AS payload, head.created_at
FROM dict.outbox AS head
WHERE (head.postponed_until IS NULL OR head.postponed_until <= :now OR head.postponed_until > :latest)
  AND NOT EXISTS (
      SELECT FROM dict.outbox AS earlier
      WHERE earlier.key_hash = head.key_hash AND earlier.event_number < head.event_number
  )
ORDER BY head.event_number
LIMIT :events_max;

--! delete_events
DELETE FROM dict.outbox WHERE event_number = ANY(:event_numbers) RETURNING event_number;

--! postpone_events
-- Events that were refused: the pause doubles with each try.
UPDATE dict.outbox
SET attempts = attempts + 1,
    postponed_until = CAST(:now AS timestamptz)
        + make_interval(secs => least(:longest_seconds, :first_seconds * power(2, least(attempts, 30))))
WHERE event_number = ANY(:event_numbers)
RETURNING event_number;

--! outbox_backlog : (oldest_at?)
-- How many events wait, counted up to :count_max, and since when the oldest does.
SELECT
    (SELECT count(*) FROM (SELECT FROM dict.outbox LIMIT :count_max) AS waiting) AS events,
    (SELECT created_at FROM dict.outbox ORDER BY event_number LIMIT 1) AS oldest_at;

--! announce_events
-- Tells every server which keys changed. Equal words of one call are told once.
SELECT count(pg_notify('dict_events', word)) AS told FROM unnest(CAST(:words AS text[])) AS told (word);
