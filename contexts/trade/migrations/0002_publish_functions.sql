-- How facts change: SECURITY DEFINER functions that app_rw may execute (product contract, section 8).
-- Each fixes its search_path and names every object in full, so that a caller's objects are never found.

-- The name of a year's partition. Only numbers go in, so the identifier needs no quoting.
CREATE FUNCTION stg.partition_name(p_ano integer, p_version bigint) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT format('exportacao_%s_v%s', p_ano, p_version) $$;

-- Makes an empty table for one year of a load. The columns that are the same in every row of it
-- (ano, ingest_*) join in stg.seal_staging, where they cost no byte a row.
CREATE FUNCTION stg.open_staging(p_ano integer, p_version bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE v_table text := stg.partition_name(p_ano, p_version);
BEGIN
    -- Not LIKE and DROP COLUMN: dropped columns would leave a null bitmap in every row.
    EXECUTE format(
        'CREATE TABLE stg.%I (mes integer NOT NULL, pais varchar(100) COLLATE "C" NOT NULL, setor varchar(100) COLLATE "C" NOT NULL,'
        ' ncm varchar(20) COLLATE "C" NOT NULL, valor_usd numeric(18, 2) NOT NULL, peso_kg numeric(18, 3) NOT NULL, co_pais smallint NOT NULL,'
        ' sg_uf varchar(2) COLLATE "C" NOT NULL, co_via smallint NOT NULL, co_unid smallint, co_urf integer, qt_estat bigint)',
        v_table);
    EXECUTE format('GRANT INSERT, SELECT ON stg.%I TO app_rw', v_table);
    RETURN format('stg.%I', v_table);
END $$;

-- Gives a filled table the constant columns and the constraint that lets it be attached without a scan.
-- ADD COLUMN with a constant default is a change of the catalogue only: no row is rewritten.
CREATE FUNCTION stg.seal_staging(p_ano integer, p_version bigint, p_batch text, p_source text, p_at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE v_table text := stg.partition_name(p_ano, p_version);
BEGIN
    EXECUTE format('REVOKE INSERT ON stg.%I FROM app_rw', v_table);
    EXECUTE format(
        'ALTER TABLE stg.%I ADD COLUMN ano integer NOT NULL DEFAULT %s,'
        ' ADD COLUMN ingest_at timestamptz NOT NULL DEFAULT %L,'
        ' ADD COLUMN ingest_batch varchar(50) COLLATE "C" NOT NULL DEFAULT %L,'
        ' ADD COLUMN ingest_source varchar(100) COLLATE "C" NOT NULL DEFAULT %L,'
        ' ADD CONSTRAINT ano_of_partition CHECK (ano = %s)',
        v_table, p_ano, p_at, p_batch, p_source, p_ano);
    RETURN true;
END $$;

-- Builds one of the partition's indexes before it is attached; `p_which` is 0, 1 or 2.
CREATE FUNCTION stg.index_staging(p_ano integer, p_version bigint, p_which integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_table text := stg.partition_name(p_ano, p_version);
    v_columns text[] := ARRAY['(ano, pais) WITH (pages_per_range = 4)', '(setor) WITH (pages_per_range = 4)', '(ingest_at)'];
    v_names text[] := ARRAY['ano_pais', 'setor', 'ingest'];
BEGIN
    EXECUTE format('CREATE INDEX %I ON stg.%I USING brin %s', 'idx_' || v_table || '_' || v_names[p_which + 1], v_table, v_columns[p_which + 1]);
    RETURN true;
END $$;

-- Sums a table of facts into rpt.resumo_anual under its version and returns the grand totals.
CREATE FUNCTION stg.summarise(p_table regclass, p_ano integer, p_version bigint, OUT linhas bigint, OUT valor_cents bigint, OUT peso_g bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format(
        'INSERT INTO rpt.resumo_anual (ano, version, pais, setor, total_usd, total_kg, linhas)'
        ' SELECT %s, %s, pais, setor, sum(valor_usd), sum(peso_kg), count(*) FROM %s GROUP BY pais, setor',
        p_ano, p_version, p_table);
    SELECT coalesce(sum(r.linhas), 0), coalesce(sum(r.total_usd) * 100, 0), coalesce(sum(r.total_kg) * 1000, 0)
    INTO linhas, valor_cents, peso_g
    FROM rpt.resumo_anual r WHERE r.ano = p_ano AND r.version = p_version;
END $$;
REVOKE ALL ON FUNCTION stg.summarise FROM PUBLIC;

-- Keeps the totals that a load summed while it read, under its version. Summing here would read a million rows again.
CREATE FUNCTION stg.record_totals(p_ano integer, p_version bigint, p_pais text[], p_setor text[], p_valor_cents bigint[], p_peso_g bigint[], p_linhas bigint[])
RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    WITH recorded AS (
        INSERT INTO rpt.resumo_anual (ano, version, pais, setor, total_usd, total_kg, linhas)
        SELECT p_ano, p_version, t.pais, t.setor, t.valor_cents / 100.0, t.peso_g / 1000.0, t.linhas
        FROM unnest(p_pais, p_setor, p_valor_cents, p_peso_g, p_linhas) AS t (pais, setor, valor_cents, peso_g, linhas)
        -- What is live already is not added to.
        WHERE NOT EXISTS (SELECT FROM stg.live_year y WHERE y.ano = p_ano AND y.version = p_version)
        RETURNING 1)
    SELECT count(*) FROM recorded
$$;

-- The partition that holds a year now, or NULL.
CREATE FUNCTION stg.live_partition(p_ano integer) RETURNS regclass
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT i.inhrelid::regclass
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'stg.exportacao'::regclass
      AND c.relname LIKE format('exportacao\_%s\_v%%', p_ano)
$$;

-- Takes a year out: partition, totals, coverage.
CREATE FUNCTION stg.remove_year(p_ano integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE v_partition regclass := stg.live_partition(p_ano);
BEGIN
    IF v_partition IS NOT NULL THEN
        EXECUTE format('ALTER TABLE stg.exportacao DETACH PARTITION %s', v_partition);
        EXECUTE format('DROP TABLE %s', v_partition);
    END IF;
    DELETE FROM rpt.resumo_anual r USING stg.live_year y WHERE y.ano = p_ano AND r.ano = y.ano AND r.version = y.version;
    DELETE FROM stg.live_year WHERE ano = p_ano;
    -- A slice may span years: what lies outside this one stays covered.
    INSERT INTO stg.slice_coverage (ncm, mes_inicial, mes_final, ingest_source, ingest_batch)
    SELECT ncm, mes_inicial, make_date(p_ano - 1, 12, 1), ingest_source, ingest_batch
    FROM stg.slice_coverage WHERE mes_inicial < make_date(p_ano, 1, 1) AND mes_final >= make_date(p_ano, 1, 1)
    UNION
    SELECT ncm, make_date(p_ano + 1, 1, 1), mes_final, ingest_source, ingest_batch
    FROM stg.slice_coverage WHERE mes_inicial < make_date(p_ano + 1, 1, 1) AND mes_final >= make_date(p_ano + 1, 1, 1)
    ON CONFLICT DO NOTHING;
    DELETE FROM stg.slice_coverage
    WHERE mes_inicial < make_date(p_ano + 1, 1, 1) AND mes_final >= make_date(p_ano, 1, 1);
    RETURN v_partition IS NOT NULL;
END $$;

-- Puts a sealed and indexed table, whose totals are recorded, in the place of its year.
CREATE FUNCTION stg.publish_year(p_ano integer, p_version bigint, p_batch text, p_source text, p_through integer, p_at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE v_table text := stg.partition_name(p_ano, p_version);
BEGIN
    PERFORM stg.remove_year(p_ano);
    EXECUTE format('ALTER TABLE stg.exportacao ATTACH PARTITION stg.%I FOR VALUES IN (%s)', v_table, p_ano);
    INSERT INTO stg.live_year (ano, ingest_source, ingest_batch, version, linhas, valor_usd, peso_kg, through_month, updated_at)
    SELECT p_ano, p_source, p_batch, p_version, sum(r.linhas), sum(r.total_usd), sum(r.total_kg), p_through, p_at
    FROM rpt.resumo_anual r WHERE r.ano = p_ano AND r.version = p_version;
    RETURN true;
END $$;

-- Replaces the rows of these NCMs in these months of a year by the rows of a sealed table, and sums the year anew.
CREATE FUNCTION stg.publish_slice(p_ano integer, p_version bigint, p_source text, p_ncm text[], p_mes_inicial integer, p_mes_final integer, p_at timestamptz,
                                  OUT linhas bigint, OUT valor_cents bigint, OUT peso_g bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_table text := stg.partition_name(p_ano, p_version);
    v_live regclass := stg.live_partition(p_ano);
    v_through integer := coalesce((SELECT y.through_month FROM stg.live_year y WHERE y.ano = p_ano), 0);
BEGIN
    DELETE FROM rpt.resumo_anual r WHERE r.ano = p_ano;
    IF v_live IS NULL THEN
        EXECUTE format('ALTER TABLE stg.exportacao ATTACH PARTITION stg.%I FOR VALUES IN (%s)', v_table, p_ano);
        v_live := format('stg.%I', v_table)::regclass;
    ELSE
        EXECUTE format('DELETE FROM %s WHERE ncm = ANY ($1) AND mes BETWEEN $2 AND $3', v_live) USING p_ncm, p_mes_inicial, p_mes_final;
        EXECUTE format(
            'INSERT INTO %s (ano, mes, pais, setor, ncm, valor_usd, peso_kg, co_pais, sg_uf, co_via, co_unid, co_urf, qt_estat, ingest_at, ingest_batch, ingest_source)'
            ' SELECT ano, mes, pais, setor, ncm, valor_usd, peso_kg, co_pais, sg_uf, co_via, co_unid, co_urf, qt_estat, ingest_at, ingest_batch, ingest_source FROM stg.%I',
            v_live, v_table);
        EXECUTE format('DROP TABLE stg.%I', v_table);
    END IF;
    SELECT s.linhas, s.valor_cents, s.peso_g INTO linhas, valor_cents, peso_g FROM stg.summarise(v_live, p_ano, p_version) s;
    INSERT INTO stg.live_year (ano, ingest_source, ingest_batch, version, linhas, valor_usd, peso_kg, through_month, updated_at)
    VALUES (p_ano, p_source, NULL, p_version, linhas, valor_cents / 100.0, peso_g / 1000.0, v_through, p_at)
    ON CONFLICT (ano) DO UPDATE SET ingest_batch = NULL, version = excluded.version, linhas = excluded.linhas,
        valor_usd = excluded.valor_usd, peso_kg = excluded.peso_kg, updated_at = excluded.updated_at;
END $$;

-- Records what a slice covers: each of its NCMs for each month from its first to its last.
CREATE FUNCTION stg.cover_slice(p_batch text, p_source text, p_ncm text[], p_mes_inicial date, p_mes_final date) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    WITH covered AS (
        INSERT INTO stg.slice_coverage (ncm, mes_inicial, mes_final, ingest_source, ingest_batch)
        SELECT DISTINCT n, p_mes_inicial, p_mes_final, p_source, p_batch FROM unnest(p_ncm) n
        ON CONFLICT (ncm, mes_inicial, mes_final) DO UPDATE SET ingest_batch = excluded.ingest_batch, ingest_source = excluded.ingest_source
        RETURNING 1)
    SELECT count(*) FROM covered
$$;

-- Writes what the code tables now say into the denormalised names of a year.
-- Rows of the simple layout (co_urf IS NULL) keep the setor their file gave them.
CREATE FUNCTION stg.reclassify_year(p_ano integer, p_co_pais smallint[], p_pais text[], p_ncm text[], p_setor text[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE v_changed bigint; v_more bigint;
BEGIN
    UPDATE stg.exportacao e SET pais = n.pais
    FROM unnest(p_co_pais, p_pais) AS n (co_pais, pais)
    WHERE e.ano = p_ano AND e.co_pais = n.co_pais AND e.pais <> n.pais;
    GET DIAGNOSTICS v_changed = ROW_COUNT;
    UPDATE stg.exportacao e SET setor = n.setor
    FROM unnest(p_ncm, p_setor) AS n (ncm, setor)
    WHERE e.ano = p_ano AND e.ncm = n.ncm AND e.co_urf IS NOT NULL AND e.setor <> n.setor;
    GET DIAGNOSTICS v_more = ROW_COUNT;
    RETURN v_changed + v_more;
END $$;

-- Sums a live year anew under a new version, after its rows were reclassified.
CREATE FUNCTION stg.renew_year(p_ano integer, p_version bigint, p_at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    DELETE FROM rpt.resumo_anual r WHERE r.ano = p_ano;
    PERFORM stg.summarise(stg.live_partition(p_ano), p_ano, p_version);
    UPDATE stg.live_year SET version = p_version, updated_at = p_at WHERE ano = p_ano;
    RETURN FOUND;
END $$;

-- Names the new snapshot, refreshes the reports and tells every server, all at the caller's commit.
CREATE FUNCTION stg.announce(p_version bigint, p_at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE stg.snapshot SET version = p_version, updated_at = p_at;
    PERFORM rpt.refresh();
    PERFORM pg_notify('bgc_trade_snapshot', p_version::text);
    RETURN true;
END $$;

-- Refreshes the three reports without locking their readers out.
CREATE FUNCTION rpt.refresh() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    REFRESH MATERIALIZED VIEW CONCURRENTLY rpt.mv_resumo_pais;
    REFRESH MATERIALIZED VIEW CONCURRENTLY rpt.mv_resumo_setor;
    REFRESH MATERIALIZED VIEW CONCURRENTLY rpt.mv_resumo_geral;
    RETURN true;
END $$;

-- Drops what a load that did not end left behind: tables never attached, totals never made live,
-- batches that stayed "loading". The caller holds the ingest lock, so none of them is in use.
CREATE FUNCTION stg.sweep() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE v_table regclass; v_dropped bigint := 0;
BEGIN
    FOR v_table IN
        SELECT c.oid::regclass FROM pg_class c
        WHERE c.relnamespace = 'stg'::regnamespace AND c.relkind = 'r' AND NOT c.relispartition
          AND c.relname ~ '^exportacao_[0-9]+_v[0-9]+$'
    LOOP
        EXECUTE format('DROP TABLE %s', v_table);
        v_dropped := v_dropped + 1;
    END LOOP;
    DELETE FROM rpt.resumo_anual r WHERE NOT EXISTS (SELECT FROM stg.live_year y WHERE y.ano = r.ano AND y.version = r.version);
    UPDATE stg.ingest_batch SET outcome = 'failed', message = 'the load was interrupted' WHERE outcome = 'loading';
    RETURN v_dropped;
END $$;

-- Forgets simulations older than the retention.
CREATE FUNCTION rpt.forget_simulations(p_before timestamptz) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    WITH gone AS (DELETE FROM rpt.simulator_recommendations WHERE simulated_at < p_before RETURNING 1)
    SELECT count(*) FROM gone
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA stg, rpt FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA stg, rpt TO app_rw;
-- These take a table by name or are steps of others: not for app_rw.
REVOKE EXECUTE ON FUNCTION stg.summarise(regclass, integer, bigint), stg.live_partition(integer),
    stg.partition_name(integer, bigint) FROM app_rw;
