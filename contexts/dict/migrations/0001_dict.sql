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

-- entries, accounts, requests, cid_events and outbox have no CHECK: PostgreSQL reads each anew from the catalogue for every
-- statement, which took longer than writing the rows. What is written there comes from types that hold nothing else, and
-- what is read is parsed into them.
CREATE TABLE dict.entries (
    key_hash        bytea   PRIMARY KEY,
    key_type        text        NOT NULL,
    participant     text COLLATE "C"   NOT NULL,
    account_hash    bytea   NOT NULL,
    owner_hash      bytea   NOT NULL,
    -- PENDING: the directory did not say yet; ACTIVE; BLOCKED: by a court.
    status          text        NOT NULL,
    cid             bytea   NOT NULL,
    request_id      uuid        NOT NULL,
    data_key_id     integer     NOT NULL,
    sealed          bytea       NOT NULL,
    created_at      timestamptz NOT NULL,
    key_owned_since timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL
) PARTITION BY HASH (key_hash);
-- An account has few keys: their order is made when they are read.
CREATE INDEX idx_entries_account ON dict.entries (account_hash);
-- The set that is compared with the directory's, read from the index alone.
CREATE INDEX idx_entries_cid ON dict.entries (participant, key_type, cid);
DO $$ BEGIN
    FOR i IN 0..15 LOOP
        EXECUTE format('CREATE TABLE dict.entries_%s PARTITION OF dict.entries FOR VALUES WITH (MODULUS 16, REMAINDER %s)', i, i);
    END LOOP;
END $$;

-- How many keys each account has: the limit is kept under this row's lock.
CREATE TABLE dict.accounts (
    account_hash bytea PRIMARY KEY,
    participant  text COLLATE "C" NOT NULL,
    key_count    integer   NOT NULL
);

-- One row per request_id of an institution: what was asked, and what was answered.
CREATE TABLE dict.requests (
    participant text COLLATE "C"   NOT NULL,
    request_id  uuid        NOT NULL,
    -- CREATE_KEY or START_CLAIM.
    method      text        NOT NULL,
    fingerprint bytea   NOT NULL,
    -- PENDING: reserved, and the directory was or will be asked. DONE: answered, and the answer stands.
    status      text        NOT NULL,
    -- Of a key that is not to be registered but claimed, or whose entry is PENDING.
    key_hash    bytea,
    data_key_id integer     NOT NULL,
    -- While PENDING the request, so that it can be asked again after a crash; then the answer.
    sealed      bytea       NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (request_id, participant)
);
CREATE INDEX idx_requests_pending ON dict.requests (updated_at) WHERE status = 'PENDING';
CREATE INDEX idx_requests_created_at ON dict.requests USING brin (created_at);

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
    -- The directory refused what a job had to do: not to be tried again before.
    retry_at                timestamptz,
    -- The request of the claimer's institution that opened it, where that came through this base.
    request_id              uuid,
    -- Of the donor's entry, when it was given up here: portability keeps it.
    key_owned_since         timestamptz,
    PRIMARY KEY (key_hash, claim_id)
);
CREATE UNIQUE INDEX idx_claims_open ON dict.claims (key_hash) WHERE status IN ('OPEN', 'WAITING_RESOLUTION', 'CONFIRMED');
CREATE INDEX idx_claims_claim_id ON dict.claims (claim_id);
CREATE INDEX idx_claims_donor ON dict.claims (donor_participant, last_modified, claim_id);
CREATE INDEX idx_claims_claimer ON dict.claims (claimer_participant, last_modified, claim_id);
CREATE INDEX idx_claims_due ON dict.claims (status, resolution_period_end, claim_id)
    WHERE status IN ('OPEN', 'WAITING_RESOLUTION', 'CONFIRMED');

-- Without a cache: whoever holds a key's row lock draws a number above all that this key had before. Numbers that
-- sessions keep for themselves would let a deletion overtake the creation that came before it.
CREATE SEQUENCE dict.event_numbers AS bigint;

-- Every CID that ever came or went (Manual Operacional do DICT, section 9).
CREATE TABLE dict.cid_events (
    key_hash     bytea   NOT NULL,
    event_number bigint      NOT NULL DEFAULT nextval('dict.event_numbers'),
    participant  text COLLATE "C"   NOT NULL,
    key_type     text        NOT NULL,
    added        boolean     NOT NULL,
    cid          bytea   NOT NULL,
    occurred_at  timestamptz NOT NULL,
    PRIMARY KEY (key_hash, event_number)
);
CREATE INDEX idx_cid_events_time ON dict.cid_events (participant, key_type, occurred_at, event_number);

-- Events on their way out; a row goes when the broker has it. No personal data: a key is named by its hash.
CREATE TABLE dict.outbox (
    key_hash     bytea   NOT NULL,
    event_number bigint      NOT NULL DEFAULT nextval('dict.event_numbers'),
    -- Without the prefix: entries.created, claims.confirmed, portability.cancelled …
    topic        text        NOT NULL,
    payload      jsonb       NOT NULL,
    created_at   timestamptz NOT NULL,
    -- Refused by whoever it was sent to: how often, and not to be sent again before.
    attempts     integer     NOT NULL DEFAULT 0,
    postponed_until timestamptz,
    PRIMARY KEY (key_hash, event_number)
)
-- A queue: what rows that went leave behind is cleared by number, not by share, because the table is nearly empty most
-- of the time.
WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
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

-- What is one round trip. These run with the rights of who calls them; a row comes in as a value of its table's type.

-- Notes that a CID came or went and, where a topic is given, that the world is to hear of it.
CREATE FUNCTION dict.note_entry(p_entry dict.entries, p_added boolean, p_topic text, p_at timestamptz) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO dict.cid_events (key_hash, participant, key_type, added, cid, occurred_at)
    VALUES (p_entry.key_hash, p_entry.participant, p_entry.key_type, p_added, p_entry.cid, p_at);
    IF p_topic IS NOT NULL THEN
        INSERT INTO dict.outbox (key_hash, topic, payload, created_at)
        VALUES (p_entry.key_hash, p_topic, jsonb_build_object(
            'event_id', gen_random_uuid(), 'type', p_topic, 'participant', p_entry.participant,
            'key_type', p_entry.key_type, 'key_hash', encode(p_entry.key_hash, 'hex'),
            'cid', encode(p_entry.cid, 'hex'),
            'occurred_at', to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')), p_at);
    END IF;
END $$;

-- One key more for an account, unless it has p_keys_max already (none: no limit).
CREATE FUNCTION dict.count_key(p_account_hash bytea, p_participant text, p_keys_max integer) RETURNS boolean
LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO dict.accounts AS a (account_hash, participant, key_count) VALUES (p_account_hash, p_participant, 1)
    ON CONFLICT (account_hash) DO UPDATE SET key_count = a.key_count + 1
    WHERE p_keys_max IS NULL OR a.key_count < p_keys_max;
    RETURN FOUND;
END $$;

-- One key less.
CREATE FUNCTION dict.uncount_key(p_account_hash bytea) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    UPDATE dict.accounts SET key_count = key_count - 1 WHERE account_hash = p_account_hash AND key_count > 0;
END $$;

-- Takes a key for a request: for good where the request is DONE (no directory to ask), else only its account's room: who
-- gets the key is the directory's to say, and the entry is written once, when it has. A key that the directory is to make
-- has no hash yet. Locks are taken in one order everywhere: request, entry, account.
CREATE FUNCTION dict.register_key(
    p_request dict.requests, p_entry dict.entries, p_keys_max integer, p_possession_id uuid, p_confirmed_after timestamptz,
    OUT outcome text, OUT data_key_id integer, OUT sealed bytea)
LANGUAGE plpgsql
AS $$
DECLARE
    v_request dict.requests;
    v_inserted boolean := false;
BEGIN
    IF p_request.status = 'PENDING' THEN
        -- What a crash of PostgreSQL takes with it is in the directory at most, and comes back from there.
        PERFORM set_config('synchronous_commit', 'off', true);
    END IF;
    INSERT INTO dict.requests SELECT (p_request).* ON CONFLICT (request_id, participant) DO NOTHING;
    IF NOT FOUND THEN
        SELECT r.* INTO v_request FROM dict.requests r
        WHERE r.request_id = p_request.request_id AND r.participant = p_request.participant FOR UPDATE;
        IF NOT FOUND THEN
            outcome := 'BUSY';
        ELSIF v_request.method <> p_request.method OR v_request.fingerprint <> p_request.fingerprint THEN
            outcome := 'REQUEST_ID_USED';
        ELSIF v_request.status = 'DONE' THEN
            outcome := 'REPEATED';
            data_key_id := v_request.data_key_id;
            sealed := v_request.sealed;
        ELSE
            -- Whoever reserved it may no longer give it back by himself: see dict.release_key.
            UPDATE dict.requests SET updated_at = greatest(p_request.updated_at, created_at + interval '1 microsecond')
            WHERE request_id = p_request.request_id AND participant = p_request.participant;
            outcome := 'UNDER_WAY';
        END IF;
        RETURN;
    END IF;
    IF p_request.status = 'DONE' THEN
        INSERT INTO dict.entries SELECT (p_entry).* ON CONFLICT (key_hash) DO NOTHING;
        v_inserted := FOUND;
    END IF;
    -- Asked first whether there is one: the answer is nearly always no.
    IF NOT v_inserted AND EXISTS (SELECT FROM dict.entries e WHERE e.key_hash = p_entry.key_hash) THEN
        SELECT CASE
            WHEN e.request_id = p_request.request_id AND e.participant = p_entry.participant
                THEN CASE WHEN e.cid = p_entry.cid THEN 'REGISTERED' ELSE 'REQUEST_ID_USED' END
            WHEN e.owner_hash <> p_entry.owner_hash THEN 'OTHER_PERSON'
            WHEN e.participant <> p_entry.participant THEN 'OTHER_PARTICIPANT'
            ELSE 'SAME' END
        INTO outcome FROM dict.entries e WHERE e.key_hash = p_entry.key_hash;
        -- It went in between.
        outcome := coalesce(outcome, 'BUSY');
    ELSIF NOT v_inserted AND p_request.status = 'DONE' THEN
        outcome := 'BUSY';
    END IF;
    IF outcome IS NULL AND EXISTS (SELECT FROM dict.claims c WHERE c.key_hash = p_entry.key_hash
                                   AND c.status IN ('OPEN', 'WAITING_RESOLUTION', 'CONFIRMED')) THEN
        outcome := 'CLAIMED';
    END IF;
    IF outcome IS NULL AND NOT dict.count_key(p_entry.account_hash, p_entry.participant, p_keys_max) THEN
        outcome := 'FULL';
    END IF;
    IF outcome IS NULL AND p_possession_id IS NOT NULL THEN
        UPDATE dict.possessions SET used_at = p_request.created_at
        WHERE key_hash = p_entry.key_hash AND possession_id = p_possession_id AND participant = p_entry.participant
          AND confirmed_at > p_confirmed_after AND used_at IS NULL;
        IF NOT FOUND THEN
            outcome := 'NO_POSSESSION';
            PERFORM dict.uncount_key(p_entry.account_hash);
        END IF;
    END IF;
    IF outcome IS NOT NULL THEN
        DELETE FROM dict.requests WHERE request_id = p_request.request_id AND participant = p_request.participant;
        IF v_inserted THEN
            DELETE FROM dict.entries WHERE key_hash = p_entry.key_hash;
        END IF;
        RETURN;
    END IF;
    IF p_request.status = 'DONE' THEN
        PERFORM dict.note_entry(p_entry, true, 'entries.created', p_request.created_at);
    END IF;
    outcome := 'TAKEN';
END $$;

-- The directory did not say yet: the key is shown as PENDING, and nobody else may have it here. The request then names
-- its hash.
CREATE FUNCTION dict.keep_pending(p_entry dict.entries) RETURNS boolean
LANGUAGE plpgsql
AS $$
BEGIN
    UPDATE dict.requests r SET key_hash = p_entry.key_hash
    WHERE r.request_id = p_entry.request_id AND r.participant = p_entry.participant AND r.status = 'PENDING'
      AND r.key_hash IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO dict.entries SELECT (p_entry).* ON CONFLICT (key_hash) DO NOTHING;
    IF NOT FOUND THEN
        UPDATE dict.requests r SET key_hash = NULL
        WHERE r.request_id = p_entry.request_id AND r.participant = p_entry.participant;
        RETURN false;
    END IF;
    RETURN true;
END $$;

-- The directory has it: so has this base, and the request has its answer.
CREATE FUNCTION dict.activate_key(p_request dict.requests, p_entry dict.entries) RETURNS text
LANGUAGE plpgsql
AS $$
BEGIN
    UPDATE dict.requests r
    SET status = 'DONE', data_key_id = p_request.data_key_id, sealed = p_request.sealed, updated_at = p_request.updated_at
    -- Said this way it is found by its id, and not among all that are pending.
    WHERE r.request_id = p_request.request_id AND r.participant = p_request.participant AND r.status <> 'DONE';
    IF NOT FOUND THEN
        PERFORM FROM dict.requests r WHERE r.request_id = p_request.request_id AND r.participant = p_request.participant;
        RETURN CASE WHEN FOUND THEN 'DONE' ELSE 'GONE' END;
    END IF;
    -- An INSERT finds its partition by the row; an UPDATE would be planned anew each time to find it.
    INSERT INTO dict.entries AS e SELECT (p_entry).*
    ON CONFLICT (key_hash) DO UPDATE
    SET status = excluded.status, cid = excluded.cid, data_key_id = excluded.data_key_id, sealed = excluded.sealed,
        created_at = excluded.created_at, key_owned_since = excluded.key_owned_since, updated_at = excluded.updated_at
    WHERE e.request_id = excluded.request_id AND e.status = 'PENDING';
    IF NOT FOUND THEN
        -- Reconciliation was faster. What had no row of its own it has counted beside the reservation.
        PERFORM FROM dict.requests r
        WHERE r.request_id = p_request.request_id AND r.participant = p_request.participant AND r.key_hash IS NULL;
        IF FOUND THEN
            PERFORM dict.uncount_key(p_entry.account_hash);
        END IF;
        RETURN 'DONE';
    END IF;
    PERFORM dict.note_entry(p_entry, true, 'entries.created', p_entry.updated_at);
    RETURN 'ACTIVATED';
END $$;

-- The directory does not have it: what was reserved is given back. With p_unless_joined only where no other call works
-- on the same request: what that one did in the directory is not known here.
CREATE FUNCTION dict.release_key(
    p_participant text, p_request_id uuid, p_key_hash bytea, p_account_hash bytea, p_possession_id uuid,
    p_unless_joined boolean) RETURNS boolean
LANGUAGE plpgsql
AS $$
DECLARE v_kept_hash bytea;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    DELETE FROM dict.requests
    WHERE request_id = p_request_id AND participant = p_participant AND status = 'PENDING'
      AND NOT (p_unless_joined AND updated_at > created_at)
    RETURNING key_hash INTO v_kept_hash;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF v_kept_hash IS NOT NULL THEN
        DELETE FROM dict.entries WHERE key_hash = v_kept_hash AND request_id = p_request_id AND status = 'PENDING';
        IF NOT FOUND THEN
            RETURN true;
        END IF;
    END IF;
    PERFORM dict.uncount_key(p_account_hash);
    IF p_possession_id IS NOT NULL THEN
        -- It proved nothing yet.
        UPDATE dict.possessions SET used_at = NULL WHERE key_hash = p_key_hash AND possession_id = p_possession_id;
    END IF;
    RETURN true;
END $$;

-- An entry takes the place of what stands under its key. p_expected_cid: only where that is what stands there.
-- p_keys_max: only where its account has room (none: the directory has decided already).
CREATE FUNCTION dict.put_key(p_entry dict.entries, p_expected_cid bytea, p_keys_max integer) RETURNS text
LANGUAGE plpgsql
AS $$
DECLARE v_old dict.entries;
BEGIN
    SELECT e.* INTO v_old FROM dict.entries e WHERE e.key_hash = p_entry.key_hash FOR UPDATE;
    IF NOT FOUND THEN
        IF p_expected_cid IS NOT NULL THEN
            RETURN 'MOVED_ON';
        END IF;
        INSERT INTO dict.entries SELECT (p_entry).* ON CONFLICT (key_hash) DO NOTHING;
        IF NOT FOUND THEN
            RETURN 'MOVED_ON';
        END IF;
        IF NOT dict.count_key(p_entry.account_hash, p_entry.participant, p_keys_max) THEN
            DELETE FROM dict.entries WHERE key_hash = p_entry.key_hash;
            RETURN 'FULL';
        END IF;
        PERFORM dict.note_entry(p_entry, true, 'entries.created', p_entry.updated_at);
        RETURN 'INSERTED';
    END IF;
    IF p_expected_cid IS NOT NULL AND (v_old.cid <> p_expected_cid OR v_old.participant <> p_entry.participant
                                       OR v_old.status = 'PENDING') THEN
        RETURN 'MOVED_ON';
    END IF;
    IF v_old.account_hash <> p_entry.account_hash THEN
        -- Both rows in one order, so that two moves against each other do not wait for each other.
        PERFORM FROM dict.accounts a WHERE a.account_hash IN (v_old.account_hash, p_entry.account_hash)
        ORDER BY a.account_hash FOR UPDATE;
        IF NOT dict.count_key(p_entry.account_hash, p_entry.participant, p_keys_max) THEN
            RETURN 'FULL';
        END IF;
        PERFORM dict.uncount_key(v_old.account_hash);
    END IF;
    UPDATE dict.entries e
    SET participant = p_entry.participant, account_hash = p_entry.account_hash, owner_hash = p_entry.owner_hash,
        status = p_entry.status, cid = p_entry.cid, request_id = p_entry.request_id, data_key_id = p_entry.data_key_id,
        sealed = p_entry.sealed, created_at = p_entry.created_at, key_owned_since = p_entry.key_owned_since,
        updated_at = p_entry.updated_at
    WHERE e.key_hash = p_entry.key_hash;
    IF v_old.status = 'PENDING' THEN
        PERFORM dict.note_entry(p_entry, true, 'entries.created', p_entry.updated_at);
        RETURN 'INSERTED';
    END IF;
    IF v_old.cid = p_entry.cid THEN
        RETURN 'SAME';
    END IF;
    IF v_old.participant = p_entry.participant THEN
        PERFORM dict.note_entry(v_old, false, NULL, p_entry.updated_at);
        PERFORM dict.note_entry(p_entry, true, 'entries.updated', p_entry.updated_at);
    ELSE
        PERFORM dict.note_entry(v_old, false, 'entries.deleted', p_entry.updated_at);
        PERFORM dict.note_entry(p_entry, true, 'entries.created', p_entry.updated_at);
    END IF;
    RETURN 'OVERWRITTEN';
END $$;

-- Removes an entry, if it is still the one with that CID. With p_unless_claimed only where no claim of it is open.
CREATE FUNCTION dict.remove_key(
    p_key_hash bytea, p_participant text, p_cid bytea, p_unless_claimed boolean, p_at timestamptz) RETURNS boolean
LANGUAGE plpgsql
AS $$
DECLARE v_old dict.entries;
BEGIN
    -- Who opens a claim holds the entry; what he wrote is seen by the next statement, not by the one that waited.
    PERFORM FROM dict.entries e WHERE e.key_hash = p_key_hash FOR UPDATE;
    DELETE FROM dict.entries e
    WHERE e.key_hash = p_key_hash AND e.participant = p_participant AND e.cid = p_cid AND e.status <> 'PENDING'
      AND NOT (p_unless_claimed AND EXISTS (
          SELECT FROM dict.claims c WHERE c.key_hash = p_key_hash
          AND c.status IN ('OPEN', 'WAITING_RESOLUTION', 'CONFIRMED')))
    RETURNING e.* INTO v_old;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM dict.uncount_key(v_old.account_hash);
    PERFORM dict.note_entry(v_old, false, 'entries.deleted', p_at);
    RETURN true;
END $$;

GRANT USAGE ON SCHEMA dict TO app_rw, readonly_audit;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA dict TO app_rw;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA dict TO app_rw;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA dict TO app_rw;
-- An auditor sees what happened, not the wrapped keys.
GRANT SELECT ON dict.entries, dict.accounts, dict.claims, dict.cid_events, dict.outbox, dict.cursors, dict.leases TO readonly_audit;
-- Keys of cryptography and the history of CIDs are never taken away by the application.
REVOKE DELETE, UPDATE ON dict.cid_events FROM app_rw;
REVOKE DELETE, UPDATE ON dict.crypto_keys FROM app_rw;
