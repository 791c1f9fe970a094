-- Random bytes that all servers share.

--! offer_secret
INSERT INTO identity.server_secrets (name, secret, created_at) VALUES (:name, :secret, :now)
ON CONFLICT (name) DO NOTHING
RETURNING name;

--! server_secret
SELECT secret FROM identity.server_secrets WHERE name = :name;
