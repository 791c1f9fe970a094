-- The steps of a load, each a function of the schema (migration 0002).

--! try_ingest_lock
SELECT pg_try_advisory_lock(hashtext('bgc.trade.ingest')) AS locked;

--! sweep
SELECT stg.sweep() AS dropped;

--! open_staging
SELECT stg.open_staging(:ano, :version) AS table_name;

--! seal_staging
SELECT stg.seal_staging(:ano, :version, :ingest_batch, :ingest_source, :ingest_at) AS sealed;

--! index_staging
SELECT stg.index_staging(:ano, :version, :which) AS indexed;

--! record_totals
SELECT stg.record_totals(:ano, :version, :pais, :setor, :valor_cents, :peso_g, :linhas) AS recorded;

--! publish_year
SELECT stg.publish_year(:ano, :version, :ingest_batch, :ingest_source, :through_month, :ingest_at, :keep) AS published;

--! publish_part
SELECT linhas, valor_cents, peso_g
FROM stg.publish_part(:ano, :version, :ingest_batch, :ingest_source, :replace_mode, :ncm, :co_pais, :mes_inicial, :mes_final,
                      :ingest_at, :keep);

--! cover_slice
SELECT stg.cover_slice(:ingest_batch, :ingest_source, :ncm, :mes_inicial, :mes_final) AS covered;

--! remove_year
SELECT stg.remove_year(:ano) AS removed;

--! expire_kept
SELECT stg.expire_kept(:before) AS dropped;

--! products_of_year
SELECT DISTINCT ncm FROM stg.exportacao WHERE ano = :ano;

--! reclassify_year
SELECT stg.reclassify_year(:ano, :co_pais, :pais, :ncm, :setor) AS changed;

--! renew_year
SELECT stg.renew_year(:ano, :version, :updated_at) AS renewed;

--! announce
SELECT stg.announce(:version, :updated_at) AS announced;

--! refresh_reports
SELECT rpt.refresh() AS refreshed;
