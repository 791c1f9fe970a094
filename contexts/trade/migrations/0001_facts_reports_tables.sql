-- Facts (stg), reports (rpt) and code tables (cfg) of the trade context.
-- migration_admin owns everything; app_rw changes facts only through the functions of 0002.

CREATE SCHEMA stg;
CREATE SCHEMA rpt;
CREATE SCHEMA cfg;

-- One row per row of an official file: nothing is aggregated away and nothing deduplicated.
-- COLLATE "C": comparisons are for equality and indexes, and byte order sorts several times faster.
CREATE TABLE stg.exportacao (
    ano           integer                  NOT NULL,
    mes           integer                  NOT NULL,
    pais          varchar(100) COLLATE "C" NOT NULL,
    setor         varchar(100) COLLATE "C" NOT NULL,
    ncm           varchar(20)  COLLATE "C" NOT NULL,
    valor_usd     numeric(18, 2)           NOT NULL,
    peso_kg       numeric(18, 3)           NOT NULL,
    co_pais       smallint                 NOT NULL,
    sg_uf         varchar(2)   COLLATE "C" NOT NULL,
    co_via        smallint                 NOT NULL,
    co_unid       smallint,
    co_urf        integer,
    qt_estat      bigint,
    ingest_at     timestamptz              NOT NULL,
    ingest_batch  varchar(50)  COLLATE "C" NOT NULL,
    ingest_source varchar(100) COLLATE "C" NOT NULL
) PARTITION BY LIST (ano);
COMMENT ON COLUMN stg.exportacao.co_pais IS 'CO_PAIS as in the file; 1000 and up for names of cfg.pais_sem_tabela';
COMMENT ON COLUMN stg.exportacao.co_urf IS 'NULL for rows of the simple layout, which also name their own setor';

-- Block-range indexes: a load copies its rows in the order of sector and country, so that a few pages
-- stand for each, and building them costs a tenth of what trees cost.
CREATE INDEX idx_exportacao_ano_pais ON stg.exportacao USING brin (ano, pais) WITH (pages_per_range = 4);
CREATE INDEX idx_exportacao_setor ON stg.exportacao USING brin (setor) WITH (pages_per_range = 4);
CREATE INDEX idx_exportacao_ingest ON stg.exportacao USING brin (ingest_at);

-- Every load, whatever became of it.
CREATE TABLE stg.ingest_batch (
    ingest_batch  varchar(50) PRIMARY KEY CHECK (ingest_batch ~ '^[0-9A-Za-z_-]+$'),
    ingest_source varchar(100) NOT NULL CHECK (ingest_source ~ '^[0-9A-Za-z._-]{1,40}$'),
    ingest_at     timestamptz  NOT NULL,
    origin        text         NOT NULL CHECK (origin IN ('csv', 'xlsx', 'sample')),
    file_name     text         NOT NULL,
    sha256        text         NOT NULL DEFAULT '',
    replace_mode  text         NOT NULL CHECK (replace_mode IN ('year', 'slice')),
    rows_read     bigint       NOT NULL DEFAULT 0,
    rows_loaded   bigint       NOT NULL DEFAULT 0,
    rows_rejected bigint       NOT NULL DEFAULT 0,
    valor_usd     numeric(20, 2) NOT NULL DEFAULT 0,
    peso_kg       numeric(22, 3) NOT NULL DEFAULT 0,
    duration_ms   bigint       NOT NULL DEFAULT 0,
    outcome       text         NOT NULL CHECK (outcome IN ('loading', 'live', 'unchanged', 'failed')),
    message       text         NOT NULL DEFAULT ''
);
CREATE INDEX idx_ingest_batch_sha256 ON stg.ingest_batch (sha256);

-- What is live, one row a year. `version` names the year's cube segment.
CREATE TABLE stg.live_year (
    ano           integer      PRIMARY KEY,
    ingest_source varchar(100) NOT NULL,
    ingest_batch  varchar(50)  REFERENCES stg.ingest_batch,
    version       bigint       NOT NULL,
    linhas        bigint       NOT NULL,
    valor_usd     numeric(20, 2) NOT NULL,
    peso_kg       numeric(22, 3) NOT NULL,
    through_month smallint     NOT NULL CHECK (through_month BETWEEN 0 AND 12),
    updated_at    timestamptz  NOT NULL
);
COMMENT ON COLUMN stg.live_year.ingest_batch IS 'the batch that every row of the year comes from; NULL once a slice has mixed them';
COMMENT ON COLUMN stg.live_year.through_month IS 'January to this month are covered for every NCM; 0 when only slices were loaded';

-- The months that slices cover, for their NCMs only.
CREATE TABLE stg.slice_coverage (
    ncm           varchar(20)  NOT NULL,
    mes_inicial   date         NOT NULL,
    mes_final     date         NOT NULL,
    ingest_source varchar(100) NOT NULL,
    ingest_batch  varchar(50)  NOT NULL REFERENCES stg.ingest_batch,
    PRIMARY KEY (ncm, mes_inicial, mes_final),
    CHECK (mes_inicial <= mes_final)
);

-- The one row that says which store this is and which snapshot of it is live.
CREATE TABLE stg.snapshot (
    only_row   boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
    store_id   uuid        NOT NULL DEFAULT gen_random_uuid(),
    version    bigint      NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE SEQUENCE stg.snapshot_version_seq;
INSERT INTO stg.snapshot (version, updated_at) VALUES (0, now());

-- Totals of each live version of a year: what the materialized views sum, so that their refresh
-- costs thousands of rows and not tens of millions.
CREATE TABLE rpt.resumo_anual (
    ano       integer      NOT NULL,
    version   bigint       NOT NULL,
    pais      varchar(100) COLLATE "C" NOT NULL,
    setor     varchar(100) COLLATE "C" NOT NULL,
    total_usd numeric(20, 2) NOT NULL,
    total_kg  numeric(22, 3) NOT NULL,
    linhas    bigint       NOT NULL,
    PRIMARY KEY (ano, version, pais, setor)
);

CREATE VIEW rpt.resumo_anual_vivo AS
SELECT r.ano, r.pais, r.setor, r.total_usd, r.total_kg, r.linhas, y.updated_at
FROM rpt.resumo_anual r
JOIN stg.live_year y ON y.ano = r.ano AND y.version = r.version;

CREATE MATERIALIZED VIEW rpt.mv_resumo_pais AS
SELECT pais,
       sum(total_usd) AS total_usd,
       sum(total_kg) AS total_kg,
       coalesce(round(100 * sum(total_usd) / nullif(sum(sum(total_usd)) OVER (), 0), 2), 0)::numeric(5, 2) AS participacao_pct,
       array_agg(DISTINCT ano ORDER BY ano) AS anos,
       max(updated_at) AS updated_at
FROM rpt.resumo_anual_vivo
GROUP BY pais;
CREATE UNIQUE INDEX idx_mv_resumo_pais_pais ON rpt.mv_resumo_pais (pais);

CREATE MATERIALIZED VIEW rpt.mv_resumo_setor AS
SELECT setor,
       sum(total_usd) AS total_usd,
       sum(total_kg) AS total_kg,
       array_agg(DISTINCT ano ORDER BY ano) AS anos,
       max(updated_at) AS updated_at
FROM rpt.resumo_anual_vivo
GROUP BY setor;
CREATE UNIQUE INDEX idx_mv_resumo_setor_setor ON rpt.mv_resumo_setor (setor);

-- `updated_at` is never NULL: NULLs in a unique key would make a concurrent refresh rewrite the row each time.
CREATE MATERIALIZED VIEW rpt.mv_resumo_geral AS
SELECT coalesce(sum(total_usd), 0) AS total_usd,
       coalesce(sum(total_kg), 0) AS total_kg,
       count(DISTINCT pais) AS paises_count,
       count(DISTINCT setor) AS setores_count,
       coalesce(array_agg(DISTINCT ano ORDER BY ano), '{}') AS anos,
       coalesce(max(updated_at), 'epoch'::timestamptz) AS updated_at
FROM rpt.resumo_anual_vivo;
CREATE UNIQUE INDEX idx_mv_resumo_geral_updated_at ON rpt.mv_resumo_geral (updated_at);

-- What was simulated, without anything about who asked.
CREATE TABLE rpt.simulator_recommendations (
    id              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    simulated_at    timestamptz NOT NULL,
    ncm             varchar(20) NOT NULL,
    volume_kg_magnitude double precision,
    countries       text[]      NOT NULL,
    destinations    text[]      NOT NULL,
    scores          real[]      NOT NULL,
    total_destinations integer  NOT NULL,
    snapshot        text        NOT NULL
);
COMMENT ON COLUMN rpt.simulator_recommendations.destinations IS 'codes of the best destinations in the order answered; scores stand in the same order';
CREATE INDEX idx_simulator_recommendations_simulated_at ON rpt.simulator_recommendations (simulated_at);

-- Code tables as published by the ministry (latin-1 files, read tolerantly).
CREATE TABLE cfg.pais (
    co_pais     smallint PRIMARY KEY,
    co_pais_isoa3 text   NOT NULL,
    no_pais     varchar(100) NOT NULL,
    no_pais_ing text     NOT NULL
);
CREATE TABLE cfg.ncm (
    co_ncm         varchar(20) PRIMARY KEY,
    co_unid        smallint,
    co_isic_classe text,
    no_ncm_por     text NOT NULL,
    no_ncm_ing     text
);
CREATE TABLE cfg.ncm_sh (
    nivel  smallint NOT NULL CHECK (nivel IN (2, 4, 6)),
    codigo text     NOT NULL,
    nome   text     NOT NULL,
    PRIMARY KEY (nivel, codigo)
);
CREATE TABLE cfg.uf (sg_uf text PRIMARY KEY, no_uf text NOT NULL, no_regiao text NOT NULL);
CREATE TABLE cfg.via (co_via smallint PRIMARY KEY, no_via text NOT NULL);
CREATE TABLE cfg.urf (co_urf integer PRIMARY KEY, no_urf text NOT NULL);
CREATE TABLE cfg.ncm_unidade (co_unid smallint PRIMARY KEY, no_unid text NOT NULL, sg_unid text NOT NULL);
CREATE TABLE cfg.pais_bloco (
    co_pais  smallint NOT NULL,
    co_bloco smallint NOT NULL,
    no_bloco text     NOT NULL,
    PRIMARY KEY (co_pais, co_bloco)
);

-- Country names of simple-layout files that no table knows: in totals, never ranked.
CREATE TABLE cfg.pais_sem_tabela (
    co_pais smallint     PRIMARY KEY CHECK (co_pais >= 1000),
    no_pais varchar(100) NOT NULL UNIQUE
);

-- Sector names by the number the cube stores; the first five are fixed, others came with simple-layout files.
CREATE TABLE cfg.setor (
    id   smallint     PRIMARY KEY CHECK (id BETWEEN 0 AND 250),
    nome varchar(100) NOT NULL UNIQUE
);
INSERT INTO cfg.setor (id, nome) VALUES
    (0, 'Agropecuária'), (1, 'Indústria Extrativa'), (2, 'Indústria de Transformação'),
    (3, 'Outros Produtos'), (4, 'Não classificado');

-- The operator's word on the sector of an NCM or of an ISIC class; it wins over the published class.
-- What it must not say is refused here: a row that cannot be read would keep every snapshot from being made.
CREATE TABLE cfg.setores (
    tipo   text         NOT NULL CHECK (tipo IN ('ncm', 'isic')),
    codigo text         NOT NULL,
    setor  varchar(100) NOT NULL REFERENCES cfg.setor (nome),
    PRIMARY KEY (tipo, codigo),
    CHECK (codigo ~ CASE tipo WHEN 'ncm' THEN '^[0-9]{8}$' ELSE '^[0-9]{4}$' END)
);

GRANT USAGE ON SCHEMA stg, rpt, cfg TO app_rw, readonly_audit;
GRANT SELECT ON ALL TABLES IN SCHEMA stg, rpt, cfg TO app_rw, readonly_audit;
GRANT USAGE ON SEQUENCE stg.snapshot_version_seq TO app_rw;
GRANT INSERT, UPDATE ON stg.ingest_batch TO app_rw;
GRANT INSERT ON rpt.simulator_recommendations TO app_rw;
GRANT INSERT, UPDATE, DELETE ON cfg.pais, cfg.ncm, cfg.ncm_sh, cfg.uf, cfg.via, cfg.urf, cfg.ncm_unidade,
    cfg.pais_bloco, cfg.pais_sem_tabela, cfg.setor, cfg.setores TO app_rw;
