-- What callers of the simulator have used of their free day, and the products that users saved.

CREATE SCHEMA simulator;

-- The key of the hash under which anonymous addresses are counted; made by the first server that starts.
-- Nobody reads the table: whoever knows the key can find an address by trying them all.
CREATE TABLE simulator.address_secret (
    only_row   boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
    secret     bytea       NOT NULL CHECK (length(secret) = 32),
    created_at timestamptz NOT NULL
);

-- Uses by subject and day of America/Sao_Paulo. Room on each page keeps the updates of a row within it.
CREATE TABLE simulator.free_use (
    subject text    COLLATE "C" NOT NULL CHECK (length(subject) BETWEEN 1 AND 300),
    day     date    NOT NULL,
    used    integer NOT NULL CHECK (used >= 0),
    PRIMARY KEY (subject, day)
) WITH (fillfactor = 70);
COMMENT ON COLUMN simulator.free_use.subject IS 'user:SUBJECT, or address:KEYED-HASH; never an address';

-- Requests that may be repeated without another use.
CREATE TABLE simulator.repeatable_request (
    subject  text        COLLATE "C" NOT NULL CHECK (length(subject) BETWEEN 1 AND 300),
    request  bytea       NOT NULL CHECK (length(request) = 32),
    day      date        NOT NULL,
    first_at timestamptz NOT NULL,
    holders  integer     NOT NULL CHECK (holders > 0),
    PRIMARY KEY (subject, request)
) WITH (fillfactor = 70);
COMMENT ON COLUMN simulator.repeatable_request.request IS 'SHA-256 of the Idempotency-Key and the canonical body';
COMMENT ON COLUMN simulator.repeatable_request.day IS 'the day whose counter holds the use';
COMMENT ON COLUMN simulator.repeatable_request.holders IS 'requests of this key that were answered or still are being; without one the use is given back';

CREATE TABLE simulator.saved_product (
    subject  text        COLLATE "C" NOT NULL CHECK (length(subject) BETWEEN 1 AND 300),
    ncm      varchar(20) COLLATE "C" NOT NULL CHECK (ncm ~ '^[0-9]{8}$'),
    saved_at timestamptz NOT NULL,
    PRIMARY KEY (subject, ncm)
);

-- The secret of this store: the one that is there, else the caller's fresh one. All servers get the same.
CREATE FUNCTION simulator.address_secret(p_fresh bytea, p_now timestamptz) RETURNS bytea
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO simulator.address_secret (secret, created_at) VALUES (p_fresh, p_now) ON CONFLICT DO NOTHING;
    RETURN (SELECT s.secret FROM simulator.address_secret s);
END $$;

-- Takes one use of the day, unless this request was counted within the last 24 hours or none is left.
-- Two transactions never wait for each other in a circle: each locks its request first, the counter second.
CREATE FUNCTION simulator.reserve_use(p_subject text, p_now timestamptz, p_limit integer, p_request bytea,
                                      OUT outcome text, OUT used_today integer, OUT local_day date, OUT resets_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_counts boolean := true;
    v_valid_after timestamptz := p_now - interval '24 hours';
BEGIN
    -- The answer does not wait for the disk: a crash of the server may give back uses of its last half second,
    -- a restart gives back none.
    PERFORM set_config('synchronous_commit', 'off', true);
    local_day := (p_now AT TIME ZONE 'America/Sao_Paulo')::date;
    -- A midnight that a change to summer time leaves out is the first moment of the day all the same.
    resets_at := (local_day + 1)::timestamp AT TIME ZONE 'America/Sao_Paulo';
    -- Refusals end here, having locked and written nothing.
    SELECT u.used INTO used_today FROM simulator.free_use u WHERE u.subject = p_subject AND u.day = local_day;
    IF coalesce(used_today, 0) >= p_limit AND NOT EXISTS (
        SELECT FROM simulator.repeatable_request r
        WHERE r.subject = p_subject AND r.request = p_request AND r.first_at > v_valid_after)
    THEN
        outcome := 'refused';
        RETURN;
    END IF;
    IF p_request IS NOT NULL THEN
        INSERT INTO simulator.repeatable_request AS r (subject, request, day, first_at, holders)
        VALUES (p_subject, p_request, local_day, p_now, 1)
        ON CONFLICT (subject, request) DO UPDATE
        SET day = CASE WHEN r.first_at > v_valid_after THEN r.day ELSE excluded.day END,
            holders = CASE WHEN r.first_at > v_valid_after THEN r.holders + 1 ELSE 1 END,
            first_at = CASE WHEN r.first_at > v_valid_after THEN r.first_at ELSE excluded.first_at END
        RETURNING r.holders = 1 INTO v_counts;
    END IF;
    IF v_counts THEN
        INSERT INTO simulator.free_use AS u (subject, day, used) VALUES (p_subject, local_day, 1)
        ON CONFLICT (subject, day) DO UPDATE SET used = u.used + 1 WHERE u.used < p_limit
        RETURNING u.used INTO used_today;
        IF FOUND THEN
            outcome := 'counted';
            RETURN;
        END IF;
        DELETE FROM simulator.repeatable_request r WHERE r.subject = p_subject AND r.request = p_request;
    END IF;
    outcome := CASE WHEN v_counts THEN 'refused' ELSE 'repeated' END;
    SELECT u.used INTO used_today FROM simulator.free_use u WHERE u.subject = p_subject AND u.day = local_day;
    used_today := coalesce(used_today, 0);
END $$;

-- Gives back what one reservation took. A request that was repeated keeps its use while another of them holds it.
CREATE FUNCTION simulator.refund_use(p_subject text, p_day date, p_request bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_day date := p_day;
    v_holders integer;
BEGIN
    IF p_request IS NOT NULL THEN
        -- Locked before it is looked at: of two that let go at once, the second must see that it is the last.
        SELECT r.holders, r.day INTO v_holders, v_day FROM simulator.repeatable_request r
        WHERE r.subject = p_subject AND r.request = p_request FOR UPDATE;
        IF NOT FOUND THEN
            RETURN false;
        ELSIF v_holders > 1 THEN
            UPDATE simulator.repeatable_request r SET holders = r.holders - 1
            WHERE r.subject = p_subject AND r.request = p_request;
            RETURN true;
        END IF;
        DELETE FROM simulator.repeatable_request r WHERE r.subject = p_subject AND r.request = p_request;
    END IF;
    UPDATE simulator.free_use u SET used = u.used - 1 WHERE u.subject = p_subject AND u.day = v_day AND u.used > 0;
    RETURN FOUND;
END $$;

-- What a subject has used today.
CREATE FUNCTION simulator.usage_of(p_subject text, p_now timestamptz, OUT used_today integer, OUT resets_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce((SELECT u.used FROM simulator.free_use u WHERE u.subject = p_subject AND u.day = d.day), 0),
           (d.day + 1)::timestamp AT TIME ZONE 'America/Sao_Paulo'
    FROM (SELECT (p_now AT TIME ZONE 'America/Sao_Paulo')::date AS day) d
$$;

-- Forgets counters a week and repeatable requests two days after their time. By the earlier of two clocks:
-- one that runs ahead must not give today's uses anew.
CREATE FUNCTION simulator.forget_uses(p_now timestamptz) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    WITH at AS (SELECT least(p_now, clock_timestamp()) AS now),
    counters AS (
        DELETE FROM simulator.free_use u USING at
        WHERE u.day < (at.now AT TIME ZONE 'America/Sao_Paulo')::date - 7 RETURNING 1),
    requests AS (
        DELETE FROM simulator.repeatable_request r USING at WHERE r.first_at < at.now - interval '48 hours' RETURNING 1)
    SELECT (SELECT count(*) FROM counters) + (SELECT count(*) FROM requests)
$$;

-- Keeps a product, at most `p_limit` a subject; what one subject keeps at once is counted one after the other.
CREATE FUNCTION simulator.save_product(p_subject text, p_ncm text, p_now timestamptz, p_limit integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('bgc.trade.saved_product'), hashtext(p_subject));
    IF EXISTS (SELECT FROM simulator.saved_product s WHERE s.subject = p_subject AND s.ncm = p_ncm) THEN
        RETURN true;
    END IF;
    IF (SELECT count(*) FROM simulator.saved_product s WHERE s.subject = p_subject) >= p_limit THEN
        RETURN false;
    END IF;
    INSERT INTO simulator.saved_product (subject, ncm, saved_at) VALUES (p_subject, p_ncm, p_now);
    RETURN true;
END $$;

-- Erases whatever is kept of a subject.
CREATE FUNCTION simulator.erase_subject(p_subject text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    WITH counters AS (DELETE FROM simulator.free_use u WHERE u.subject = p_subject RETURNING 1),
    requests AS (DELETE FROM simulator.repeatable_request r WHERE r.subject = p_subject RETURNING 1),
    products AS (DELETE FROM simulator.saved_product s WHERE s.subject = p_subject RETURNING 1)
    SELECT (SELECT count(*) FROM counters) + (SELECT count(*) FROM requests) + (SELECT count(*) FROM products)
$$;

GRANT USAGE ON SCHEMA simulator TO app_rw, readonly_audit;
GRANT SELECT ON simulator.free_use, simulator.repeatable_request, simulator.saved_product TO readonly_audit;
GRANT SELECT, DELETE ON simulator.saved_product TO app_rw;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA simulator FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA simulator TO app_rw;
