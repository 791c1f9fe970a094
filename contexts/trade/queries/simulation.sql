-- What was simulated, kept without anything about who asked.

--! insert_simulations (volume_kg_magnitude[?])
WITH added AS (
    INSERT INTO rpt.simulator_recommendations
        (simulated_at, ncm, volume_kg_magnitude, countries, destinations, scores, total_destinations, snapshot)
    SELECT s.simulated_at, s.ncm, s.volume_kg_magnitude, string_to_array(s.countries, ','),
           string_to_array(s.destinations, ','), string_to_array(s.scores, ',')::real[], s.total_destinations, s.snapshot
    FROM unnest(:simulated_at::timestamptz[], :ncm::text[], :volume_kg_magnitude::double precision[], :countries::text[],
                :destinations::text[], :scores::text[], :total_destinations::integer[], :snapshot::text[])
        AS s (simulated_at, ncm, volume_kg_magnitude, countries, destinations, scores, total_destinations, snapshot)
    RETURNING 1)
SELECT count(*) AS inserted FROM added;

--! forget_simulations
SELECT rpt.forget_simulations(:before) AS forgotten;
