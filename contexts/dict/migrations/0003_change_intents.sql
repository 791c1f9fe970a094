-- Changes and removals of entries that the directory was asked for and whose end is not noted here: who dies between the
-- directory's answer and ours leaves one behind, and the jobs find out what became of it.
CREATE TABLE dict.change_intents (
    key_hash    bytea            NOT NULL CHECK (octet_length(key_hash) = 32),
    intent_id   uuid             NOT NULL,
    participant text COLLATE "C" NOT NULL CHECK (octet_length(participant) = 8),
    key_type    text             NOT NULL,
    cid         bytea            NOT NULL CHECK (octet_length(cid) = 32),
    -- What it is to become; none for a removal.
    new_cid     bytea            CHECK (octet_length(new_cid) = 32),
    noted_at    timestamptz      NOT NULL,
    PRIMARY KEY (key_hash, intent_id)
);
CREATE INDEX idx_change_intents_noted_at ON dict.change_intents (noted_at);

GRANT SELECT, INSERT, DELETE ON dict.change_intents TO app_rw;
GRANT SELECT ON dict.change_intents TO readonly_audit;
