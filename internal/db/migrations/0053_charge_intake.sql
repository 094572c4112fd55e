-- +goose Up
-- What suppliers' files bring into charging: how a supplier's services are the catalogue's, and the volumes he reports.

-- services of the catalogue behind a supplier's own, as JSON (package supplier)
ALTER TABLE supplier ADD COLUMN mapping TEXT NOT NULL DEFAULT '[]';

-- when it last changed: files taken in before are read again when they come again
ALTER TABLE supplier ADD COLUMN mapping_at BIGINT NOT NULL DEFAULT 0;

-- reference: a supplier's service that is the heat of another one: two names of his are one service of the catalogue
CREATE TABLE service_part (
    service_id BIGINT NOT NULL PRIMARY KEY,
    of_service BIGINT NOT NULL
);

-- A volume of a month that the supplier reports where he has no readings. A row not accepted withdraws the one before.
CREATE TABLE charge_volume (
    building_id BIGINT NOT NULL,
    account_id  BIGINT NOT NULL,
    service     TEXT NOT NULL,
    month       INTEGER NOT NULL,
    zone        SMALLINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    volume_e7   BIGINT NOT NULL,
    accepted    BOOLEAN NOT NULL,
    source      TEXT NOT NULL,
    PRIMARY KEY (building_id, account_id, service, month, zone, recorded_at)
); -- fact

-- +goose Down
DROP TABLE charge_volume;
DROP TABLE service_part;
ALTER TABLE supplier DROP COLUMN mapping_at;
ALTER TABLE supplier DROP COLUMN mapping;
