-- What loads replaced: kept for a time, compared with what came, and taken back.

ALTER TABLE stg.ingest_batch DROP CONSTRAINT ingest_batch_replace_mode_check,
    ADD CONSTRAINT ingest_batch_replace_mode_check CHECK (replace_mode IN ('year', 'slice', 'countries')),
    DROP CONSTRAINT ingest_batch_outcome_check,
    ADD CONSTRAINT ingest_batch_outcome_check CHECK (outcome IN ('loading', 'live', 'unchanged', 'failed', 'dropped'));

-- One row for each year that a load changed. The content replaced stays in `kept_table`, one generation a year.
CREATE TABLE stg.replaced_year (
    ingest_batch varchar(50) NOT NULL REFERENCES stg.ingest_batch,
    ano          integer     NOT NULL,
    replace_mode text        NOT NULL CHECK (replace_mode IN ('year', 'slice', 'countries')),
    version      bigint      NOT NULL,
    rows_before  bigint      NOT NULL,
    usd_before   numeric(20, 2) NOT NULL,
    kg_before    numeric(22, 3) NOT NULL,
    rows_after   bigint      NOT NULL,
    usd_after    numeric(20, 2) NOT NULL,
    kg_after     numeric(22, 3) NOT NULL,
    previous     jsonb,
    coverage     jsonb       NOT NULL DEFAULT '[]',
    kept_table   text,
    replaced_at  timestamptz NOT NULL,
    dropped_at   timestamptz,
    PRIMARY KEY (ingest_batch, ano)
);
COMMENT ON COLUMN stg.replaced_year.rows_before IS 'rows that the load replaced: of the whole year, or of its NCMs or countries';
COMMENT ON COLUMN stg.replaced_year.previous IS 'the row of stg.live_year before the load; NULL where the year had no real data';
COMMENT ON COLUMN stg.replaced_year.coverage IS 'rows of stg.slice_coverage that the load changed';
COMMENT ON COLUMN stg.replaced_year.kept_table IS 'table of stg with the rows replaced; NULL when none are kept';
CREATE INDEX idx_replaced_year_ano ON stg.replaced_year (ano, version);

-- Servers that answer from this store, each with the snapshot that it serves.
CREATE TABLE stg.serving (
    server_id   text        PRIMARY KEY CHECK (length(server_id) <= 64),
    backend_pid integer     NOT NULL,
    version     bigint      NOT NULL,
    seen_at     timestamptz NOT NULL
);
GRANT SELECT ON stg.replaced_year, stg.serving TO app_rw, readonly_audit;
GRANT INSERT, UPDATE, DELETE ON stg.serving TO app_rw;

-- The index over loads serves questions about one batch as well.
DROP INDEX stg.idx_exportacao_ingest;
CREATE INDEX idx_exportacao_ingest ON stg.exportacao USING brin (ingest_at, ingest_batch);

CREATE OR REPLACE FUNCTION stg.index_staging(p_ano integer, p_version bigint, p_which integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_table text := stg.partition_name(p_ano, p_version);
    v_columns text[] := ARRAY['(ano, pais) WITH (pages_per_range = 4)', '(setor) WITH (pages_per_range = 4)', '(ingest_at, ingest_batch)'];
    v_names text[] := ARRAY['ano_pais', 'setor', 'ingest'];
BEGIN
    EXECUTE format('CREATE INDEX %I ON stg.%I USING brin %s', 'idx_' || v_table || '_' || v_names[p_which + 1], v_table, v_columns[p_which + 1]);
    RETURN true;
END $$;

-- Drops what is kept of a year.
CREATE FUNCTION stg.drop_kept(p_ano integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE v_table text; v_dropped bigint := 0;
BEGIN
    FOR v_table IN SELECT r.kept_table FROM stg.replaced_year r WHERE r.ano = p_ano AND r.kept_table IS NOT NULL LOOP
        EXECUTE format('DROP TABLE IF EXISTS stg.%I', v_table);
        v_dropped := v_dropped + 1;
    END LOOP;
    UPDATE stg.replaced_year SET kept_table = NULL WHERE ano = p_ano AND kept_table IS NOT NULL;
    RETURN v_dropped;
END $$;

-- Drops what was kept before a moment.
CREATE FUNCTION stg.expire_kept(p_before timestamptz) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(sum(stg.drop_kept(old.ano)), 0)::bigint
    FROM (SELECT DISTINCT r.ano FROM stg.replaced_year r WHERE r.kept_table IS NOT NULL AND r.replaced_at < p_before) old
$$;

-- Notes what a load replaces in a year, before it does.
CREATE FUNCTION stg.note_replaced(p_batch text, p_ano integer, p_mode text, p_version bigint, p_at timestamptz) RETURNS stg.live_year
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE v_live stg.live_year;
BEGIN
    PERFORM stg.drop_kept(p_ano);
    SELECT y.* INTO v_live FROM stg.live_year y WHERE y.ano = p_ano AND y.ingest_source <> 'sample';
    INSERT INTO stg.replaced_year (ingest_batch, ano, replace_mode, version, rows_before, usd_before, kg_before,
                                   rows_after, usd_after, kg_after, previous, coverage, replaced_at)
    VALUES (p_batch, p_ano, p_mode, p_version, coalesce(v_live.linhas, 0), coalesce(v_live.valor_usd, 0), coalesce(v_live.peso_kg, 0),
            0, 0, 0, CASE WHEN v_live.ano IS NOT NULL THEN to_jsonb(v_live) END,
            CASE WHEN p_mode = 'year' THEN coalesce((
                SELECT jsonb_agg(to_jsonb(s)) FROM stg.slice_coverage s
                WHERE s.mes_inicial < make_date(p_ano + 1, 1, 1) AND s.mes_final >= make_date(p_ano, 1, 1)), '[]') ELSE '[]' END,
            p_at);
    RETURN v_live;
END $$;

DROP FUNCTION stg.publish_year(integer, bigint, text, text, integer, timestamptz);

-- Puts a sealed and indexed table, whose totals are recorded, in the place of its year; what it replaces is kept if wanted.
CREATE FUNCTION stg.publish_year(p_ano integer, p_version bigint, p_batch text, p_source text, p_through integer, p_at timestamptz, p_keep boolean) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_table text := stg.partition_name(p_ano, p_version);
    v_partition regclass := stg.live_partition(p_ano);
    v_live stg.live_year := stg.note_replaced(p_batch, p_ano, 'year', p_version, p_at);
    v_kept text;
BEGIN
    IF p_keep AND v_live.ano IS NOT NULL AND v_partition IS NOT NULL THEN
        v_kept := format('kept_%s_v%s', p_ano, v_live.version);
        EXECUTE format('ALTER TABLE stg.exportacao DETACH PARTITION %s', v_partition);
        EXECUTE format('ALTER TABLE %s RENAME TO %I', v_partition, v_kept);
    END IF;
    PERFORM stg.remove_year(p_ano);
    EXECUTE format('ALTER TABLE stg.exportacao ATTACH PARTITION stg.%I FOR VALUES IN (%s)', v_table, p_ano);
    INSERT INTO stg.live_year (ano, ingest_source, ingest_batch, version, linhas, valor_usd, peso_kg, through_month, updated_at)
    SELECT p_ano, p_source, p_batch, p_version, sum(r.linhas), sum(r.total_usd), sum(r.total_kg), p_through, p_at
    FROM rpt.resumo_anual r WHERE r.ano = p_ano AND r.version = p_version;
    UPDATE stg.replaced_year r SET kept_table = v_kept, rows_after = y.linhas, usd_after = y.valor_usd, kg_after = y.peso_kg
    FROM stg.live_year y WHERE y.ano = p_ano AND r.ano = p_ano AND r.ingest_batch = p_batch;
    RETURN true;
END $$;

DROP FUNCTION stg.publish_slice(integer, bigint, text, text[], integer, integer, timestamptz);

-- Replaces the rows of these NCMs, or of these countries, in these months of a year by the rows of a sealed table, and
-- sums the year anew. The rows replaced are kept if wanted.
CREATE FUNCTION stg.publish_part(p_ano integer, p_version bigint, p_batch text, p_source text, p_mode text, p_ncm text[], p_co_pais smallint[],
                                 p_mes_inicial integer, p_mes_final integer, p_at timestamptz, p_keep boolean,
                                 OUT linhas bigint, OUT valor_cents bigint, OUT peso_g bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_columns constant text := 'ano, mes, pais, setor, ncm, valor_usd, peso_kg, co_pais, sg_uf, co_via, co_unid, co_urf, qt_estat, ingest_at, ingest_batch, ingest_source';
    c_part constant text := 'mes BETWEEN $1 AND $2 AND CASE WHEN $3 THEN ncm = ANY ($4) ELSE co_pais = ANY ($5) END';
    v_table text := stg.partition_name(p_ano, p_version);
    v_live regclass := stg.live_partition(p_ano);
    v_previous stg.live_year := stg.note_replaced(p_batch, p_ano, p_mode, p_version, p_at);
    v_kept text := format('kept_%s_v%s', p_ano, p_version);
    v_slice boolean := p_mode = 'slice';
    v_before record; v_after record;
BEGIN
    DELETE FROM rpt.resumo_anual r WHERE r.ano = p_ano;
    EXECUTE format('SELECT count(*) AS n, coalesce(sum(valor_usd), 0) AS usd, coalesce(sum(peso_kg), 0) AS kg FROM stg.%I', v_table) INTO v_after;
    IF v_live IS NULL THEN
        EXECUTE format('ALTER TABLE stg.exportacao ATTACH PARTITION stg.%I FOR VALUES IN (%s)', v_table, p_ano);
        v_live := format('stg.%I', v_table)::regclass;
        SELECT 0::bigint AS n, 0::numeric AS usd, 0::numeric AS kg INTO v_before;
        v_kept := NULL;
    ELSE
        EXECUTE format('SELECT count(*) AS n, coalesce(sum(valor_usd), 0) AS usd, coalesce(sum(peso_kg), 0) AS kg FROM %s WHERE ', v_live) || c_part
        INTO v_before USING p_mes_inicial, p_mes_final, v_slice, p_ncm, p_co_pais;
        IF p_keep THEN
            EXECUTE format('CREATE TABLE stg.%I AS SELECT %s FROM %s WHERE ', v_kept, c_columns, v_live) || replace(replace(replace(replace(replace(c_part,
                '$1', p_mes_inicial::text), '$2', p_mes_final::text), '$3', v_slice::text), '$4', quote_literal(coalesce(p_ncm, '{}')) || '::text[]'),
                '$5', quote_literal(coalesce(p_co_pais, '{}')) || '::smallint[]');
        ELSE
            v_kept := NULL;
        END IF;
        EXECUTE format('DELETE FROM %s WHERE ', v_live) || c_part USING p_mes_inicial, p_mes_final, v_slice, p_ncm, p_co_pais;
        EXECUTE format('INSERT INTO %s (%s) SELECT %s FROM stg.%I', v_live, c_columns, c_columns, v_table);
        EXECUTE format('DROP TABLE stg.%I', v_table);
    END IF;
    SELECT s.linhas, s.valor_cents, s.peso_g INTO linhas, valor_cents, peso_g FROM stg.summarise(v_live, p_ano, p_version) s;
    INSERT INTO stg.live_year (ano, ingest_source, ingest_batch, version, linhas, valor_usd, peso_kg, through_month, updated_at)
    VALUES (p_ano, p_source, NULL, p_version, linhas, valor_cents / 100.0, peso_g / 1000.0, coalesce(v_previous.through_month, 0), p_at)
    ON CONFLICT (ano) DO UPDATE SET ingest_batch = NULL, version = excluded.version, linhas = excluded.linhas,
        valor_usd = excluded.valor_usd, peso_kg = excluded.peso_kg, updated_at = excluded.updated_at;
    UPDATE stg.replaced_year r
    SET kept_table = v_kept, rows_before = v_before.n, usd_before = v_before.usd, kg_before = v_before.kg,
        rows_after = v_after.n, usd_after = v_after.usd, kg_after = v_after.kg
    WHERE r.ano = p_ano AND r.ingest_batch = p_batch;
END $$;

-- Records what a slice covers: each of its NCMs for each month from its first to its last. What it overwrites is noted.
CREATE OR REPLACE FUNCTION stg.cover_slice(p_batch text, p_source text, p_ncm text[], p_mes_inicial date, p_mes_final date) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE v_covered bigint;
BEGIN
    UPDATE stg.replaced_year r
    SET coverage = coalesce((SELECT jsonb_agg(to_jsonb(s)) FROM stg.slice_coverage s
                             WHERE s.ncm = ANY (p_ncm) AND s.mes_inicial = p_mes_inicial AND s.mes_final = p_mes_final), '[]')
    WHERE r.ingest_batch = p_batch AND r.ano = (SELECT min(f.ano) FROM stg.replaced_year f WHERE f.ingest_batch = p_batch);
    INSERT INTO stg.slice_coverage (ncm, mes_inicial, mes_final, ingest_source, ingest_batch)
    SELECT DISTINCT n, p_mes_inicial, p_mes_final, p_source, p_batch FROM unnest(p_ncm) n
    ON CONFLICT (ncm, mes_inicial, mes_final) DO UPDATE SET ingest_batch = excluded.ingest_batch, ingest_source = excluded.ingest_source;
    GET DIAGNOSTICS v_covered = ROW_COUNT;
    RETURN v_covered;
END $$;

-- Takes a load back in one year: what it replaced is live again under a new version. False where the year holds nothing then.
CREATE FUNCTION stg.restore_year(p_batch text, p_ano integer, p_version bigint, p_at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_columns constant text := 'ano, mes, pais, setor, ncm, valor_usd, peso_kg, co_pais, sg_uf, co_via, co_unid, co_urf, qt_estat, ingest_at, ingest_batch, ingest_source';
    v_replaced stg.replaced_year;
    v_previous stg.live_year;
    v_table text := stg.partition_name(p_ano, p_version);
    v_live regclass := stg.live_partition(p_ano);
BEGIN
    SELECT r.* INTO STRICT v_replaced FROM stg.replaced_year r WHERE r.ingest_batch = p_batch AND r.ano = p_ano;
    v_previous := jsonb_populate_record(NULL::stg.live_year, v_replaced.previous);
    IF v_previous.ano IS NULL THEN
        PERFORM stg.remove_year(p_ano);
    ELSIF v_replaced.replace_mode = 'year' THEN
        PERFORM stg.remove_year(p_ano);
        EXECUTE format('ALTER TABLE stg.%I RENAME TO %I', v_replaced.kept_table, v_table);
        EXECUTE format('ALTER TABLE stg.exportacao ATTACH PARTITION stg.%I FOR VALUES IN (%s)', v_table, p_ano);
        INSERT INTO stg.live_year SELECT (v_previous).*;
        INSERT INTO stg.slice_coverage (ncm, mes_inicial, mes_final, ingest_source, ingest_batch)
        SELECT s.ncm, greatest(s.mes_inicial, make_date(p_ano, 1, 1)), least(s.mes_final, make_date(p_ano, 12, 1)), s.ingest_source, s.ingest_batch
        FROM jsonb_populate_recordset(NULL::stg.slice_coverage, v_replaced.coverage) s
        ON CONFLICT DO NOTHING;
    ELSE
        EXECUTE format('DELETE FROM %s WHERE ingest_batch = $1', v_live) USING p_batch;
        EXECUTE format('INSERT INTO %s (%s) SELECT %s FROM stg.%I', v_live, c_columns, c_columns, v_replaced.kept_table);
        EXECUTE format('DROP TABLE stg.%I', v_replaced.kept_table);
    END IF;
    IF v_previous.ano IS NOT NULL THEN
        DELETE FROM rpt.resumo_anual r WHERE r.ano = p_ano;
        PERFORM stg.summarise(stg.live_partition(p_ano), p_ano, p_version);
        UPDATE stg.live_year y
        SET ingest_batch = v_previous.ingest_batch, version = p_version, linhas = v_previous.linhas, valor_usd = v_previous.valor_usd,
            peso_kg = v_previous.peso_kg, through_month = v_previous.through_month, updated_at = p_at
        WHERE y.ano = p_ano;
    END IF;
    UPDATE stg.replaced_year r SET kept_table = NULL, dropped_at = p_at WHERE r.ingest_batch = p_batch AND r.ano = p_ano;
    RETURN v_previous.ano IS NOT NULL;
END $$;

-- Ends the coverage that a load brought, and marks it as dropped.
CREATE FUNCTION stg.close_dropped(p_batch text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    DELETE FROM stg.slice_coverage s WHERE s.ingest_batch = p_batch;
    INSERT INTO stg.slice_coverage (ncm, mes_inicial, mes_final, ingest_source, ingest_batch)
    SELECT s.ncm, s.mes_inicial, s.mes_final, s.ingest_source, s.ingest_batch
    FROM stg.replaced_year r, jsonb_populate_recordset(NULL::stg.slice_coverage, r.coverage) s
    WHERE r.ingest_batch = p_batch AND r.replace_mode = 'slice'
    ON CONFLICT DO NOTHING;
    UPDATE stg.ingest_batch SET outcome = 'dropped' WHERE ingest_batch = p_batch;
    RETURN FOUND;
END $$;

-- Takes a year out for good: nothing of it is kept, and its loads can no longer be taken back in it.
CREATE FUNCTION stg.drop_year(p_ano integer, p_at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM stg.drop_kept(p_ano);
    UPDATE stg.replaced_year SET dropped_at = p_at WHERE ano = p_ano AND dropped_at IS NULL;
    UPDATE stg.ingest_batch b SET outcome = 'dropped'
    WHERE b.outcome = 'live' AND EXISTS (SELECT FROM stg.replaced_year r WHERE r.ingest_batch = b.ingest_batch)
      AND NOT EXISTS (SELECT FROM stg.replaced_year r WHERE r.ingest_batch = b.ingest_batch AND r.dropped_at IS NULL);
    RETURN stg.remove_year(p_ano);
END $$;

-- What a load changed, by month and product: rows with the same code columns are compared by their sums.
CREATE FUNCTION stg.compare_batch(p_batch text, p_ano integer)
RETURNS TABLE (mes integer, ncm text, added bigint, changed bigint, removed bigint, same bigint,
               cents_before bigint, cents_after bigint, g_before bigint, g_after bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_keys constant text := 'mes, ncm, co_pais, sg_uf, co_via, coalesce(co_unid, -1), coalesce(co_urf, -1), CASE WHEN co_urf IS NULL THEN setor END';
    v_replaced stg.replaced_year;
    v_old text;
BEGIN
    SELECT r.* INTO STRICT v_replaced FROM stg.replaced_year r WHERE r.ingest_batch = p_batch AND r.ano = p_ano;
    v_old := CASE WHEN v_replaced.kept_table IS NULL THEN '(SELECT * FROM stg.exportacao WHERE false) x' ELSE format('stg.%I', v_replaced.kept_table) END;
    RETURN QUERY EXECUTE format(
        'WITH new AS (SELECT row(%1$s)::text AS k, min(mes) AS mes, min(ncm) AS ncm, count(*) AS n, sum(valor_usd) AS usd, sum(peso_kg) AS kg, sum(qt_estat) AS qt'
        '             FROM stg.exportacao WHERE ano = $1 AND ingest_batch = $2 GROUP BY 1),'
        ' old AS (SELECT row(%1$s)::text AS k, min(mes) AS mes, min(ncm) AS ncm, count(*) AS n, sum(valor_usd) AS usd, sum(peso_kg) AS kg, sum(qt_estat) AS qt'
        '         FROM %2$s GROUP BY 1)'
        ' SELECT coalesce(new.mes, old.mes), coalesce(new.ncm, old.ncm)::text,'
        '  count(*) FILTER (WHERE old.k IS NULL),'
        '  count(*) FILTER (WHERE old.k = new.k AND (old.n, old.usd, old.kg, coalesce(old.qt, -1)) <> (new.n, new.usd, new.kg, coalesce(new.qt, -1))),'
        '  count(*) FILTER (WHERE new.k IS NULL),'
        '  count(*) FILTER (WHERE old.k = new.k AND (old.n, old.usd, old.kg, coalesce(old.qt, -1)) = (new.n, new.usd, new.kg, coalesce(new.qt, -1))),'
        '  (coalesce(sum(old.usd), 0) * 100)::bigint, (coalesce(sum(new.usd), 0) * 100)::bigint,'
        '  (coalesce(sum(old.kg), 0) * 1000)::bigint, (coalesce(sum(new.kg), 0) * 1000)::bigint'
        ' FROM new FULL JOIN old ON new.k = old.k GROUP BY 1, 2', c_keys, v_old)
    USING p_ano, p_batch;
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA stg FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA stg TO app_rw;
REVOKE EXECUTE ON FUNCTION stg.summarise(regclass, integer, bigint), stg.live_partition(integer),
    stg.partition_name(integer, bigint), stg.drop_kept(integer),
    stg.note_replaced(text, integer, text, bigint, timestamptz) FROM app_rw;
