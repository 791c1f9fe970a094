-- Registered keys.

--: SealedEntry(claim_opened_at?)

--! entry_by_key : SealedEntry
-- With the moment its open claim was opened, where there is one.
SELECT e.key_hash, e.key_type, e.participant, e.status, e.cid, e.request_id, e.data_key_id, e.sealed, e.created_at,
       e.key_owned_since, c.opened_at AS claim_opened_at
FROM dict.entries e
LEFT JOIN dict.claims c ON c.key_hash = e.key_hash AND c.status IN ('OPEN', 'WAITING_RESOLUTION', 'CONFIRMED')
WHERE e.key_hash = :key_hash;

--! entries_of_account (after_created_at?, after_key_hash?) : SealedEntry
SELECT e.key_hash, e.key_type, e.participant, e.status, e.cid, e.request_id, e.data_key_id, e.sealed, e.created_at,
       e.key_owned_since, c.opened_at AS claim_opened_at
FROM dict.entries e
LEFT JOIN dict.claims c ON c.key_hash = e.key_hash AND c.status IN ('OPEN', 'WAITING_RESOLUTION', 'CONFIRMED')
WHERE e.account_hash = :account_hash
  AND (:after_created_at::timestamptz IS NULL OR (e.created_at, e.key_hash) > (:after_created_at, :after_key_hash))
ORDER BY e.created_at, e.key_hash
LIMIT :most;

--! registered_keys
-- Which of these keys have an entry here for certain.
SELECT key_hash FROM dict.entries WHERE key_hash = ANY(:key_hashes) AND status <> 'PENDING';

--! keys_of_account
SELECT key_count FROM dict.accounts WHERE account_hash = :account_hash;

--! put_key (expected_cid?, keys_max?)
SELECT dict.put_key(
    ROW(:key_hash, :key_type, :participant, :account_hash, :owner_hash, :status, :cid, :request_id, :data_key_id, :sealed,
        :created_at, :key_owned_since, :now)::dict.entries,
    :expected_cid, :keys_max) AS outcome;

--! hold_entry
-- Nothing happens to this entry until the transaction ends.
SELECT cid FROM dict.entries WHERE key_hash = :key_hash AND cid = :cid AND status <> 'PENDING' FOR UPDATE;

--! remove_key
SELECT dict.remove_key(:key_hash, :participant, :cid, :unless_claimed, :now) AS removed;

--! mark_blocked
-- A court's block, as the directory says it. Its CID stays.
UPDATE dict.entries SET status = :status, updated_at = :now
WHERE key_hash = :key_hash AND cid = :cid AND status <> 'PENDING' AND status <> :status
RETURNING true AS marked;
