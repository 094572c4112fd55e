-- +goose Up
-- ГИС ЖКХ: what a refusal asks for, questions beside messages, identifiers with the moments they were learnt at, and
-- how far each house was read.

-- class: what the last refusal asks for (again, exists, access, format, data …). split: how often a message with it was
-- refused as a whole: the next is smaller, until the one that is not by the schema is alone.
ALTER TABLE gis_object ADD COLUMN class TEXT NOT NULL DEFAULT '';
ALTER TABLE gis_object ADD COLUMN split INTEGER NOT NULL DEFAULT 0;
-- the house of the account when the object was made; 0 is not known
ALTER TABLE gis_object ADD COLUMN building_id BIGINT NOT NULL DEFAULT 0;
CREATE INDEX gis_object_compare ON gis_object (supplier_id, kind, batch, seq) WHERE state = 'compare';
CREATE INDEX gis_object_refused ON gis_object (supplier_id, kind) WHERE state = 'refused';

-- purpose: tell – objects are sent; compare – what is there is asked for, for objects that are there already; fetch –
-- identifiers of the house in batch are asked for.
ALTER TABLE gis_request ADD COLUMN purpose TEXT NOT NULL DEFAULT 'tell';

-- route: identifiers of ГИС ЖКХ by our own keys, as they were learnt; the latest holds. kind: account (GUID), unified
-- (ЕЛС), service (ИЖКУ), premises (GUID of the flat, by account), document (ИПД of account/month), meter (GUID),
-- meter_number. source: answer, export, file.
CREATE TABLE gis_identifier (
    supplier_id BIGINT NOT NULL,
    kind        TEXT NOT NULL,
    own_key     TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    value       TEXT NOT NULL,
    source      TEXT NOT NULL,
    PRIMARY KEY (supplier_id, kind, own_key, recorded_at)
); -- fact
CREATE INDEX gis_identifier_value ON gis_identifier (supplier_id, kind, value);
INSERT INTO gis_identifier (supplier_id, kind, own_key, recorded_at, value, source) SELECT supplier_id, kind, own_key, recorded_at, value, 'file' FROM gis_alias;
DROP TABLE gis_alias;

CREATE VIEW v_gis_identifier AS
    SELECT i.supplier_id, i.kind, i.own_key, i.value, i.recorded_at, i.source FROM gis_identifier i
    WHERE i.recorded_at = (SELECT max(n.recorded_at) FROM gis_identifier n WHERE n.supplier_id = i.supplier_id AND n.kind = i.kind AND n.own_key = i.own_key);

-- local: when a house of a supplier was last read for what it has come to, and when something was last said of it
CREATE TABLE gis_house (
    supplier_id BIGINT NOT NULL,
    building_id BIGINT NOT NULL,
    read_at     BIGINT NOT NULL,
    marked_at   BIGINT NOT NULL,
    PRIMARY KEY (supplier_id, building_id)
);
CREATE INDEX gis_house_read ON gis_house (supplier_id, read_at);
CREATE INDEX gis_house_marked ON gis_house (supplier_id, marked_at);
DELETE FROM gis_cursor WHERE source = 'facts';

-- Bills are found by the moment they were issued, replaced or withdrawn, not house by house.
CREATE INDEX bill_published_at ON bill_published (published_at);
CREATE INDEX bill_snapshot_again ON bill_snapshot (published_at) WHERE version > 1;
CREATE INDEX bill_withdrawal_at ON bill_withdrawal (withdrawn_at);
CREATE VIEW v_bill_changed AS
    SELECT building_id, published_at AS changed_at FROM bill_published
    UNION ALL SELECT building_id, published_at FROM bill_snapshot WHERE version > 1
    UNION ALL SELECT building_id, withdrawn_at FROM bill_withdrawal;

-- Where an account is: the flat its supplier names, else that of the household it is in.
CREATE VIEW v_account_place AS
    SELECT a.building_id, a.account_id, a.supplier_id, a.number, a.evidence, CASE WHEN a.flat <> '' THEN a.flat ELSE coalesce(h.flat, '') END AS flat,
        CASE WHEN a.flat <> '' THEN a.room ELSE coalesce(h.room, '') END AS room
    FROM v_account_claim a
    LEFT JOIN household_link l ON l.building_id = a.building_id AND l.account_id = a.account_id
        AND l.recorded_at = (SELECT max(n.recorded_at) FROM household_link n WHERE n.building_id = l.building_id AND n.account_id = l.account_id)
    LEFT JOIN household h ON h.building_id = l.building_id AND h.household_id = l.household_id
        AND h.recorded_at = (SELECT max(n.recorded_at) FROM household n WHERE n.building_id = h.building_id AND n.household_id = h.household_id);

-- +goose Down
DROP VIEW v_account_place;
DROP VIEW v_bill_changed;
DROP INDEX bill_withdrawal_at;
DROP INDEX bill_snapshot_again;
DROP INDEX bill_published_at;
DROP TABLE gis_house;
CREATE TABLE gis_alias (
    supplier_id BIGINT NOT NULL,
    kind        TEXT NOT NULL,
    own_key     TEXT NOT NULL,
    value       TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (supplier_id, kind, own_key)
); -- fact
INSERT INTO gis_alias (supplier_id, kind, own_key, value, recorded_at) SELECT supplier_id, kind, own_key, value, recorded_at FROM v_gis_identifier;
DROP VIEW v_gis_identifier;
DROP TABLE gis_identifier;
ALTER TABLE gis_request DROP COLUMN purpose;
DROP INDEX gis_object_refused;
DROP INDEX gis_object_compare;
ALTER TABLE gis_object DROP COLUMN building_id;
ALTER TABLE gis_object DROP COLUMN split;
ALTER TABLE gis_object DROP COLUMN class;
