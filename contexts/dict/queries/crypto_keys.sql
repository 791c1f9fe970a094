-- Keys that seal and hash, wrapped under the master key.

--! crypto_keys
SELECT key_id, purpose, wrapped, created_at FROM dict.crypto_keys ORDER BY key_id;

--! offer_crypto_key
-- Two servers that start at once agree on the first one's.
INSERT INTO dict.crypto_keys (key_id, purpose, wrapped, created_at)
VALUES (:key_id, :purpose, :wrapped, :now)
ON CONFLICT (key_id) DO NOTHING
RETURNING true AS taken;
