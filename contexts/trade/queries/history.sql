-- What loads replaced: shown, compared and taken back (migration 0005).

--! batches
SELECT b.ingest_batch, b.ingest_source, b.ingest_at, b.origin, b.file_name, b.sha256, b.replace_mode, b.rows_read, b.rows_loaded,
       b.rows_rejected, (b.valor_usd * 100)::bigint AS valor_cents, (b.peso_kg * 1000)::bigint AS peso_g, b.duration_ms,
       b.outcome, b.message
FROM stg.ingest_batch b
ORDER BY b.ingest_at DESC, b.ingest_batch DESC
LIMIT :most;

--! batch_outcome
SELECT outcome FROM stg.ingest_batch WHERE ingest_batch = :ingest_batch;

--! replaced_years : (kept_table?, dropped_at?)
SELECT r.ingest_batch, r.ano, r.replace_mode, r.version, r.rows_before, (r.usd_before * 100)::bigint AS cents_before,
       (r.kg_before * 1000)::bigint AS g_before, r.rows_after, (r.usd_after * 100)::bigint AS cents_after,
       (r.kg_after * 1000)::bigint AS g_after, r.previous IS NOT NULL AS had_data, r.kept_table,
       coalesce(pg_total_relation_size(to_regclass('stg.' || r.kept_table)), 0)::bigint AS kept_bytes, r.dropped_at
FROM stg.replaced_year r
WHERE r.ingest_batch = ANY (:ingest_batches)
ORDER BY r.ingest_batch, r.ano;

--! newest_batch
SELECT r.ingest_batch FROM stg.replaced_year r
WHERE r.ano = :ano AND r.dropped_at IS NULL
ORDER BY r.version DESC
LIMIT 1;

--! restore_year
SELECT stg.restore_year(:ingest_batch, :ano, :version, :at) AS has_data;

--! close_dropped
SELECT stg.close_dropped(:ingest_batch) AS closed;

--! drop_year
SELECT stg.drop_year(:ano, :at) AS had_data;

--! compare_batch
SELECT mes, ncm, added, changed, removed, same, cents_before, cents_after, g_before, g_after
FROM stg.compare_batch(:ingest_batch, :ano);

--! live_by_ncm
SELECT ncm AS part, count(*) AS linhas, (sum(valor_usd) * 100)::bigint AS valor_cents
FROM stg.exportacao
WHERE ano BETWEEN :ano_inicial AND :ano_final AND ingest_source = :ingest_source AND ncm = ANY (:ncm)
  AND ano * 12 + mes - 1 BETWEEN :month_first AND :month_last
GROUP BY ncm;

--! live_by_country
SELECT co_pais::text AS part, count(*) AS linhas, (sum(valor_usd) * 100)::bigint AS valor_cents
FROM stg.exportacao
WHERE ano BETWEEN :ano_inicial AND :ano_final AND ingest_source = :ingest_source AND co_pais = ANY (:co_pais)
  AND ano * 12 + mes - 1 BETWEEN :month_first AND :month_last
GROUP BY co_pais;

--! live_countries
SELECT count(DISTINCT co_pais) AS countries
FROM stg.exportacao
WHERE ano BETWEEN :ano_inicial AND :ano_final AND ingest_source = :ingest_source AND ncm = ANY (:ncm)
  AND ano * 12 + mes - 1 BETWEEN :month_first AND :month_last;

--! live_products
SELECT count(DISTINCT ncm) AS products, count(DISTINCT co_pais) AS countries FROM stg.exportacao WHERE ano = :ano;

--! report_serving
INSERT INTO stg.serving (server_id, backend_pid, version, seen_at)
VALUES (:server_id, pg_backend_pid(), :version, clock_timestamp())
ON CONFLICT (server_id) DO UPDATE SET backend_pid = excluded.backend_pid, version = excluded.version, seen_at = excluded.seen_at
RETURNING server_id;

--! end_serving
WITH gone AS (
    DELETE FROM stg.serving WHERE server_id = :server_id OR seen_at < clock_timestamp() - interval '1 day' RETURNING 1)
SELECT count(*) AS gone FROM gone;

--! serving
SELECT s.server_id, s.version
FROM stg.serving s
JOIN pg_stat_activity a ON a.pid = s.backend_pid AND a.usename = current_user
WHERE s.seen_at > clock_timestamp() - interval '40 seconds';
