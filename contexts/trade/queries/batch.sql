-- Loads: their records and the versions they publish.

--! next_version
SELECT nextval('stg.snapshot_version_seq') AS version;

--! open_batch
INSERT INTO stg.ingest_batch (ingest_batch, ingest_source, ingest_at, origin, file_name, replace_mode, outcome)
VALUES (:ingest_batch, :ingest_source, :ingest_at, :origin, :file_name, :replace_mode, 'loading')
RETURNING ingest_batch;

--! close_batch
UPDATE stg.ingest_batch
SET sha256 = :sha256, rows_read = :rows_read, rows_loaded = :rows_loaded, rows_rejected = :rows_rejected,
    valor_usd = :valor_cents::bigint / 100.0, peso_kg = :peso_g::bigint / 1000.0,
    duration_ms = :duration_ms, outcome = :outcome, message = :message
WHERE ingest_batch = :ingest_batch
RETURNING ingest_batch;

--! slice_batches_of_file
SELECT ingest_batch, rows_loaded
FROM stg.ingest_batch
WHERE sha256 = :sha256 AND replace_mode = 'slice' AND ingest_source = :ingest_source AND outcome = 'live'
ORDER BY ingest_at DESC
LIMIT 8;

--! slice_rows_live
SELECT count(*) AS linhas, count(*) FILTER (WHERE ingest_batch = ANY (:ingest_batches)) AS linhas_of_batches
FROM stg.exportacao
WHERE ano BETWEEN :ano_inicial AND :ano_final AND ncm = ANY (:ncm)
  AND ano * 12 + mes - 1 BETWEEN :month_first AND :month_last;

--! batch_file
SELECT sha256, rows_loaded, replace_mode FROM stg.ingest_batch WHERE ingest_batch = :ingest_batch;

--! batch_outcomes
SELECT ingest_source, outcome, count(*) AS batches, coalesce(sum(rows_loaded), 0)::bigint AS rows_loaded,
       coalesce(sum(rows_rejected), 0)::bigint AS rows_rejected
FROM stg.ingest_batch
GROUP BY ingest_source, outcome;

--! last_load
SELECT ingest_at, duration_ms, rows_loaded
FROM stg.ingest_batch
WHERE outcome = 'live'
ORDER BY ingest_at DESC
LIMIT 1;
