-- Rows that an older data key seals, moved to the newest: a page at a time, and each only if it is still what was read.

--! entries_to_reseal
SELECT key_hash, data_key_id, sealed FROM dict.entries
WHERE key_hash > :after AND data_key_id < :current
ORDER BY key_hash LIMIT :most;

--! reseal_entries
UPDATE dict.entries e SET data_key_id = :current, sealed = n.after
FROM unnest(:key_hashes::bytea[], :before::bytea[], :after::bytea[]) AS n (key_hash, before, after)
WHERE e.key_hash = n.key_hash AND e.sealed = n.before
RETURNING true AS resealed;

--! claims_to_reseal
SELECT key_hash, claim_id, data_key_id, sealed FROM dict.claims
WHERE (key_hash, claim_id) > (:after_key_hash, :after_claim_id) AND data_key_id < :current
ORDER BY key_hash, claim_id LIMIT :most;

--! reseal_claims
UPDATE dict.claims c SET data_key_id = :current, sealed = n.after
FROM unnest(:key_hashes::bytea[], :claim_ids::uuid[], :before::bytea[], :after::bytea[])
    AS n (key_hash, claim_id, before, after)
WHERE c.key_hash = n.key_hash AND c.claim_id = n.claim_id AND c.sealed = n.before
RETURNING true AS resealed;

--! requests_to_reseal
SELECT request_id, participant, data_key_id, sealed FROM dict.requests
WHERE (request_id, participant) > (:after_request_id, :after_participant) AND data_key_id < :current
ORDER BY request_id, participant LIMIT :most;

--! reseal_requests
UPDATE dict.requests r SET data_key_id = :current, sealed = n.after
FROM unnest(:request_ids::uuid[], :participants::text[], :before::bytea[], :after::bytea[])
    AS n (request_id, participant, before, after)
WHERE r.request_id = n.request_id AND r.participant = n.participant AND r.sealed = n.before
RETURNING true AS resealed;
