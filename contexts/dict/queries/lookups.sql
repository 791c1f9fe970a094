-- Look-ups: own base, and what is remembered of those that the directory answered.

--: OwnEntry()

--! own_entry : OwnEntry
SELECT key_hash, participant, key_type, status, data_key_id, sealed, created_at, key_owned_since
FROM dict.entries WHERE key_hash = :key_hash;

--! own_entries : OwnEntry
-- Of many keys at once. The join is written so that each key is looked for in its own partition alone; `= ANY` would look
-- for every key in every partition.
SELECT e.key_hash, e.participant, e.key_type, e.status, e.data_key_id, e.sealed, e.created_at, e.key_owned_since
FROM unnest(:key_hashes::bytea[]) AS asked (key_hash)
CROSS JOIN LATERAL (SELECT * FROM dict.entries WHERE dict.entries.key_hash = asked.key_hash) e;

--! remember_lookup
-- Looked up again for the same payment, it stays as it was: it is paid back once.
INSERT INTO dict.lookups (lookup_hash, participant, key_type, created_at)
VALUES (:lookup_hash, :participant, :key_type, :now)
ON CONFLICT (lookup_hash) DO NOTHING
RETURNING true AS remembered;

--! unpaid_lookup
SELECT key_type FROM dict.lookups
WHERE lookup_hash = :lookup_hash AND paid_back_at IS NULL AND created_at > :remembered_since;

--! pay_lookup_back
UPDATE dict.lookups SET paid_back_at = :now
WHERE lookup_hash = :lookup_hash AND paid_back_at IS NULL
RETURNING true AS first_time;

--! forget_lookups
DELETE FROM dict.lookups WHERE lookup_hash IN (
    SELECT lookup_hash FROM dict.lookups WHERE created_at <= :remembered_since LIMIT :most_rows
)
RETURNING true AS gone;
