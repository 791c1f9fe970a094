-- Keys that programs show.

--! list_api_keys : (last_used_at?, expires_at?)
SELECT id::text AS id, name, prefix, scopes, created_at, last_used_at, expires_at
FROM identity.api_keys WHERE user_id = :user_id::text::uuid
ORDER BY created_at DESC, id;

--! count_api_keys
SELECT count(*) AS kept FROM identity.api_keys WHERE user_id = :user_id::text::uuid;

--! insert_api_key (expires_at?)
INSERT INTO identity.api_keys (user_id, name, prefix, key_hash, scopes, created_at, expires_at)
VALUES (:user_id::text::uuid, :name, :prefix, :key_hash, :scopes, :now, :expires_at)
RETURNING id::text AS id;

--! delete_api_key
DELETE FROM identity.api_keys WHERE id = :key_id::text::uuid AND user_id = :user_id::text::uuid
RETURNING id::text AS id;

--! delete_api_keys_of_user
DELETE FROM identity.api_keys WHERE user_id = :user_id::text::uuid RETURNING id::text AS id;

--! authenticate_api_key : (tenant_id?)
WITH found AS (
    SELECT k.id, k.user_id, k.scopes, k.last_used_at, u.tier,
           (SELECT m.tenant_id FROM identity.memberships m
            WHERE m.user_id = k.user_id ORDER BY m.created_at, m.tenant_id LIMIT 1) AS tenant_id
    FROM identity.api_keys k JOIN identity.users u ON u.id = k.user_id
    WHERE k.key_hash = :key_hash AND (k.expires_at IS NULL OR k.expires_at > :now)
), touched AS (
    UPDATE identity.api_keys k SET last_used_at = :now
    FROM found WHERE k.id = found.id AND (found.last_used_at IS NULL OR found.last_used_at <= :touch_before)
    RETURNING k.id
)
SELECT id::text AS id, user_id::text AS user_id, scopes, tier, tenant_id::text AS tenant_id FROM found;
