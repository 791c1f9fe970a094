-- What is known of the countries that goods are sold to.

--! put_countries
WITH changed AS (
    INSERT INTO cfg.countries_metadata AS c (code, iso3, name_pt, name_en, flag_emoji, currency, languages, latitude,
                                             longitude, distance_brazil_km, updated_at)
    SELECT n.*, :updated_at
    FROM unnest(:code::text[], :iso3::text[], :name_pt::text[], :name_en::text[], :flag_emoji::text[],
                :currency::text[], :languages::text[], :latitude::double precision[], :longitude::double precision[],
                :distance_brazil_km::double precision[]) AS n
    ON CONFLICT (code) DO UPDATE
    SET iso3 = excluded.iso3, name_pt = excluded.name_pt, name_en = excluded.name_en, flag_emoji = excluded.flag_emoji,
        currency = excluded.currency, languages = excluded.languages, latitude = excluded.latitude,
        longitude = excluded.longitude, distance_brazil_km = excluded.distance_brazil_km,
        updated_at = excluded.updated_at
    WHERE (c.iso3, c.name_pt, c.name_en, c.flag_emoji, c.currency, c.languages, c.latitude, c.longitude,
           c.distance_brazil_km)
        IS DISTINCT FROM (excluded.iso3, excluded.name_pt, excluded.name_en, excluded.flag_emoji, excluded.currency,
                          excluded.languages, excluded.latitude, excluded.longitude, excluded.distance_brazil_km)
    RETURNING 1),
gone AS (DELETE FROM cfg.countries_metadata WHERE code <> ALL (:code) RETURNING 1)
SELECT (SELECT count(*) FROM changed) + (SELECT count(*) FROM gone) AS changed;

--! count_countries
SELECT count(*) FROM cfg.countries_metadata;
