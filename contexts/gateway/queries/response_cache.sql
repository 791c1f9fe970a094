-- Level 3 of the cache: answers of sources, by key.

--! cached_response
SELECT kind, body, fetched_at, source_time, fresh_until, keep_until
FROM gateway.comexstat_cache
WHERE cache_key = :cache_key AND keep_until > :now;

--! keep_response
INSERT INTO gateway.comexstat_cache
    (cache_key, connector, endpoint, kind, body, fetched_at, source_time, fresh_until, keep_until)
VALUES (:cache_key, :connector, :endpoint, :kind, :body, :fetched_at, :source_time, :fresh_until, :keep_until)
ON CONFLICT (cache_key) DO UPDATE SET
    kind = excluded.kind, body = excluded.body, fetched_at = excluded.fetched_at,
    source_time = excluded.source_time, fresh_until = excluded.fresh_until, keep_until = excluded.keep_until
-- An answer that was fetched earlier and written later must not replace a newer one.
WHERE gateway.comexstat_cache.fetched_at <= excluded.fetched_at
RETURNING true AS kept;

--! cleanup_expired
SELECT gateway.cleanup_expired_cache(:before, :most) AS deleted;

--! cleanup_oversized
SELECT gateway.cleanup_oversized_cache(:most_bytes, :most) AS deleted;
