-- How often something guessable was tried.

--! open_attempts
INSERT INTO identity.attempts (key_hash, tries, last_at)
SELECT k.key_hash, 0, :now FROM unnest(:keys::bytea[]) AS k (key_hash) ORDER BY k.key_hash
ON CONFLICT (key_hash) DO NOTHING
RETURNING key_hash;

--! lock_attempts : (locked_until?)
SELECT key_hash, tries, last_at, locked_until FROM identity.attempts
WHERE key_hash = ANY (:keys::bytea[])
ORDER BY key_hash
FOR UPDATE;

--! put_attempt (locked_until?)
INSERT INTO identity.attempts (key_hash, tries, last_at, locked_until)
VALUES (:key_hash, :tries, :last_at, :locked_until)
ON CONFLICT (key_hash) DO UPDATE
SET tries = excluded.tries, last_at = excluded.last_at, locked_until = excluded.locked_until
RETURNING key_hash;

--! forgive_attempts
DELETE FROM identity.attempts WHERE key_hash = ANY (:keys::bytea[]) RETURNING key_hash;

--! refund_attempt
UPDATE identity.attempts
SET tries = greatest(tries - 1, 0), locked_until = CASE WHEN tries - 1 < :free_tries THEN NULL ELSE locked_until END
WHERE key_hash = :key_hash
RETURNING tries;

--! is_known_address
SELECT EXISTS (SELECT FROM identity.known_addresses WHERE email_hash = :email_hash AND address_hash = :address_hash) AS known;

--! known_addresses
SELECT address_hash FROM identity.known_addresses WHERE email_hash = :email_hash
ORDER BY last_seen_at DESC LIMIT :limit;

--! know_address
INSERT INTO identity.known_addresses (email_hash, address_hash, last_seen_at)
VALUES (:email_hash, :address_hash, :now)
ON CONFLICT (email_hash, address_hash) DO UPDATE SET last_seen_at = excluded.last_seen_at
RETURNING last_seen_at;
