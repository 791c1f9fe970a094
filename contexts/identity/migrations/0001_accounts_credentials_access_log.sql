-- Who is asking: users, tenants, their credentials, and the log of who did what.
-- migration_admin owns everything. No secret is stored as it is: passwords by argon2id, tokens and keys by SHA-256.

CREATE SCHEMA identity;

CREATE TABLE identity.users (
    id                   uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    email                text        NOT NULL UNIQUE CHECK (email ~ '^[!-~]+@[!-~]+$' AND length(email) <= 254),
    name                 text        NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    password_hash        text        NOT NULL CHECK (password_hash LIKE '$argon2id$%'),
    tier                 text        NOT NULL DEFAULT 'free' CHECK (tier IN ('free', 'premium')),
    upgrade_requested_at timestamptz,
    upgrade_message      text        CHECK (length(upgrade_message) <= 500),
    created_at           timestamptz NOT NULL,
    updated_at           timestamptz NOT NULL
);
COMMENT ON COLUMN identity.users.email IS 'lower case; the address signs in and is where mail goes';
CREATE INDEX idx_users_upgrade_requested_at ON identity.users (upgrade_requested_at) WHERE upgrade_requested_at IS NOT NULL;

CREATE TABLE identity.tenants (
    id         uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    name       text        NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    created_at timestamptz NOT NULL
);

CREATE TABLE identity.memberships (
    tenant_id  uuid        NOT NULL REFERENCES identity.tenants,
    user_id    uuid        NOT NULL REFERENCES identity.users ON DELETE CASCADE,
    role       text        NOT NULL CHECK (role IN ('owner', 'member')),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
);
CREATE INDEX idx_memberships_user_id ON identity.memberships (user_id, created_at);

CREATE TABLE identity.sessions (
    id                  uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id             uuid        NOT NULL REFERENCES identity.users ON DELETE CASCADE,
    token_hash          bytea       NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    created_at          timestamptz NOT NULL,
    last_used_at        timestamptz NOT NULL,
    idle_expires_at     timestamptz NOT NULL,
    absolute_expires_at timestamptz NOT NULL,
    CHECK (idle_expires_at <= absolute_expires_at)
);
CREATE INDEX idx_sessions_user_id ON identity.sessions (user_id);
CREATE INDEX idx_sessions_idle_expires_at ON identity.sessions (idle_expires_at);

CREATE TABLE identity.api_keys (
    id           uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id      uuid        NOT NULL REFERENCES identity.users ON DELETE CASCADE,
    name         text        NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    prefix       text        NOT NULL CHECK (prefix LIKE 'bgc\_%'),
    key_hash     bytea       NOT NULL UNIQUE CHECK (octet_length(key_hash) = 32),
    scopes       text[]      NOT NULL DEFAULT '{}',
    created_at   timestamptz NOT NULL,
    last_used_at timestamptz,
    expires_at   timestamptz
);
CREATE INDEX idx_api_keys_user_id ON identity.api_keys (user_id, created_at);

CREATE TABLE identity.password_resets (
    id         uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id    uuid        NOT NULL REFERENCES identity.users ON DELETE CASCADE,
    token_hash bytea       NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
COMMENT ON TABLE identity.password_resets IS 'open ones only: a used one is deleted with all others of its user';
CREATE INDEX idx_password_resets_user_id ON identity.password_resets (user_id);

-- Tries of guessable things, counted before they are made. The key is a keyed hash of what is tried and by whom,
-- so that unknown e-mails are counted as known ones are and no address can be read from here.
CREATE TABLE identity.attempts (
    key_hash       bytea       PRIMARY KEY CHECK (octet_length(key_hash) = 32),
    tries          integer     NOT NULL CHECK (tries >= 0),
    last_at        timestamptz NOT NULL,
    locked_until   timestamptz
);
CREATE INDEX idx_attempts_last_at ON identity.attempts (last_at);

-- From where an e-mail was signed in before: strangers who guess cannot lock its owner out there.
CREATE TABLE identity.known_addresses (
    email_hash   bytea       NOT NULL CHECK (octet_length(email_hash) = 32),
    address_hash bytea       NOT NULL CHECK (octet_length(address_hash) = 32),
    last_seen_at timestamptz NOT NULL,
    PRIMARY KEY (email_hash, address_hash)
);
CREATE INDEX idx_known_addresses_last_seen_at ON identity.known_addresses (last_seen_at);

-- Random bytes made once by the first server, so that replicas share them.
CREATE TABLE identity.server_secrets (
    name       text        PRIMARY KEY,
    secret     bytea       NOT NULL CHECK (octet_length(secret) >= 32),
    created_at timestamptz NOT NULL
);

-- Who did what, when, by which credential, with which result. No key to users: it outlives them.
CREATE TABLE identity.access_log (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at            timestamptz NOT NULL,
    actor         text        NOT NULL,
    user_id       uuid,
    action        text        NOT NULL,
    result        text        NOT NULL CHECK (result IN ('ok', 'refused')),
    credential    text        NOT NULL CHECK (credential IN ('none', 'session', 'api_key', 'token', 'operator')),
    credential_id text,
    address_hash  bytea       CHECK (octet_length(address_hash) = 32)
);
COMMENT ON COLUMN identity.access_log.actor IS 'subject, `operator`, or `anonymous`';
COMMENT ON COLUMN identity.access_log.user_id IS 'the user it is about; NULL where none is known';
COMMENT ON COLUMN identity.access_log.address_hash IS 'keyed hash of the client address (IPv6: of its /64 network)';
CREATE INDEX idx_access_log_user_id ON identity.access_log (user_id, id DESC);
CREATE INDEX idx_access_log_at ON identity.access_log USING brin (at);

-- Nothing is changed or taken out, whoever asks; only the retention function may take old rows out.
CREATE FUNCTION identity.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('identity.retention', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the access log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER access_log_append_only BEFORE UPDATE OR DELETE ON identity.access_log
    FOR EACH ROW EXECUTE FUNCTION identity.refuse_change();
CREATE TRIGGER access_log_not_truncated BEFORE TRUNCATE ON identity.access_log
    FOR EACH STATEMENT EXECUTE FUNCTION identity.refuse_change();

-- Takes out what is older than the retention. Thirty days by the database's own clock stay in any case:
-- whoever can call this must not be able to remove the trace of it.
CREATE FUNCTION identity.forget_access_log(p_before timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE v_forgotten bigint;
BEGIN
    PERFORM set_config('identity.retention', 'on', true);
    DELETE FROM identity.access_log WHERE at < least(p_before, now() - interval '30 days');
    GET DIAGNOSTICS v_forgotten = ROW_COUNT;
    PERFORM set_config('identity.retention', 'off', true);
    RETURN v_forgotten;
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA identity FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.forget_access_log(timestamptz) TO app_rw;

GRANT USAGE ON SCHEMA identity TO app_rw, readonly_audit;
GRANT SELECT, INSERT ON identity.users, identity.tenants, identity.memberships, identity.server_secrets,
    identity.access_log TO app_rw;
GRANT SELECT, INSERT, DELETE ON identity.sessions, identity.api_keys, identity.password_resets,
    identity.attempts, identity.known_addresses TO app_rw;
-- What changes, and nothing else: whose a credential is and what it consists of stay as they were entered.
GRANT UPDATE (password_hash, tier, upgrade_requested_at, upgrade_message, updated_at) ON identity.users TO app_rw;
GRANT UPDATE (last_used_at, idle_expires_at) ON identity.sessions TO app_rw;
GRANT UPDATE (last_used_at) ON identity.api_keys TO app_rw;
GRANT UPDATE (tries, last_at, locked_until) ON identity.attempts TO app_rw;
GRANT UPDATE (last_seen_at) ON identity.known_addresses TO app_rw;

-- Auditors see who there is and what was done; never a hash that could be attacked or a secret.
GRANT SELECT (id, email, name, tier, upgrade_requested_at, upgrade_message, created_at, updated_at) ON identity.users TO readonly_audit;
GRANT SELECT ON identity.tenants, identity.memberships TO readonly_audit;
GRANT SELECT (id, user_id, created_at, last_used_at, idle_expires_at, absolute_expires_at) ON identity.sessions TO readonly_audit;
GRANT SELECT (id, user_id, name, prefix, scopes, created_at, last_used_at, expires_at) ON identity.api_keys TO readonly_audit;
GRANT SELECT (id, user_id, created_at, expires_at) ON identity.password_resets TO readonly_audit;
GRANT SELECT (tries, last_at, locked_until) ON identity.attempts TO readonly_audit;
GRANT SELECT (name, created_at) ON identity.server_secrets TO readonly_audit;
GRANT SELECT (id, at, actor, user_id, action, result, credential, credential_id, address_hash) ON identity.access_log TO readonly_audit;
