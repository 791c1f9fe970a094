-- Requests by their id: what was asked, and what was answered.

--! register_key (key_hash?, cid?, entry_sealed?, possession_id?) : (data_key_id?, sealed?)
SELECT outcome, data_key_id, sealed FROM dict.register_key(
    ROW(:participant, :request_id, 'CREATE_KEY', :fingerprint, :request_status, NULL, :request_data_key_id,
        :request_sealed, :now, :now)::dict.requests,
    ROW(:key_hash, :key_type, :participant, :account_hash, :owner_hash, 'ACTIVE', :cid, :request_id,
        :entry_data_key_id, :entry_sealed, :now, :now, :now)::dict.entries,
    :keys_max, :possession_id, :confirmed_after);

--! keep_pending
SELECT dict.keep_pending(
    ROW(:key_hash, :key_type, :participant, :account_hash, :owner_hash, 'PENDING', :cid, :request_id, :data_key_id,
        :sealed, :now, :now, :now)::dict.entries) AS kept;

--! activate_key
SELECT dict.activate_key(
    ROW(:participant, :request_id, 'CREATE_KEY', NULL, 'DONE', NULL, :request_data_key_id, :request_sealed, :now,
        :now)::dict.requests,
    ROW(:key_hash, :key_type, :participant, :account_hash, :owner_hash, :status, :cid, :request_id, :entry_data_key_id,
        :entry_sealed, :created_at, :key_owned_since, :now)::dict.entries) AS outcome;

--! release_key (key_hash?, possession_id?)
SELECT dict.release_key(:participant, :request_id, :key_hash, :account_hash, :possession_id, :unless_joined) AS released;

--! take_pending_requests
-- Requests that nobody works on any more, each taken by one; the longest untouched first.
UPDATE dict.requests r SET updated_at = :now
FROM (SELECT p.request_id, p.participant FROM dict.requests p
      WHERE p.status = 'PENDING' AND p.updated_at < :untouched_since AND p.method = 'CREATE_KEY'
      ORDER BY p.updated_at LIMIT :most FOR UPDATE SKIP LOCKED) AS taken
WHERE r.request_id = taken.request_id AND r.participant = taken.participant
RETURNING r.participant, r.request_id, r.data_key_id, r.sealed;

--! forget_requests
DELETE FROM dict.requests r
USING (SELECT d.request_id, d.participant FROM dict.requests d
       WHERE d.status = 'DONE' AND d.created_at < :before LIMIT :most FOR UPDATE SKIP LOCKED) AS old
WHERE r.request_id = old.request_id AND r.participant = old.participant
RETURNING true AS gone;
