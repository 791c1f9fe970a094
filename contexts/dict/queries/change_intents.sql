-- Changes whose end is not noted.

--! note_intent (new_cid?)
INSERT INTO dict.change_intents (key_hash, intent_id, participant, key_type, cid, new_cid, noted_at)
VALUES (:key_hash, :intent_id, :participant, :key_type, :cid, :new_cid, :now)
RETURNING true AS noted;

--! forget_intent
DELETE FROM dict.change_intents WHERE key_hash = :key_hash AND intent_id = :intent_id RETURNING true AS gone;

--! old_intents : (new_cid?)
-- In no order: what cannot be settled keeps nothing else waiting.
SELECT key_hash, intent_id, participant, key_type, cid, new_cid FROM dict.change_intents
WHERE noted_at < :noted_before ORDER BY random() LIMIT :most;
