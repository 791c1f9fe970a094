-- Messages of others that were dealt with.

--! mark_consumed
-- Nothing where it was before: then its effect stands.
INSERT INTO dict.consumed_messages (message_id, consumed_at) VALUES (:message_id, :now)
ON CONFLICT (message_id) DO NOTHING
RETURNING true AS marked;

--! forget_consumed
DELETE FROM dict.consumed_messages
WHERE message_id IN (SELECT message_id FROM dict.consumed_messages WHERE consumed_at < :before LIMIT :rows_max)
RETURNING true AS gone;

--! set_entry_blocked
-- Mirrors a block, and tells of it so that caches forget the entry. Nothing where there is no such entry, or it is so.
WITH changed AS (
    UPDATE dict.entries SET status = :status, updated_at = :now
    WHERE key_hash = :key_hash AND participant = :participant AND status <> :status AND status <> 'PENDING'
    RETURNING key_hash, key_type, participant
)
INSERT INTO dict.outbox (key_hash, topic, payload, created_at)
SELECT
    key_hash,
    'entries.updated',
    jsonb_build_object(
        'event_id', CAST(:event_id AS uuid), 'type', 'entries.updated', 'participant', participant,
        'key_type', key_type, 'key_hash', encode(key_hash, 'hex'), 'status', CAST(:status AS text),
        'occurred_at', CAST(:now AS timestamptz)
    ),
    :now
FROM changed
RETURNING event_number;
