-- A country name of an earlier file that the tables know by now: its rows are those of that country.
ALTER TABLE cfg.pais_sem_tabela ADD COLUMN co_pais_resolvido smallint;
COMMENT ON COLUMN cfg.pais_sem_tabela.co_pais_resolvido IS 'CO_PAIS of the country that the name means; NULL while no table knows it';
GRANT UPDATE (co_pais_resolvido) ON cfg.pais_sem_tabela TO app_rw;
