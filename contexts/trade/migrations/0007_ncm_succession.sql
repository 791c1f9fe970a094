-- The operator's word on NCM codes that ended; it wins over the embedded table and over the data.
CREATE TABLE cfg.ncm_succession (
    co_ncm_old text NOT NULL CHECK (co_ncm_old ~ '^[0-9]{8}$'),
    co_ncm_new text NOT NULL CHECK (co_ncm_new ~ '^[0-9]{8}$'),
    since      date CHECK (since BETWEEN '1989-01-01' AND '2100-12-31'),
    basis      text NOT NULL DEFAULT '' CHECK (length(basis) <= 500),
    PRIMARY KEY (co_ncm_old, co_ncm_new),
    CHECK (co_ncm_old <> co_ncm_new)
);
COMMENT ON TABLE cfg.ncm_succession IS 'codes that ended and the codes that replace them; several rows where one code was divided';
COMMENT ON COLUMN cfg.ncm_succession.since IS 'first month of the replacement, by any day of it; NULL when not known';
COMMENT ON COLUMN cfg.ncm_succession.basis IS 'the act or the reason, in words';

-- A chain that returns to its start has no end: the row that closes it is refused.
CREATE FUNCTION cfg.refuse_succession_cycle() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('cfg.ncm_succession'));
    IF EXISTS (
        WITH RECURSIVE later AS (
            SELECT NEW.co_ncm_new AS ncm
            UNION
            SELECT s.co_ncm_new FROM cfg.ncm_succession s JOIN later l ON s.co_ncm_old = l.ncm)
        SELECT 1 FROM later WHERE ncm = NEW.co_ncm_old) THEN
        RAISE EXCEPTION 'cfg.ncm_succession: % -> % closes a circle', NEW.co_ncm_old, NEW.co_ncm_new
            USING ERRCODE = 'check_violation', HINT = 'remove the row that leads back first';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ncm_succession_cycle BEFORE INSERT OR UPDATE ON cfg.ncm_succession
    FOR EACH ROW EXECUTE FUNCTION cfg.refuse_succession_cycle();

GRANT SELECT ON cfg.ncm_succession TO app_rw, readonly_audit;
GRANT INSERT, UPDATE, DELETE ON cfg.ncm_succession TO app_rw;
