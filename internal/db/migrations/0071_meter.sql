-- +goose Up
-- Meters as devices: the steps of their lives, which of them are one device, what inspectors read, what suppliers answer to
-- readings; and the balances of suppliers who answer at once.

-- A reading taken by the supplier's inspector: it may be lower than the one before (п. 61 of Rules № 354).
ALTER TABLE charge_reading ADD COLUMN control BOOLEAN NOT NULL DEFAULT FALSE;

-- A dated step: kind described (what the device is), installed, commissioned, sealed, seal_broken, verified, failed,
-- replaced, removed. body is JSON of what the kind says. Of one step the row recorded last holds.
CREATE TABLE meter_step (
    building_id BIGINT NOT NULL,
    meter_id    BIGINT NOT NULL,
    step_id     BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    kind        TEXT NOT NULL,
    on_day      INTEGER NOT NULL,
    body        TEXT NOT NULL,
    reason      TEXT NOT NULL,
    source      TEXT NOT NULL,
    PRIMARY KEY (building_id, meter_id, step_id, recorded_at)
); -- fact

-- Meters of several accounts or services that are one device; meter_id is the smaller one. The row recorded last holds.
CREATE TABLE meter_link (
    building_id BIGINT NOT NULL,
    meter_id    BIGINT NOT NULL,
    other_id    BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    linked      BOOLEAN NOT NULL,
    reason      TEXT NOT NULL,
    source      TEXT NOT NULL,
    PRIMARY KEY (building_id, meter_id, other_id, recorded_at)
); -- fact

-- What a supplier answered to a reading: accepted, or declined with the code of a reason. value_e7 is the figure answered.
CREATE TABLE reading_answer (
    building_id BIGINT NOT NULL,
    meter_id    BIGINT NOT NULL,
    on_day      INTEGER NOT NULL,
    zone        SMALLINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    supplier_id BIGINT NOT NULL,
    value_e7    BIGINT NOT NULL,
    answer      TEXT NOT NULL,
    code        TEXT NOT NULL,
    note        TEXT NOT NULL,
    PRIMARY KEY (building_id, meter_id, on_day, zone, recorded_at)
); -- fact

-- How a supplier is asked for balances, JSON; '' is not asked.
ALTER TABLE supplier ADD COLUMN online TEXT NOT NULL DEFAULT '';

-- What a supplier said an account owes: as_of is his moment, recorded_at ours. Money never follows from it by itself.
CREATE TABLE online_balance (
    building_id BIGINT NOT NULL,
    account_id  BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    supplier_id BIGINT NOT NULL,
    as_of       BIGINT NOT NULL,
    due_kop     BIGINT NOT NULL,
    request_id  TEXT NOT NULL,
    PRIMARY KEY (building_id, account_id, recorded_at)
); -- fact

-- +goose Down
DROP TABLE online_balance;
ALTER TABLE supplier DROP COLUMN online;
DROP TABLE reading_answer;
DROP TABLE meter_link;
DROP TABLE meter_step;
ALTER TABLE charge_reading DROP COLUMN control;
