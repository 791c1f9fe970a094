-- The Core DICT's record. The distribution column is key_hash (request_id and account_hash where there is no key yet), and every
-- primary key and unique index carries it, so that the tables can be distributed as they are.
--
-- What names a person (keys, tax ids, names, account numbers) is only in `sealed` columns: AES-256-GCM under the data key
-- data_key_id, bound to its row. Look-ups go by *_hash: HMAC-SHA256 under the hash key of this installation.

CREATE SCHEMA dict;

-- Keys that seal and hash; each is wrapped under the master key, which PostgreSQL never sees.
CREATE TABLE dict.crypto_keys (
    key_id     integer     PRIMARY KEY,
    purpose    text        NOT NULL CHECK (purpose IN ('data', 'hash')),
    wrapped    bytea       NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE TABLE dict.entries (
    key_hash        bytea   PRIMARY KEY CHECK (octet_length(key_hash) = 32),
    key_type        text        NOT NULL CHECK (key_type IN ('CPF', 'CNPJ', 'PHONE', 'EMAIL', 'EVP')),
    participant     text COLLATE "C"   NOT NULL CHECK (octet_length(participant) = 8),
    account_hash    bytea   NOT NULL CHECK (octet_length(account_hash) = 32),
    owner_hash      bytea   NOT NULL CHECK (octet_length(owner_hash) = 32),
    -- PENDING: the directory did not say yet. BLOCKED: by a court.
    status          text        NOT NULL CHECK (status IN ('PENDING', 'ACTIVE', 'BLOCKED')),
    cid             bytea   NOT NULL CHECK (octet_length(cid) = 32),
    request_id      uuid        NOT NULL,
    data_key_id     integer     NOT NULL,
    sealed          bytea       NOT NULL,
    created_at      timestamptz NOT NULL,
    key_owned_since timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL
) PARTITION BY HASH (key_hash);
CREATE INDEX idx_entries_account ON dict.entries (account_hash, created_at, key_hash);
CREATE INDEX idx_entries_cid ON dict.entries (cid);
DO $$ BEGIN
    FOR i IN 0..15 LOOP
        EXECUTE format('CREATE TABLE dict.entries_%s PARTITION OF dict.entries FOR VALUES WITH (MODULUS 16, REMAINDER %s)', i, i);
    END LOOP;
END $$;

-- How many keys each account has: the limit is kept under this row's lock.
CREATE TABLE dict.accounts (
    account_hash bytea PRIMARY KEY CHECK (octet_length(account_hash) = 32),
    participant  text COLLATE "C" NOT NULL CHECK (octet_length(participant) = 8),
    key_count    integer   NOT NULL CHECK (key_count >= 0)
);

-- One row per request_id of an institution: what was asked, and what was answered.
CREATE TABLE dict.requests (
    participant text COLLATE "C"   NOT NULL CHECK (octet_length(participant) = 8),
    request_id  uuid        NOT NULL,
    method      text        NOT NULL CHECK (method IN ('CREATE_KEY', 'START_CLAIM')),
    fingerprint bytea   NOT NULL CHECK (octet_length(fingerprint) = 32),
    -- PENDING: reserved, and the directory was or will be asked. DONE: answered, and the answer stands.
    status      text        NOT NULL CHECK (status IN ('PENDING', 'DONE')),
    key_hash    bytea CHECK (octet_length(key_hash) = 32),
    data_key_id integer     NOT NULL,
    -- While PENDING the request, so that it can be asked again after a crash; then the answer.
    sealed      bytea       NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (request_id, participant)
);
CREATE INDEX idx_requests_pending ON dict.requests (updated_at) WHERE status = 'PENDING';
CREATE INDEX idx_requests_created_at ON dict.requests (created_at);

CREATE TABLE dict.claims (
    key_hash                bytea   NOT NULL CHECK (octet_length(key_hash) = 32),
    claim_id                uuid        NOT NULL,
    claim_type              text        NOT NULL CHECK (claim_type IN ('OWNERSHIP', 'PORTABILITY')),
    key_type                text        NOT NULL CHECK (key_type IN ('CPF', 'CNPJ', 'PHONE', 'EMAIL', 'EVP')),
    status                  text        NOT NULL
        CHECK (status IN ('OPEN', 'WAITING_RESOLUTION', 'CONFIRMED', 'CANCELLED', 'COMPLETED')),
    donor_participant       text COLLATE "C"   NOT NULL CHECK (octet_length(donor_participant) = 8),
    claimer_participant     text COLLATE "C"   NOT NULL CHECK (octet_length(claimer_participant) = 8),
    data_key_id             integer     NOT NULL,
    sealed                  bytea       NOT NULL,
    opened_at               timestamptz NOT NULL,
    resolution_period_end   timestamptz NOT NULL,
    completion_period_end   timestamptz,
    last_modified           timestamptz NOT NULL,
    confirm_reason          text,
    cancel_reason           text,
    cancelled_by            text        CHECK (cancelled_by IN ('DONOR', 'CLAIMER')),
    -- The claimer's: fixed before completion is first tried, so that trying again is the same request.
    completion_request_id   uuid,
    possession_confirmed_at timestamptz,
    PRIMARY KEY (key_hash, claim_id)
);
CREATE UNIQUE INDEX idx_claims_open ON dict.claims (key_hash) WHERE status IN ('OPEN', 'WAITING_RESOLUTION', 'CONFIRMED');
CREATE INDEX idx_claims_claim_id ON dict.claims (claim_id);
CREATE INDEX idx_claims_donor ON dict.claims (donor_participant, last_modified, claim_id);
CREATE INDEX idx_claims_claimer ON dict.claims (claimer_participant, last_modified, claim_id);
CREATE INDEX idx_claims_due ON dict.claims (resolution_period_end)
    WHERE status IN ('OPEN', 'WAITING_RESOLUTION', 'CONFIRMED');

-- Without a cache: whoever holds a key's row lock draws a number above all that this key had before. Numbers that
-- sessions keep for themselves would let a deletion overtake the creation that came before it.
CREATE SEQUENCE dict.event_numbers AS bigint;

-- Every CID that ever came or went (Manual Operacional do DICT, section 9).
CREATE TABLE dict.cid_events (
    key_hash     bytea   NOT NULL CHECK (octet_length(key_hash) = 32),
    event_number bigint      NOT NULL DEFAULT nextval('dict.event_numbers'),
    participant  text COLLATE "C"   NOT NULL CHECK (octet_length(participant) = 8),
    key_type     text        NOT NULL,
    added        boolean     NOT NULL,
    cid          bytea   NOT NULL CHECK (octet_length(cid) = 32),
    occurred_at  timestamptz NOT NULL,
    PRIMARY KEY (key_hash, event_number)
);
CREATE INDEX idx_cid_events_time ON dict.cid_events (participant, key_type, occurred_at, event_number);

-- Events on their way out; a row goes when the broker has it. No personal data: a key is named by its hash.
CREATE TABLE dict.outbox (
    key_hash     bytea   NOT NULL CHECK (octet_length(key_hash) = 32),
    event_number bigint      NOT NULL DEFAULT nextval('dict.event_numbers'),
    -- Without the prefix: entries.created, claims.confirmed, portability.cancelled …
    topic        text        NOT NULL,
    payload      jsonb       NOT NULL,
    created_at   timestamptz NOT NULL,
    leased_until timestamptz,
    attempts     integer     NOT NULL DEFAULT 0,
    PRIMARY KEY (key_hash, event_number)
)
-- A queue: rows come, are leased in place (room is left for that) and go; what they leave behind is cleared by number,
-- not by share, because the table is nearly empty most of the time.
WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
CREATE INDEX idx_outbox_event_number ON dict.outbox (event_number);

-- Codes sent to phones and mailboxes.
CREATE TABLE dict.possessions (
    key_hash      bytea   NOT NULL CHECK (octet_length(key_hash) = 32),
    possession_id uuid        NOT NULL,
    participant   text COLLATE "C"   NOT NULL CHECK (octet_length(participant) = 8),
    code_hash     bytea   NOT NULL CHECK (octet_length(code_hash) = 32),
    tries         integer     NOT NULL DEFAULT 0,
    created_at    timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    confirmed_at  timestamptz,
    -- A possession proves one thing once.
    used_at       timestamptz,
    PRIMARY KEY (key_hash, possession_id)
);
CREATE INDEX idx_possessions_expires_at ON dict.possessions (expires_at);

-- Who leads which job, until when.
CREATE TABLE dict.leases (
    name       text        PRIMARY KEY,
    holder     text        NOT NULL,
    held_until timestamptz NOT NULL
);

-- Token buckets where there is no Redis; tokens may be negative. Counted in millionths of a token.
CREATE TABLE dict.buckets (
    bucket_hash   bytea   PRIMARY KEY CHECK (octet_length(bucket_hash) = 32),
    micro_tokens  bigint      NOT NULL,
    refilled_at   timestamptz NOT NULL
);

-- Look-ups that the directory answered and no payment followed yet: each is paid back once.
CREATE TABLE dict.lookups (
    lookup_hash bytea   PRIMARY KEY CHECK (octet_length(lookup_hash) = 32),
    participant text COLLATE "C"   NOT NULL CHECK (octet_length(participant) = 8),
    key_type    text        NOT NULL,
    natural_person boolean  NOT NULL,
    created_at  timestamptz NOT NULL
);
CREATE INDEX idx_lookups_created_at ON dict.lookups (created_at);

-- How far each job got, by name: claims heard of, verifications made.
CREATE TABLE dict.cursors (
    participant text COLLATE "C"   NOT NULL CHECK (octet_length(participant) = 8),
    name        text        NOT NULL,
    at          timestamptz NOT NULL,
    ok          boolean     NOT NULL DEFAULT true,
    PRIMARY KEY (participant, name)
);

-- Messages of others that were dealt with, so that none is twice.
CREATE TABLE dict.consumed_messages (
    message_id  text COLLATE "C" PRIMARY KEY CHECK (octet_length(message_id) BETWEEN 1 AND 200),
    consumed_at timestamptz NOT NULL
);
CREATE INDEX idx_consumed_messages_consumed_at ON dict.consumed_messages (consumed_at);

GRANT USAGE ON SCHEMA dict TO app_rw, readonly_audit;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA dict TO app_rw;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA dict TO app_rw;
-- An auditor sees what happened, not the wrapped keys.
GRANT SELECT ON dict.entries, dict.accounts, dict.claims, dict.cid_events, dict.outbox, dict.cursors, dict.leases TO readonly_audit;
-- Keys of cryptography and the history of CIDs are never taken away by the application.
REVOKE DELETE, UPDATE ON dict.cid_events FROM app_rw;
REVOKE DELETE, UPDATE ON dict.crypto_keys FROM app_rw;
