-- +goose Up
-- Double entry. Positive is debit. A transaction's entries sum to zero; nothing is ever changed.

CREATE TABLE ledger_transaction (
    building_id  BIGINT NOT NULL,
    txn_id       BIGINT NOT NULL,
    key          TEXT NOT NULL,
    kind         TEXT NOT NULL,
    order_id     BIGINT NOT NULL,
    effective_on INTEGER NOT NULL,
    recorded_at  BIGINT NOT NULL,
    reversal_of  BIGINT NOT NULL,
    reason       TEXT NOT NULL,
    PRIMARY KEY (building_id, txn_id)
); -- fact
CREATE UNIQUE INDEX ledger_transaction_key ON ledger_transaction (building_id, key);

CREATE TABLE ledger_entry (
    building_id BIGINT NOT NULL,
    txn_id      BIGINT NOT NULL,
    entry_no    INTEGER NOT NULL,
    name        TEXT NOT NULL,
    account_id  BIGINT NOT NULL,
    supplier_id BIGINT NOT NULL,
    service_id  BIGINT NOT NULL,
    amount_kop  BIGINT NOT NULL,
    PRIMARY KEY (building_id, txn_id, entry_no)
); -- fact

-- Kept beside the entries in the same transaction; kvit check recomputes it.
CREATE TABLE ledger_balance (
    building_id BIGINT NOT NULL,
    name        TEXT NOT NULL,
    account_id  BIGINT NOT NULL,
    service_id  BIGINT NOT NULL,
    balance_kop BIGINT NOT NULL,
    PRIMARY KEY (building_id, name, account_id, service_id)
); -- fact

-- +goose Down
DROP TABLE ledger_balance;
DROP TABLE ledger_entry;
DROP TABLE ledger_transaction;
