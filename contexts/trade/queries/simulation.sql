-- What was simulated, kept without anything about who asked.

--! insert_simulation (volume_kg?)
INSERT INTO rpt.simulator_recommendations (simulated_at, ncm, volume_kg, countries, max_results, destinations, scores, snapshot)
VALUES (:simulated_at, :ncm, :volume_kg, :countries, :max_results, :destinations, :scores, :snapshot)
RETURNING id;

--! forget_simulations
SELECT rpt.forget_simulations(:before) AS forgotten;
