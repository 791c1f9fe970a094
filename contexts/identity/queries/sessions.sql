-- Sessions of people at browsers.

--! insert_session
INSERT INTO identity.sessions (user_id, token_hash, created_at, last_used_at, idle_expires_at, absolute_expires_at)
VALUES (:user_id::text::uuid, :token_hash, :now, :now, :idle_expires_at, :absolute_expires_at)
RETURNING id::text AS id;

--! authenticate_session : (tenant_id?)
WITH found AS (
    SELECT s.id, s.user_id, s.last_used_at, u.tier,
           (SELECT m.tenant_id FROM identity.memberships m
            WHERE m.user_id = s.user_id ORDER BY m.created_at, m.tenant_id LIMIT 1) AS tenant_id
    FROM identity.sessions s JOIN identity.users u ON u.id = s.user_id
    WHERE s.token_hash = :token_hash AND s.idle_expires_at > :now AND s.absolute_expires_at > :now
), touched AS (
    UPDATE identity.sessions s
    SET last_used_at = :now, idle_expires_at = least(:idle_expires_at, s.absolute_expires_at)
    FROM found WHERE s.id = found.id AND found.last_used_at <= :touch_before
    RETURNING s.id
)
SELECT id::text AS id, user_id::text AS user_id, tier, tenant_id::text AS tenant_id FROM found;

--! session_is_open
SELECT EXISTS (SELECT FROM identity.sessions WHERE id = :session_id::text::uuid AND user_id = :user_id::text::uuid) AS open;

--! delete_session
DELETE FROM identity.sessions WHERE id = :session_id::text::uuid AND user_id = :user_id::text::uuid
RETURNING id::text AS id;

--! delete_sessions_of_user (keep_session_id?)
DELETE FROM identity.sessions
WHERE user_id = :user_id::text::uuid AND id IS DISTINCT FROM :keep_session_id::text::uuid
RETURNING id::text AS id;

--! delete_oldest_sessions
DELETE FROM identity.sessions
WHERE id IN (SELECT s.id FROM identity.sessions s WHERE s.user_id = :user_id::text::uuid
             ORDER BY s.last_used_at DESC, s.id OFFSET :keep)
RETURNING id::text AS id;
