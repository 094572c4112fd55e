-- +goose Up
-- ГИС ЖКХ: which suppliers take part, the queue of objects it has to be told of, messages on their way, identifiers it gave.

-- What a supplier's file says of ГИС ЖКХ, JSON; '' takes no part.
ALTER TABLE supplier ADD COLUMN gis TEXT NOT NULL DEFAULT '';

-- route: an object, by the GUID it is sent under however often. entity: objects of one are sent in the order of seq.
-- fact_key: what it tells of, queued once. batch: objects of one message have the same. state: waiting (from next_at
-- on), sent (in message request_id), done, refused. reason: why it waits, or the last refusal.
CREATE TABLE gis_object (
    transport_guid TEXT NOT NULL PRIMARY KEY,
    supplier_id    BIGINT NOT NULL,
    kind           TEXT NOT NULL,
    entity         TEXT NOT NULL,
    seq            BIGINT NOT NULL,
    fact_key       TEXT NOT NULL,
    batch          INTEGER NOT NULL,
    account_id     BIGINT NOT NULL,
    body           TEXT NOT NULL,
    state          TEXT NOT NULL,
    request_id     BIGINT NOT NULL,
    attempts       INTEGER NOT NULL,
    next_at        BIGINT NOT NULL,
    created_at     BIGINT NOT NULL,
    changed_at     BIGINT NOT NULL,
    guid           TEXT NOT NULL,
    number         TEXT NOT NULL,
    reason         TEXT NOT NULL,
    UNIQUE (supplier_id, kind, fact_key)
); -- fact
CREATE INDEX gis_object_waiting ON gis_object (supplier_id, kind, batch, seq) WHERE state = 'waiting';
CREATE INDEX gis_object_entity ON gis_object (supplier_id, entity, seq);
CREATE INDEX gis_object_account ON gis_object (supplier_id, account_id) WHERE state = 'waiting';
CREATE INDEX gis_object_request ON gis_object (request_id) WHERE state = 'sent';

-- local: a message. state: 0 made (whether it was taken is not known), 1 received, 2 in work, 3 worked; 4 given up: its
-- objects wait again. remote: the GUID ГИС ЖКХ took it under.
CREATE TABLE gis_request (
    request_id    BIGINT NOT NULL PRIMARY KEY,
    supplier_id   BIGINT NOT NULL,
    kind          TEXT NOT NULL,
    batch         INTEGER NOT NULL,
    message       TEXT NOT NULL,
    remote        TEXT NOT NULL,
    state         INTEGER NOT NULL,
    objects       INTEGER NOT NULL,
    attempts      INTEGER NOT NULL,
    next_at       BIGINT NOT NULL,
    made_at       BIGINT NOT NULL,
    received_at   BIGINT NOT NULL,
    processing_at BIGINT NOT NULL,
    done_at       BIGINT NOT NULL,
    note          TEXT NOT NULL
);
CREATE INDEX gis_request_open ON gis_request (next_at) WHERE state < 3;

-- route: identifiers of ГИС ЖКХ by our own keys. kind: account (GUID), unified (ЕЛС), service (ИЖКУ), document (ИПД of
-- account/month), meter (GUID), meter_number.
CREATE TABLE gis_alias (
    supplier_id BIGINT NOT NULL,
    kind        TEXT NOT NULL,
    own_key     TEXT NOT NULL,
    value       TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (supplier_id, kind, own_key)
); -- fact

-- local: entries of code lists of ГИС ЖКХ by their names
CREATE TABLE gis_code (
    list_no     INTEGER NOT NULL,
    name        TEXT NOT NULL,
    code        TEXT NOT NULL,
    guid        TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (list_no, name)
);

-- local: how far each source of objects was read for a supplier
CREATE TABLE gis_cursor (
    supplier_id BIGINT NOT NULL,
    source      TEXT NOT NULL,
    position    BIGINT NOT NULL,
    PRIMARY KEY (supplier_id, source)
);

-- Published views: what the exchange reads of others' facts.
CREATE VIEW v_account_claim AS
    SELECT a.building_id, a.account_id, a.supplier_id, a.number, c.flat, c.room, c.evidence FROM account a
    JOIN account_claim c ON c.building_id = a.building_id AND c.account_id = a.account_id
        AND c.recorded_at = (SELECT max(n.recorded_at) FROM account_claim n WHERE n.building_id = c.building_id AND n.account_id = c.account_id)
    WHERE a.closed_at = 0;

CREATE VIEW v_meter AS
    SELECT m.building_id, m.meter_id, m.account_id, m.service, m.serial, m.registers, m.valid_from, m.valid_to, m.verified_to FROM charge_meter m
    WHERE m.service <> '' AND m.recorded_at = (SELECT max(n.recorded_at) FROM charge_meter n WHERE n.building_id = m.building_id AND n.meter_id = m.meter_id);

CREATE VIEW v_meter_reading AS
    SELECT r.building_id, r.meter_id, r.on_day, r.zone, r.recorded_at, r.value_e7 FROM charge_reading r
    WHERE r.accepted AND r.recorded_at = (SELECT max(n.recorded_at) FROM charge_reading n
        WHERE n.building_id = r.building_id AND n.meter_id = r.meter_id AND n.on_day = r.on_day AND n.zone = r.zone);

CREATE VIEW v_bill_issued AS
    SELECT s.building_id, s.household_id, s.month, s.version, s.published_at, coalesce(w.withdrawn_at, 0) AS withdrawn_at FROM bill_snapshot s
    LEFT JOIN bill_withdrawal w ON w.building_id = s.building_id AND w.household_id = s.household_id AND w.month = s.month AND w.version = s.version;

CREATE VIEW v_payment_account AS
    SELECT p.building_id, p.order_id, p.account_id, p.supplier_id, p.paid_on, p.amount_kop FROM payment_part p WHERE p.posted_at > 0 AND p.account_id <> 0;

-- +goose Down
DROP VIEW v_payment_account;
DROP VIEW v_bill_issued;
DROP VIEW v_meter_reading;
DROP VIEW v_meter;
DROP VIEW v_account_claim;
DROP TABLE gis_cursor;
DROP TABLE gis_code;
DROP TABLE gis_alias;
DROP TABLE gis_request;
DROP TABLE gis_object;
ALTER TABLE supplier DROP COLUMN gis;
