-- Which of the ministry's files are live, and what is known of the countries that goods are sold to.

-- A file of the ministry as the last sync took it: another validator or size at the source means that it was revised.
CREATE TABLE stg.official_file (
    name      text        PRIMARY KEY CHECK (name ~ '^[A-Z0-9_]{1,60}\.csv$'),
    validator text        NOT NULL CHECK (length(validator) <= 500),
    bytes     bigint      CHECK (bytes >= 0),
    sha256    text        NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    synced_at timestamptz NOT NULL
);
COMMENT ON COLUMN stg.official_file.validator IS 'ETag or Last-Modified of the source; empty when it gave neither';
COMMENT ON COLUMN stg.official_file.bytes IS 'size that the source named; NULL when it named none';
COMMENT ON COLUMN stg.official_file.sha256 IS 'of the decompressed bytes, as in stg.ingest_batch';

-- One row for every country or territory with a capital to sell to, Brazil left out.
CREATE TABLE cfg.countries_metadata (
    code               text             COLLATE "C" PRIMARY KEY CHECK (code ~ '^[A-Z]{2}$'),
    iso3               text             NOT NULL CHECK (iso3 ~ '^[A-Z]{3}$'),
    name_pt            varchar(100)     NOT NULL CHECK (name_pt <> ''),
    name_en            varchar(100)     NOT NULL CHECK (name_en <> ''),
    flag_emoji         text             NOT NULL,
    currency           text             NOT NULL,
    languages          text             NOT NULL,
    latitude           double precision NOT NULL CHECK (latitude BETWEEN -90 AND 90),
    longitude          double precision NOT NULL CHECK (longitude BETWEEN -180 AND 180),
    distance_brazil_km double precision NOT NULL CHECK (distance_brazil_km BETWEEN 0 AND 20100),
    updated_at         timestamptz      NOT NULL
);
COMMENT ON COLUMN cfg.countries_metadata.code IS 'ISO 3166-1 alpha-2';
COMMENT ON COLUMN cfg.countries_metadata.currency IS 'ISO 4217 codes, separated by commas';
COMMENT ON COLUMN cfg.countries_metadata.languages IS 'ISO 639 codes (of two or three letters), separated by commas';
COMMENT ON COLUMN cfg.countries_metadata.latitude IS 'of the capital, as is longitude, in degrees';
COMMENT ON COLUMN cfg.countries_metadata.distance_brazil_km IS 'great circle from São Paulo (-23.5505, -46.6333) to the capital';
CREATE INDEX idx_countries_metadata_distance_brazil_km ON cfg.countries_metadata (distance_brazil_km);

GRANT SELECT ON stg.official_file, cfg.countries_metadata TO app_rw, readonly_audit;
GRANT INSERT, UPDATE, DELETE ON stg.official_file, cfg.countries_metadata TO app_rw;
