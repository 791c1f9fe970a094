-- Requests by their id: what was asked, and what was answered.

--! register_keys (key_hashes[?], cids[?], entry_sealed[?], possession_ids[?]) : (data_key_id?, sealed?)
SELECT taken.outcome, taken.data_key_id, taken.sealed
FROM unnest(
    :participants::text[], :request_ids::uuid[], :fingerprints::bytea[], :statuses::text[], :request_data_key_ids::integer[],
    :request_sealed::bytea[], :moments::timestamptz[], :key_hashes::bytea[], :key_types::text[], :account_hashes::bytea[],
    :owner_hashes::bytea[], :cids::bytea[], :entry_data_key_ids::integer[], :entry_sealed::bytea[], :keys_max::integer[],
    :possession_ids::uuid[], :confirmed_after::timestamptz[]
) WITH ORDINALITY AS w (
    participant, request_id, fingerprint, status, request_data_key_id, request_sealed, now, key_hash, key_type, account_hash,
    owner_hash, cid, entry_data_key_id, entry_sealed, keys_max, possession_id, confirmed_after, place)
CROSS JOIN LATERAL dict.register_key(
    ROW(w.participant, w.request_id, 'CREATE_KEY', w.fingerprint, w.status, NULL, w.request_data_key_id, w.request_sealed,
        w.now, w.now)::dict.requests,
    ROW(w.key_hash, w.key_type, w.participant, w.account_hash, w.owner_hash, 'ACTIVE', w.cid, w.request_id,
        w.entry_data_key_id, w.entry_sealed, w.now, w.now, w.now)::dict.entries,
    w.keys_max, w.possession_id, w.confirmed_after) AS taken
ORDER BY w.place;

--! keep_pending
SELECT dict.keep_pending(
    ROW(:key_hash, :key_type, :participant, :account_hash, :owner_hash, 'PENDING', :cid, :request_id, :data_key_id,
        :sealed, :now, :now, :now)::dict.entries) AS kept;

--! activate_keys
SELECT activated.outcome
FROM unnest(
    :participants::text[], :request_ids::uuid[], :request_data_key_ids::integer[], :request_sealed::bytea[],
    :moments::timestamptz[], :key_hashes::bytea[], :key_types::text[], :account_hashes::bytea[], :owner_hashes::bytea[],
    :statuses::text[], :cids::bytea[], :entry_data_key_ids::integer[], :entry_sealed::bytea[], :created_at::timestamptz[],
    :key_owned_since::timestamptz[]
) WITH ORDINALITY AS w (
    participant, request_id, request_data_key_id, request_sealed, now, key_hash, key_type, account_hash, owner_hash, status,
    cid, entry_data_key_id, entry_sealed, created_at, key_owned_since, place)
CROSS JOIN LATERAL dict.activate_key(
    ROW(w.participant, w.request_id, 'CREATE_KEY', NULL, 'DONE', NULL, w.request_data_key_id, w.request_sealed, w.now,
        w.now)::dict.requests,
    ROW(w.key_hash, w.key_type, w.participant, w.account_hash, w.owner_hash, w.status, w.cid, w.request_id,
        w.entry_data_key_id, w.entry_sealed, w.created_at, w.key_owned_since, w.now)::dict.entries) AS activated (outcome)
ORDER BY w.place;

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
