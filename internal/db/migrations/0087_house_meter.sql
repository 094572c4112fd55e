-- +goose Up
-- Meters of houses. A meter of account 0 in charge_meter is the house's own; its readings and steps are where those of
-- flats are. factor_e7: how many units of the service one unit of the dial is (transformers, joules); below zero it is
-- taken away (the return pipe); zero is one.
ALTER TABLE charge_meter ADD COLUMN factor_e7 BIGINT NOT NULL DEFAULT 0;
CREATE INDEX charge_meter_house ON charge_meter (building_id, meter_id) WHERE account_id = 0;

-- What the house's own meters measured of a service in a month, worked out of their readings. gap: why they did not
-- measure all of it (unread, failed, unverified), missing: which month in a row that is; gap 'gone' withdraws the row.
CREATE TABLE charge_measured (
    building_id BIGINT NOT NULL,
    service     TEXT NOT NULL,
    month       INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    source      TEXT NOT NULL,
    volume_e7   BIGINT NOT NULL,
    gap         TEXT NOT NULL,
    missing     INTEGER NOT NULL,
    PRIMARY KEY (building_id, service, month, recorded_at)
); -- fact

-- A binding to a house's own meter names the house by its code; account and supplier are none then.
ALTER TABLE device_binding ADD COLUMN house TEXT NOT NULL DEFAULT '';

-- What devices told of houses' own meters, hour by hour as they came, for those who look at a house's night.
CREATE VIEW v_house_figure AS
    SELECT b.house, b.service, b.serial, b.zone, f.measured_at, f.dial_e7
    FROM device_binding b JOIN device_figure f ON f.device_id = b.device_id AND (b.channel = f.channel OR b.channel = '')
        AND f.on_day >= b.valid_from AND (b.valid_to = 0 OR f.on_day <= b.valid_to)
    WHERE b.house <> '' AND f.state IN ('taken', 'corrected', 'same', 'thinned')
        AND NOT EXISTS (SELECT 1 FROM device_binding n WHERE n.device_id = b.device_id AND n.channel = b.channel AND n.valid_from = b.valid_from AND n.recorded_at > b.recorded_at);

-- +goose Down
DROP VIEW v_house_figure;
ALTER TABLE device_binding DROP COLUMN house;
DROP TABLE charge_measured;
DROP INDEX charge_meter_house;
ALTER TABLE charge_meter DROP COLUMN factor_e7;
