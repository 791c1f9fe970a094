-- The code tables: each load of them replaces a table whole.

--! delete_countries
WITH gone AS (DELETE FROM cfg.pais RETURNING 1) SELECT count(*) AS deleted FROM gone;

--! insert_countries
WITH added AS (
    INSERT INTO cfg.pais (co_pais, co_pais_isoa3, no_pais, no_pais_ing)
    SELECT * FROM unnest(:co_pais::smallint[], :co_pais_isoa3::text[], :no_pais::text[], :no_pais_ing::text[])
    RETURNING 1)
SELECT count(*) AS inserted FROM added;

--! delete_products
WITH gone AS (DELETE FROM cfg.ncm RETURNING 1) SELECT count(*) AS deleted FROM gone;

--! insert_products (co_unid[?], co_isic_classe[?], no_ncm_ing[?])
WITH added AS (
    INSERT INTO cfg.ncm (co_ncm, co_unid, co_isic_classe, no_ncm_por, no_ncm_ing)
    SELECT * FROM unnest(:co_ncm::text[], :co_unid::smallint[], :co_isic_classe::text[], :no_ncm_por::text[], :no_ncm_ing::text[])
    RETURNING 1)
SELECT count(*) AS inserted FROM added;

--! delete_headings
WITH gone AS (DELETE FROM cfg.ncm_sh RETURNING 1) SELECT count(*) AS deleted FROM gone;

--! insert_headings
WITH added AS (
    INSERT INTO cfg.ncm_sh (nivel, codigo, nome)
    SELECT * FROM unnest(:nivel::smallint[], :codigo::text[], :nome::text[])
    RETURNING 1)
SELECT count(*) AS inserted FROM added;

--! delete_states
WITH gone AS (DELETE FROM cfg.uf RETURNING 1) SELECT count(*) AS deleted FROM gone;

--! insert_states
WITH added AS (
    INSERT INTO cfg.uf (sg_uf, no_uf, no_regiao)
    SELECT * FROM unnest(:sg_uf::text[], :no_uf::text[], :no_regiao::text[])
    RETURNING 1)
SELECT count(*) AS inserted FROM added;

--! delete_ways
WITH gone AS (DELETE FROM cfg.via RETURNING 1) SELECT count(*) AS deleted FROM gone;

--! insert_ways
WITH added AS (
    INSERT INTO cfg.via (co_via, no_via) SELECT * FROM unnest(:co_via::smallint[], :no_via::text[]) RETURNING 1)
SELECT count(*) AS inserted FROM added;

--! delete_customs_units
WITH gone AS (DELETE FROM cfg.urf RETURNING 1) SELECT count(*) AS deleted FROM gone;

--! insert_customs_units
WITH added AS (
    INSERT INTO cfg.urf (co_urf, no_urf) SELECT * FROM unnest(:co_urf::integer[], :no_urf::text[]) RETURNING 1)
SELECT count(*) AS inserted FROM added;

--! delete_units
WITH gone AS (DELETE FROM cfg.ncm_unidade RETURNING 1) SELECT count(*) AS deleted FROM gone;

--! insert_units
WITH added AS (
    INSERT INTO cfg.ncm_unidade (co_unid, no_unid, sg_unid)
    SELECT * FROM unnest(:co_unid::smallint[], :no_unid::text[], :sg_unid::text[])
    RETURNING 1)
SELECT count(*) AS inserted FROM added;

--! delete_blocs
WITH gone AS (DELETE FROM cfg.pais_bloco RETURNING 1) SELECT count(*) AS deleted FROM gone;

--! insert_blocs
WITH added AS (
    INSERT INTO cfg.pais_bloco (co_pais, co_bloco, no_bloco)
    SELECT * FROM unnest(:co_pais::smallint[], :co_bloco::smallint[], :no_bloco::text[])
    RETURNING 1)
SELECT count(*) AS inserted FROM added;

--! insert_unlisted_countries
WITH added AS (
    INSERT INTO cfg.pais_sem_tabela (co_pais, no_pais) SELECT * FROM unnest(:co_pais::smallint[], :no_pais::text[]) RETURNING 1)
SELECT count(*) AS inserted FROM added;

--! insert_sectors
WITH added AS (
    INSERT INTO cfg.setor (id, nome) SELECT * FROM unnest(:id::smallint[], :nome::text[]) RETURNING 1)
SELECT count(*) AS inserted FROM added;

--! table_rows
SELECT 'PAIS' AS table_name, count(*) AS rows FROM cfg.pais
UNION ALL SELECT 'NCM', count(*) FROM cfg.ncm
UNION ALL SELECT 'UF', count(*) FROM cfg.uf
UNION ALL SELECT 'VIA', count(*) FROM cfg.via
UNION ALL SELECT 'URF', count(*) FROM cfg.urf
UNION ALL SELECT 'NCM_UNIDADE', count(*) FROM cfg.ncm_unidade
UNION ALL SELECT 'PAIS_BLOCO', count(*) FROM cfg.pais_bloco;

--! resolve_unlisted_countries
WITH resolved AS (
    UPDATE cfg.pais_sem_tabela p SET co_pais_resolvido = n.resolvido
    FROM unnest(:co_pais::smallint[], :resolvido::smallint[]) AS n (co_pais, resolvido)
    WHERE p.co_pais = n.co_pais
    RETURNING 1)
SELECT count(*) AS resolved FROM resolved;
