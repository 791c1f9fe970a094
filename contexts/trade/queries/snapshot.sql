-- What is live: the snapshot, its years, what they cover, and the code tables that name things.

--! snapshot_state
SELECT store_id::text AS store_id, version, updated_at FROM stg.snapshot;

--! live_years : (ingest_batch?)
SELECT ano, ingest_source, ingest_batch, version, linhas, (valor_usd * 100)::bigint AS valor_cents,
       (peso_kg * 1000)::bigint AS peso_g, through_month, updated_at
FROM stg.live_year
ORDER BY ano;

--! slices
SELECT ncm, (extract(year FROM mes_inicial) * 12 + extract(month FROM mes_inicial) - 1)::integer AS month_first,
       (extract(year FROM mes_final) * 12 + extract(month FROM mes_final) - 1)::integer AS month_last
FROM stg.slice_coverage
ORDER BY ncm, mes_inicial;

--! countries
SELECT co_pais, co_pais_isoa3, no_pais, no_pais_ing FROM cfg.pais ORDER BY co_pais;

--! unlisted_countries : (co_pais_resolvido?)
SELECT co_pais, no_pais, co_pais_resolvido FROM cfg.pais_sem_tabela ORDER BY co_pais;

--! sectors
SELECT id, nome FROM cfg.setor ORDER BY id;

--! sector_overrides
SELECT tipo, codigo, setor FROM cfg.setores ORDER BY tipo, codigo;

--! products : (co_isic_classe?, no_ncm_ing?, co_unid?)
SELECT co_ncm, co_isic_classe, no_ncm_por, no_ncm_ing, co_unid FROM cfg.ncm ORDER BY co_ncm;

--! headings
SELECT nivel, codigo, nome FROM cfg.ncm_sh ORDER BY nivel, codigo;

--! ways
SELECT co_via, no_via FROM cfg.via ORDER BY co_via;

--! year_version
SELECT version FROM stg.live_year WHERE ano = :ano;

--! customs_units
SELECT co_urf, no_urf FROM cfg.urf ORDER BY co_urf;

--! statistical_units
SELECT co_unid, sg_unid FROM cfg.ncm_unidade ORDER BY co_unid;
