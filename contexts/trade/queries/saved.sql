-- Saved products. Every statement names its subject.

--! saved_products
SELECT ncm, saved_at FROM simulator.saved_product WHERE subject = :subject ORDER BY saved_at DESC, ncm LIMIT :most;

--! save_product
SELECT simulator.save_product(:subject, :ncm, :now, :most) AS saved;

--! remove_product
WITH gone AS (DELETE FROM simulator.saved_product WHERE subject = :subject AND ncm = :ncm RETURNING 1)
SELECT count(*) AS removed FROM gone;
