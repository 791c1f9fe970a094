-- What a sync of the official files remembers.

--! try_sync_lock
SELECT pg_try_advisory_lock(hashtext('bgc.trade.sync')) AS locked;

--! official_files : (bytes?)
SELECT name, validator, bytes, sha256 FROM stg.official_file ORDER BY name;

--! record_official_file (bytes?)
INSERT INTO stg.official_file (name, validator, bytes, sha256, synced_at)
VALUES (:name, :validator, :bytes, :sha256, :synced_at)
ON CONFLICT (name) DO UPDATE
SET validator = excluded.validator, bytes = excluded.bytes, sha256 = excluded.sha256, synced_at = excluded.synced_at
RETURNING name;

--! forget_official_files
WITH gone AS (DELETE FROM stg.official_file WHERE name = ANY (:names) RETURNING 1) SELECT count(*) AS forgotten FROM gone;

--! live_files
SELECT y.ano, b.sha256
FROM stg.live_year y JOIN stg.ingest_batch b USING (ingest_batch)
ORDER BY y.ano;
