-- +goose Up
-- Which acquirer takes an order, and what it was asked for: a repeat under the same key has to be the same.
ALTER TABLE payment_order ADD COLUMN gateway TEXT NOT NULL DEFAULT '';
ALTER TABLE payment_order ADD COLUMN request TEXT NOT NULL DEFAULT '';

-- kind: refund is asked of the bank by us, outside was made at the acquirer without us, chargeback is the payer's bank's
-- taking, won gives a chargeback back.
ALTER TABLE payment_refund ADD COLUMN kind TEXT NOT NULL DEFAULT 'refund';
ALTER TABLE payment_refund ADD COLUMN gateway_id TEXT NOT NULL DEFAULT '';
ALTER TABLE payment_refund ADD COLUMN reason TEXT NOT NULL DEFAULT '';

ALTER TABLE gateway_event ADD COLUMN gateway TEXT NOT NULL DEFAULT '';
ALTER TABLE gateway_event ADD COLUMN payment_ref TEXT NOT NULL DEFAULT '';
ALTER TABLE gateway_event ADD COLUMN source TEXT NOT NULL DEFAULT '';
CREATE INDEX gateway_event_open ON gateway_event (received_at) WHERE state IN ('received', 'waiting');

-- route: what was decided about an order whose sum is held, once: capture (all or a part) or cancel
CREATE TABLE payment_hold (
    order_id   BIGINT NOT NULL PRIMARY KEY,
    decision   TEXT NOT NULL,
    sum_kop    BIGINT NOT NULL,
    actor      TEXT NOT NULL,
    created_at BIGINT NOT NULL
); -- fact

-- route: a way of paying that its payer allowed to keep, with the words he agreed to. state: asked until the payment that
-- keeps it is captured, then active, then withdrawn: its token is forgotten.
CREATE TABLE payment_saved (
    saved_id        TEXT NOT NULL PRIMARY KEY,
    order_id        BIGINT NOT NULL UNIQUE,
    building_id     BIGINT NOT NULL,
    household_id    BIGINT NOT NULL,
    gateway         TEXT NOT NULL,
    method          TEXT NOT NULL,
    token           TEXT NOT NULL,
    title           TEXT NOT NULL,
    expires_month   INTEGER NOT NULL,
    consent         TEXT NOT NULL,
    consent_version TEXT NOT NULL,
    state           TEXT NOT NULL,
    actor           TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    changed_at      BIGINT NOT NULL
); -- fact
CREATE INDEX payment_saved_home ON payment_saved (building_id, household_id);

-- +goose Down
DROP TABLE payment_saved;
DROP TABLE payment_hold;
DROP INDEX gateway_event_open;
ALTER TABLE gateway_event DROP COLUMN source;
ALTER TABLE gateway_event DROP COLUMN payment_ref;
ALTER TABLE gateway_event DROP COLUMN gateway;
ALTER TABLE payment_refund DROP COLUMN reason;
ALTER TABLE payment_refund DROP COLUMN gateway_id;
ALTER TABLE payment_refund DROP COLUMN kind;
ALTER TABLE payment_order DROP COLUMN request;
ALTER TABLE payment_order DROP COLUMN gateway;
