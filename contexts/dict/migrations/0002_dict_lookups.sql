-- Limits on look-ups. The distribution columns are bucket_hash and lookup_hash.

-- Token buckets where there is no Redis; tokens may be negative. Counted in millionths of a token.
CREATE TABLE dict.buckets (
    bucket_hash   bytea   PRIMARY KEY CHECK (octet_length(bucket_hash) = 32),
    -- What was charged is gone from it; what is held for look-ups under way is not.
    micro_tokens  bigint      NOT NULL,
    refilled_at   timestamptz NOT NULL,
    -- {hold id: [micro-tokens, until when, in microseconds since 1970]}
    holds         jsonb       NOT NULL DEFAULT '{}'
) WITH (fillfactor = 50);

-- Reads a bucket under its row's lock, makes it where there is none, adds what came since, and charges holds that nobody
-- settled in time. A bucket not touched since `known_since` starts there without tokens: what became of it is not known.
-- unit_us and unit_micro_tokens say how it fills: so many micro-tokens every so many microseconds.
CREATE FUNCTION dict.refill_bucket(
    bucket bytea, capacity bigint, unit_us bigint, unit_micro_tokens bigint, asked_at timestamptz, known_since timestamptz
) RETURNS dict.buckets LANGUAGE plpgsql AS $$
DECLARE
    it dict.buckets;
    units bigint;
    lapsed bigint;
    kept jsonb;
    now_us bigint := (extract(epoch FROM asked_at) * 1000000)::bigint;
BEGIN
    INSERT INTO dict.buckets (bucket_hash, micro_tokens, refilled_at)
    VALUES (bucket, CASE WHEN known_since IS NULL THEN capacity ELSE 0 END, coalesce(known_since, asked_at))
    ON CONFLICT (bucket_hash) DO NOTHING;
    SELECT * INTO it FROM dict.buckets WHERE bucket_hash = bucket FOR UPDATE;
    IF it.refilled_at < known_since THEN
        it.micro_tokens := least(it.micro_tokens, 0);
        it.refilled_at := known_since;
    END IF;
    units := greatest((extract(epoch FROM asked_at - it.refilled_at) * 1000000)::bigint, 0) / unit_us;
    it.refilled_at := it.refilled_at + units * unit_us * interval '1 microsecond';
    -- A year fills any bucket, and stays far from the end of a bigint.
    it.micro_tokens := least(capacity, it.micro_tokens + least(units, 31536000000000 / unit_us) * unit_micro_tokens);
    SELECT coalesce(sum((value ->> 0)::bigint) FILTER (WHERE (value ->> 1)::bigint <= now_us), 0),
           coalesce(jsonb_object_agg(key, value) FILTER (WHERE (value ->> 1)::bigint > now_us), '{}')
    INTO lapsed, kept FROM jsonb_each(it.holds);
    it.micro_tokens := it.micro_tokens - lapsed;
    it.holds := kept;
    RETURN it;
END $$;

-- Holds tokens for what is about to be asked: as many as an eighth of what is free, at least `least_held` and at most
-- `most_held`; none where there is no whole token. The last hold may be of more than is free.
CREATE FUNCTION dict.hold_tokens(
    bucket bytea, capacity bigint, unit_us bigint, unit_micro_tokens bigint, asked_at timestamptz, known_since timestamptz,
    hold uuid, least_held bigint, most_held bigint, held_until timestamptz,
    OUT granted bigint, OUT micro_tokens bigint, OUT free_micro_tokens bigint
) LANGUAGE plpgsql AS $$
DECLARE
    it dict.buckets := dict.refill_bucket(bucket, capacity, unit_us, unit_micro_tokens, asked_at, known_since);
BEGIN
    micro_tokens := it.micro_tokens;
    SELECT it.micro_tokens - coalesce(sum((value ->> 0)::bigint), 0) INTO free_micro_tokens FROM jsonb_each(it.holds);
    granted := 0;
    IF free_micro_tokens >= 1000000 THEN
        granted := greatest(least_held, least(most_held, free_micro_tokens / 8));
        it.holds := it.holds || jsonb_build_object(
            hold::text, jsonb_build_array(granted, (extract(epoch FROM held_until) * 1000000)::bigint));
    END IF;
    UPDATE dict.buckets b SET micro_tokens = it.micro_tokens, refilled_at = it.refilled_at, holds = it.holds
    WHERE b.bucket_hash = bucket;
END $$;

-- Ends a hold and charges what came of it; nothing where it was settled already or charged because it took too long.
-- Without a hold, charges anyway: a negative cost is paid back, up to the capacity.
CREATE FUNCTION dict.settle_tokens(
    bucket bytea, capacity bigint, unit_us bigint, unit_micro_tokens bigint, asked_at timestamptz, known_since timestamptz,
    hold uuid, cost bigint, OUT micro_tokens bigint, OUT free_micro_tokens bigint
) LANGUAGE plpgsql AS $$
DECLARE
    it dict.buckets := dict.refill_bucket(bucket, capacity, unit_us, unit_micro_tokens, asked_at, known_since);
BEGIN
    IF hold IS NULL OR it.holds ? hold::text THEN
        it.micro_tokens := least(capacity, it.micro_tokens - cost);
        it.holds := CASE WHEN hold IS NULL THEN it.holds ELSE it.holds - hold::text END;
    END IF;
    micro_tokens := it.micro_tokens;
    SELECT it.micro_tokens - coalesce(sum((value ->> 0)::bigint), 0) INTO free_micro_tokens FROM jsonb_each(it.holds);
    UPDATE dict.buckets b SET micro_tokens = it.micro_tokens, refilled_at = it.refilled_at, holds = it.holds
    WHERE b.bucket_hash = bucket;
END $$;

-- Look-ups that the directory answered, for a day: each is paid back once, when a payment follows.
CREATE TABLE dict.lookups (
    lookup_hash bytea   PRIMARY KEY CHECK (octet_length(lookup_hash) = 32),
    participant text COLLATE "C"   NOT NULL CHECK (octet_length(participant) = 8),
    key_type    text        NOT NULL,
    created_at  timestamptz NOT NULL,
    -- A row that was paid back stays, so that looking up again for the same payment pays nothing.
    paid_back_at timestamptz
);
CREATE INDEX idx_lookups_created_at ON dict.lookups (created_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON dict.buckets, dict.lookups TO app_rw;
GRANT EXECUTE ON FUNCTION dict.refill_bucket, dict.hold_tokens, dict.settle_tokens TO app_rw;
