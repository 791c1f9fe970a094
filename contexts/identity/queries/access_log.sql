-- Who did what.

--! insert_access (user_id?, credential_id?, address_hash?)
INSERT INTO identity.access_log (at, actor, user_id, action, result, credential, credential_id, address_hash)
VALUES (:at, :actor, :user_id::text::uuid, :action, :result, :credential, :credential_id, :address_hash)
RETURNING id;

--! activity
SELECT at, action, result, credential FROM identity.access_log
WHERE user_id = :user_id::text::uuid
ORDER BY id DESC
LIMIT :limit;
