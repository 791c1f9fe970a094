-- What is over.

--! forget_sessions
WITH gone AS (
    DELETE FROM identity.sessions WHERE idle_expires_at <= :now OR absolute_expires_at <= :now RETURNING 1)
SELECT count(*) AS forgotten FROM gone;

--! forget_password_resets
WITH gone AS (DELETE FROM identity.password_resets WHERE expires_at <= :now RETURNING 1)
SELECT count(*) AS forgotten FROM gone;

--! forget_api_keys
WITH gone AS (DELETE FROM identity.api_keys WHERE expires_at <= :before RETURNING 1)
SELECT count(*) AS forgotten FROM gone;

--! forget_attempts
WITH gone AS (DELETE FROM identity.attempts WHERE last_at <= :before AND coalesce(locked_until <= :now, true) RETURNING 1)
SELECT count(*) AS forgotten FROM gone;

--! forget_known_addresses
WITH gone AS (DELETE FROM identity.known_addresses WHERE last_seen_at <= :before RETURNING 1)
SELECT count(*) AS forgotten FROM gone;

--! forget_access_log
SELECT identity.forget_access_log(:before) AS forgotten;
