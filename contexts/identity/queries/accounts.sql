-- Users and the tenant that each came with.

--! insert_user
INSERT INTO identity.users (email, name, password_hash, created_at, updated_at)
VALUES (:email, :name, :password_hash, :now, :now)
ON CONFLICT (email) DO NOTHING
RETURNING id::text AS id;

--! insert_tenant
INSERT INTO identity.tenants (name, created_at) VALUES (:name, :now) RETURNING id::text AS id;

--! insert_membership
INSERT INTO identity.memberships (tenant_id, user_id, role, created_at)
VALUES (:tenant_id::text::uuid, :user_id::text::uuid, :role, :now)
RETURNING role;

--! account (session_id?) : (upgrade_requested_at?, session_expires_at?)
SELECT u.id::text AS id, u.email, u.name, u.tier, u.upgrade_requested_at, u.created_at,
       t.id::text AS tenant_id, t.name AS tenant_name, s.idle_expires_at AS session_expires_at
FROM identity.users u
JOIN LATERAL (
    SELECT m.tenant_id FROM identity.memberships m WHERE m.user_id = u.id ORDER BY m.created_at, m.tenant_id LIMIT 1
) AS first ON true
JOIN identity.tenants t ON t.id = first.tenant_id
LEFT JOIN identity.sessions s ON s.id = :session_id::text::uuid AND s.user_id = u.id
WHERE u.id = :user_id::text::uuid;

--! credentials_by_email
SELECT id::text AS id, password_hash FROM identity.users WHERE email = :email;

--! credentials_by_id
SELECT email, password_hash FROM identity.users WHERE id = :user_id::text::uuid;

--! lock_user
SELECT password_hash FROM identity.users WHERE id = :user_id::text::uuid FOR UPDATE;

--! update_password
UPDATE identity.users SET password_hash = :password_hash, updated_at = :now
WHERE id = :user_id::text::uuid
RETURNING email;

--! request_upgrade (message?)
UPDATE identity.users
SET upgrade_requested_at = CASE WHEN tier = 'free' THEN coalesce(upgrade_requested_at, :now) END,
    upgrade_message = CASE WHEN tier = 'free' THEN coalesce(upgrade_message, :message) END
WHERE id = :user_id::text::uuid
RETURNING coalesce(upgrade_requested_at, :now) AS upgrade_requested_at;

--! set_tier
UPDATE identity.users
SET tier = :tier, updated_at = :now,
    upgrade_requested_at = CASE WHEN :tier = 'premium' THEN NULL ELSE upgrade_requested_at END,
    upgrade_message = CASE WHEN :tier = 'premium' THEN NULL ELSE upgrade_message END
WHERE email = :who OR id::text = :who
RETURNING id::text AS id, email;

--! list_users : (upgrade_requested_at?, upgrade_message?)
SELECT u.id::text AS id, u.email, u.name, u.tier, u.upgrade_requested_at, u.upgrade_message, u.created_at,
       (SELECT t.name FROM identity.memberships m JOIN identity.tenants t ON t.id = m.tenant_id
        WHERE m.user_id = u.id ORDER BY m.created_at, m.tenant_id LIMIT 1) AS tenant_name
FROM identity.users u
WHERE NOT :only_requested OR u.upgrade_requested_at IS NOT NULL
ORDER BY u.created_at, u.id
LIMIT :limit;
