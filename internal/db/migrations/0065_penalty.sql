-- +goose Up
-- Penalties for late payment are lines of a charge run (kind 13). What a run reads to find who is late.

CREATE INDEX charge_line_penalty ON charge_line (building_id, account_id) WHERE kind = 13;
CREATE INDEX payment_part_day ON payment_part (building_id, paid_on);

-- What accounts owe by the book: receivable, penalty and advance together.
CREATE VIEW v_ledger_owed AS
    SELECT building_id, account_id, service_id, balance_kop FROM ledger_balance WHERE account_id <> 0;

-- Entries of accounts with the key of their transaction.
CREATE VIEW v_ledger_posted AS
    SELECT t.building_id, t.key, t.recorded_at, e.account_id, e.service_id, e.amount_kop FROM ledger_transaction t
    JOIN ledger_entry e ON e.building_id = t.building_id AND e.txn_id = t.txn_id WHERE e.account_id <> 0;

-- Payments of accounts as they were posted.
CREATE VIEW v_payment_posted AS
    SELECT building_id, account_id, service_id, order_id, part_no, kind, amount_kop, paid_on, channel, posted_at, recorded_at FROM payment_part
    WHERE posted_at > 0 AND account_id <> 0;

-- +goose Down
DROP VIEW v_payment_posted;
DROP VIEW v_ledger_posted;
DROP VIEW v_ledger_owed;
DROP INDEX payment_part_day;
DROP INDEX charge_line_penalty;
