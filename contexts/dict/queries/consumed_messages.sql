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
