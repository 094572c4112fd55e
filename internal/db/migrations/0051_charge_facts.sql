-- +goose Up
-- What charging knows: facts of premises, people, services, meters and readings, and of the house. Facts: building_id
-- first; rows are appended, of one key the row recorded last holds; source tells the file and row, call, person.
-- A household is the premises whose services are charged together. Numbers _e7 are exact decimals, zero date is open.

CREATE TABLE charge_house (
    building_id    BIGINT NOT NULL,
    valid_from     INTEGER NOT NULL,
    recorded_at    BIGINT NOT NULL,
    source         TEXT NOT NULL,
    area_e7        BIGINT NOT NULL,
    own_heat_e7    BIGINT NOT NULL,
    common_area_e7 BIGINT NOT NULL,
    persons        INTEGER NOT NULL,
    heat_even      BOOLEAN NOT NULL,
    heat_months    INTEGER NOT NULL,
    PRIMARY KEY (building_id, valid_from, recorded_at)
); -- fact

-- What the house used of a service in a month; body is its figures.
CREATE TABLE charge_resource (
    building_id BIGINT NOT NULL,
    service     TEXT NOT NULL,
    month       INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    source      TEXT NOT NULL,
    body        TEXT NOT NULL,
    PRIMARY KEY (building_id, service, month, recorded_at)
); -- fact

CREATE TABLE charge_premises (
    building_id    BIGINT NOT NULL,
    household_id   BIGINT NOT NULL,
    recorded_at    BIGINT NOT NULL,
    source         TEXT NOT NULL,
    area_e7        BIGINT NOT NULL,
    heated_e7      BIGINT NOT NULL,
    rooms          INTEGER NOT NULL,
    own_heat       BOOLEAN NOT NULL,
    flat_persons   INTEGER NOT NULL,
    living_area_e7 BIGINT NOT NULL,
    flat_living_e7 BIGINT NOT NULL,
    PRIMARY KEY (building_id, household_id, recorded_at)
); -- fact

-- People: kind resident, temporary, owner, absent (left and returned), party (who is charged from a day on). Persons
-- below zero withdraw the fact.
CREATE TABLE charge_stay (
    building_id  BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    stay_id      BIGINT NOT NULL,
    recorded_at  BIGINT NOT NULL,
    source       TEXT NOT NULL,
    kind         TEXT NOT NULL,
    persons      INTEGER NOT NULL,
    valid_from   INTEGER NOT NULL,
    valid_to     INTEGER NOT NULL,
    PRIMARY KEY (building_id, household_id, stay_id, recorded_at)
); -- fact

-- A service of the catalogue that an account takes. mode: issued (the supplier's figure), computed, compared (both),
-- '' withdrawn.
CREATE TABLE charge_subscription (
    building_id    BIGINT NOT NULL,
    account_id     BIGINT NOT NULL,
    service        TEXT NOT NULL,
    valid_from     INTEGER NOT NULL,
    recorded_at    BIGINT NOT NULL,
    source         TEXT NOT NULL,
    household_id   BIGINT NOT NULL,
    supplier_id    BIGINT NOT NULL,
    service_id     BIGINT NOT NULL,
    category       TEXT NOT NULL,
    valid_to       INTEGER NOT NULL,
    mode           TEXT NOT NULL,
    meter_possible BOOLEAN NOT NULL,
    included       BOOLEAN NOT NULL,
    quantity_e7    BIGINT NOT NULL,
    share_e7       BIGINT NOT NULL,
    part_num       BIGINT NOT NULL,
    part_den       BIGINT NOT NULL,
    flat_rest_e7   BIGINT NOT NULL,
    PRIMARY KEY (building_id, account_id, service, valid_from, recorded_at)
); -- fact

CREATE TABLE charge_meter (
    building_id BIGINT NOT NULL,
    meter_id    BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    source      TEXT NOT NULL,
    account_id  BIGINT NOT NULL,
    service     TEXT NOT NULL,
    valid_from  INTEGER NOT NULL,
    valid_to    INTEGER NOT NULL,
    digits      SMALLINT NOT NULL,
    registers   SMALLINT NOT NULL,
    verified_to INTEGER NOT NULL,
    failed_on   INTEGER NOT NULL,
    gas_e7      BIGINT NOT NULL,
    PRIMARY KEY (building_id, meter_id, recorded_at)
); -- fact

-- A figure of a register on a day. A row not accepted withdraws the one before.
CREATE TABLE charge_reading (
    building_id BIGINT NOT NULL,
    meter_id    BIGINT NOT NULL,
    on_day      INTEGER NOT NULL,
    zone        SMALLINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    reading_id  BIGINT NOT NULL,
    value_e7    BIGINT NOT NULL,
    initial     BOOLEAN NOT NULL,
    accepted    BOOLEAN NOT NULL,
    source      TEXT NOT NULL,
    PRIMARY KEY (building_id, meter_id, on_day, zone, recorded_at)
); -- fact

-- Rarer facts: act, event (of quality), benefit, object (on a plot), instalment. account_id 0 is the household's,
-- household_id 0 the whole house's. An empty body withdraws the fact.
CREATE TABLE charge_fact (
    building_id  BIGINT NOT NULL,
    fact_id      BIGINT NOT NULL,
    recorded_at  BIGINT NOT NULL,
    source       TEXT NOT NULL,
    household_id BIGINT NOT NULL,
    account_id   BIGINT NOT NULL,
    service      TEXT NOT NULL,
    kind         TEXT NOT NULL,
    valid_from   INTEGER NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (building_id, fact_id, recorded_at)
); -- fact

-- The earliest day that facts recorded together are about: tells late facts without reading them all.
CREATE TABLE charge_touch (
    building_id BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    from_day    INTEGER NOT NULL,
    PRIMARY KEY (building_id, recorded_at)
); -- fact

-- A projection of a building's facts but readings, for the batch (docs/decisions/0005). version counts the writes of
-- facts; an empty body must be built again.
CREATE TABLE charge_sheet (
    building_id BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    known_at    BIGINT NOT NULL,
    households  INTEGER NOT NULL,
    body        BYTEA NOT NULL,
    PRIMARY KEY (building_id)
); -- fact

-- +goose Down
DROP TABLE charge_sheet;
DROP TABLE charge_touch;
DROP TABLE charge_fact;
DROP TABLE charge_reading;
DROP TABLE charge_meter;
DROP TABLE charge_subscription;
DROP TABLE charge_stay;
DROP TABLE charge_premises;
DROP TABLE charge_resource;
DROP TABLE charge_house;
