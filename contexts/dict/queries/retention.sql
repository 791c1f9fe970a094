-- What is over. Each statement takes a bounded number of rows, so that no lock is held for long.

--! forget_claim_requests
DELETE FROM dict.requests r
USING (SELECT d.request_id, d.participant FROM dict.requests d
       WHERE d.method = 'START_CLAIM' AND d.status = 'PENDING' AND d.created_at < :before LIMIT :most
       FOR UPDATE SKIP LOCKED) AS old
WHERE r.request_id = old.request_id AND r.participant = old.participant
RETURNING true AS gone;

--! forget_change_intents
DELETE FROM dict.change_intents i
USING (SELECT d.key_hash, d.intent_id FROM dict.change_intents d WHERE d.noted_at < :before LIMIT :most) AS old
WHERE i.key_hash = old.key_hash AND i.intent_id = old.intent_id
RETURNING true AS gone;

--! forget_possessions
DELETE FROM dict.possessions p
USING (SELECT d.key_hash, d.possession_id FROM dict.possessions d WHERE d.expires_at < :before LIMIT :most
       FOR UPDATE SKIP LOCKED) AS old
WHERE p.key_hash = old.key_hash AND p.possession_id = old.possession_id
RETURNING true AS gone;
