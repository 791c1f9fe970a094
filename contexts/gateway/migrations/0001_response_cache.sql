-- The third level of the gateway's cache: what sources answered, for as long as it may be of use.
-- The table keeps its name from the first source it served; every connector's answers are in it.

CREATE SCHEMA gateway;

CREATE TABLE gateway.comexstat_cache (
    cache_key   text COLLATE "C" PRIMARY KEY CHECK (octet_length(cache_key) BETWEEN 1 AND 300),
    connector   text        NOT NULL,
    endpoint    text        NOT NULL,
    -- A source's "there is no such thing" and its answers with nothing in them are kept too, for a shorter time.
    kind        text        NOT NULL CHECK (kind IN ('found', 'empty', 'missing')),
    body        bytea       NOT NULL,
    -- What the row takes, about: its body, its key three times (row and indexes), and the rest.
    row_bytes   integer     NOT NULL GENERATED ALWAYS AS (octet_length(body) + 3 * octet_length(cache_key) + 300) STORED,
    fetched_at  timestamptz NOT NULL,
    source_time timestamptz NOT NULL,
    -- Until here it is answered as it is; until keep_until only when the source fails.
    fresh_until timestamptz NOT NULL,
    keep_until  timestamptz NOT NULL CHECK (keep_until >= fresh_until)
);
COMMENT ON TABLE gateway.comexstat_cache IS 'Level 3 of the gateway cache; rows may be deleted at any time';
CREATE INDEX idx_comexstat_cache_keep_until ON gateway.comexstat_cache (keep_until);
CREATE INDEX idx_comexstat_cache_fetched_at ON gateway.comexstat_cache (fetched_at);
CREATE INDEX idx_comexstat_cache_connector_endpoint ON gateway.comexstat_cache (connector, endpoint);

-- Deletes what is of no use any more, at most `most` rows at a time so that no lock is held for long.
CREATE FUNCTION gateway.cleanup_expired_cache(before timestamptz, most integer DEFAULT 10000) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH gone AS (
        DELETE FROM gateway.comexstat_cache WHERE cache_key IN (
            SELECT cache_key FROM gateway.comexstat_cache WHERE keep_until < before
            ORDER BY keep_until LIMIT most FOR UPDATE SKIP LOCKED)
        RETURNING 1)
    SELECT count(*) FROM gone
$$;

-- Deletes the oldest answers until the rest takes no more than `most_bytes`, at most `most` rows at a time.
CREATE FUNCTION gateway.cleanup_oversized_cache(most_bytes bigint, most integer DEFAULT 10000) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH held AS (SELECT coalesce(sum(row_bytes), 0) AS bytes FROM gateway.comexstat_cache),
    oldest AS (
        SELECT cache_key, sum(row_bytes) OVER (ORDER BY fetched_at, cache_key) - row_bytes AS bytes_before
        FROM (SELECT cache_key, fetched_at, row_bytes FROM gateway.comexstat_cache
              ORDER BY fetched_at, cache_key LIMIT most) AS first),
    gone AS (
        DELETE FROM gateway.comexstat_cache WHERE cache_key IN (
            SELECT c.cache_key FROM gateway.comexstat_cache AS c JOIN oldest USING (cache_key) CROSS JOIN held
            WHERE oldest.bytes_before < held.bytes - most_bytes FOR UPDATE OF c SKIP LOCKED)
        RETURNING 1)
    SELECT count(*) FROM gone
$$;

-- Deletes what one connector (or one endpoint of it) left, for an operator who does not trust it any more.
CREATE FUNCTION gateway.cleanup_connector_cache(of_connector text, of_endpoint text DEFAULT NULL) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH gone AS (
        DELETE FROM gateway.comexstat_cache
        WHERE connector = of_connector AND (of_endpoint IS NULL OR endpoint = of_endpoint)
        RETURNING 1)
    SELECT count(*) FROM gone
$$;

REVOKE ALL ON FUNCTION gateway.cleanup_expired_cache(timestamptz, integer),
    gateway.cleanup_oversized_cache(bigint, integer), gateway.cleanup_connector_cache(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gateway.cleanup_expired_cache(timestamptz, integer),
    gateway.cleanup_oversized_cache(bigint, integer), gateway.cleanup_connector_cache(text, text) TO app_rw;
GRANT USAGE ON SCHEMA gateway TO app_rw, readonly_audit;
GRANT SELECT ON gateway.comexstat_cache TO app_rw, readonly_audit;
GRANT INSERT, UPDATE ON gateway.comexstat_cache TO app_rw;
