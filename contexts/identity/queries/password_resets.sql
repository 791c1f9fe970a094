-- Open password resets. Taking one deletes it, so that it works once.

--! insert_password_reset
INSERT INTO identity.password_resets (user_id, token_hash, created_at, expires_at)
VALUES (:user_id::text::uuid, :token_hash, :now, :expires_at)
RETURNING id::text AS id;

--! open_password_reset
SELECT u.email FROM identity.password_resets r JOIN identity.users u ON u.id = r.user_id
WHERE r.token_hash = :token_hash AND r.expires_at > :now;

--! lock_user_of_reset
SELECT u.id::text AS id FROM identity.users u
WHERE u.id = (SELECT r.user_id FROM identity.password_resets r WHERE r.token_hash = :token_hash)
FOR UPDATE;

--! take_password_reset
DELETE FROM identity.password_resets WHERE token_hash = :token_hash AND expires_at > :now
RETURNING user_id::text AS user_id;

--! delete_password_resets_of_user
DELETE FROM identity.password_resets WHERE user_id = :user_id::text::uuid RETURNING id::text AS id;
