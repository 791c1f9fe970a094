-- The operator's succession of NCM codes.

--! ncm_succession : (since?)
SELECT co_ncm_old, co_ncm_new, (extract(year FROM since) * 12 + extract(month FROM since) - 1)::integer AS since
FROM cfg.ncm_succession
ORDER BY co_ncm_old, co_ncm_new;
