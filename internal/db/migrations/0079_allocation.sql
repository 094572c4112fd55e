-- +goose Up
-- Why a part of a payment went where it went, and the month it closes where that is not simply the oldest debt (0: it is).
ALTER TABLE payment_part ADD COLUMN month INTEGER NOT NULL DEFAULT 0;
ALTER TABLE payment_part ADD COLUMN reason TEXT NOT NULL DEFAULT '';

DROP VIEW v_payment_posted;
CREATE VIEW v_payment_posted AS
    SELECT building_id, account_id, service_id, order_id, part_no, kind, amount_kop, paid_on, channel, posted_at, recorded_at, month, reason FROM payment_part
    WHERE posted_at > 0 AND account_id <> 0;

-- What was used of money paid ahead: a part that was an advance, the payer's oldest first. A negative sum takes a use back.
CREATE TABLE payment_advance_use (
    building_id BIGINT NOT NULL,
    use_id      BIGINT NOT NULL,
    order_id    BIGINT NOT NULL,
    part_no     INTEGER NOT NULL,
    account_id  BIGINT NOT NULL,
    supplier_id BIGINT NOT NULL,
    service_id  BIGINT NOT NULL,
    amount_kop  BIGINT NOT NULL,
    used_on     INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (building_id, use_id)
); -- fact
CREATE INDEX payment_advance_use_account ON payment_advance_use (building_id, account_id);

-- For receipts of the offset of an advance (54-ФЗ).
CREATE VIEW v_payment_advance_use AS
    SELECT building_id, use_id, order_id, part_no, account_id, supplier_id, service_id, amount_kop, used_on, recorded_at FROM payment_advance_use;

CREATE INDEX payment_part_advance ON payment_part (building_id, account_id) WHERE kind = 'advance';

-- +goose Down
DROP INDEX payment_part_advance;
DROP VIEW v_payment_advance_use;
DROP TABLE payment_advance_use;
DROP VIEW v_payment_posted;
ALTER TABLE payment_part DROP COLUMN reason;
ALTER TABLE payment_part DROP COLUMN month;
CREATE VIEW v_payment_posted AS
    SELECT building_id, account_id, service_id, order_id, part_no, kind, amount_kop, paid_on, channel, posted_at, recorded_at FROM payment_part
    WHERE posted_at > 0 AND account_id <> 0;
