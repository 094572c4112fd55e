-- +goose Up
-- ГИС ЖКХ: code lists of suppliers beside the common ones, accounts that ended, payments by services. What was decided of
-- conflicts, for the bill.

-- local: entries of code lists of ГИС ЖКХ by their names; supplier_id 0: a list that is the same for all. The row without
-- a name says when the list was asked for, and its code, when that failed, «failed».
DROP TABLE gis_code;
CREATE TABLE gis_code (
    supplier_id BIGINT NOT NULL,
    list_no     INTEGER NOT NULL,
    name        TEXT NOT NULL,
    code        TEXT NOT NULL,
    guid        TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (supplier_id, list_no, name)
);

-- Accounts all of whose services have ended, with the last day of the last of them.
CREATE VIEW v_account_ended AS
    SELECT s.building_id, s.account_id, max(s.valid_to) AS ended_on FROM charge_subscription s
    WHERE s.mode <> '' AND s.recorded_at = (SELECT max(n.recorded_at) FROM charge_subscription n
        WHERE n.building_id = s.building_id AND n.account_id = s.account_id AND n.service = s.service AND n.valid_from = s.valid_from)
    GROUP BY s.building_id, s.account_id HAVING min(s.valid_to) > 0;

-- What became of cases about what a bill says of its premises.
CREATE VIEW v_conflict_premises AS
    SELECT building_id, case_id, recorded_at, household_id, attribute, state, value, holds_from FROM conflict_case
    WHERE attribute IN ('area', 'residents', 'owner', 'flat');

-- Meters as they are last told of, those withdrawn too: their service is ''.
CREATE VIEW v_meter_row AS
    SELECT m.building_id, m.meter_id, m.account_id, m.service, m.valid_to FROM charge_meter m
    WHERE m.recorded_at = (SELECT max(n.recorded_at) FROM charge_meter n WHERE n.building_id = m.building_id AND n.meter_id = m.meter_id);

-- Money of payments as it was posted, by the supplier's services.
CREATE VIEW v_payment_service AS
    SELECT o.public_id, p.building_id, p.account_id, coalesce(s.name, '') AS service, p.amount_kop FROM payment_order o
    JOIN payment_part p ON p.order_id = o.order_id
    LEFT JOIN service s ON s.service_id = p.service_id
    WHERE p.posted_at > 0 AND p.account_id <> 0;

-- +goose Down
DROP VIEW v_payment_service;
DROP VIEW v_meter_row;
DROP VIEW v_conflict_premises;
DROP VIEW v_account_ended;
DROP TABLE gis_code;
CREATE TABLE gis_code (
    list_no     INTEGER NOT NULL,
    name        TEXT NOT NULL,
    code        TEXT NOT NULL,
    guid        TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (list_no, name)
);
