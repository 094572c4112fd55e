-- +goose Up
-- Unidentified money: what may tell whose it is, and how it goes back. The bank's side of the centre's book.

-- Who paid and where he lives, as the register of the payment told; '': it did not.
ALTER TABLE payment_suspense ADD COLUMN payer TEXT NOT NULL DEFAULT '';
ALTER TABLE payment_suspense ADD COLUMN address TEXT NOT NULL DEFAULT '';

-- To whose bank account proposed money goes back: JSON; '': through the partner that brought it.
ALTER TABLE reconcile_proposal ADD COLUMN payee TEXT NOT NULL DEFAULT '';

-- route: unidentified money given back by a payment order of ours. state: sent, confirmed (a statement shows it), returned
-- (the bank gave it back: the money waits anew). details: whom and from where, as confirmed by the second person.
CREATE TABLE settlement_return (
    return_id  BIGINT NOT NULL PRIMARY KEY,
    order_id   BIGINT NOT NULL,
    channel    TEXT NOT NULL,
    day        INTEGER NOT NULL,
    state      TEXT NOT NULL,
    sum_kop    BIGINT NOT NULL,
    details    TEXT NOT NULL,
    order_no   INTEGER NOT NULL,
    order_on   INTEGER NOT NULL,
    author     TEXT NOT NULL,
    approver   TEXT NOT NULL,
    sent_at    BIGINT NOT NULL,
    settled_on INTEGER NOT NULL,
    bank_key   TEXT NOT NULL,
    return_key TEXT NOT NULL
); -- fact
CREATE INDEX settlement_return_state ON settlement_return (state, sum_kop);
CREATE INDEX settlement_return_order ON settlement_return (order_id);

-- Whether a movement stands in the centre's book.
ALTER TABLE reconcile_movement ADD COLUMN booked INTEGER NOT NULL DEFAULT 0;
CREATE INDEX reconcile_movement_unbooked ON reconcile_movement (day) WHERE booked = 0;

-- route: which days of which partner a movement pays by the latest run, as it stands in the centre's book: JSON. version
-- counts the postings.
CREATE TABLE reconcile_explained (
    movement_key TEXT NOT NULL PRIMARY KEY,
    version      INTEGER NOT NULL,
    entries      TEXT NOT NULL
); -- fact

-- route: balances of an account of ours as a statement tells them.
CREATE TABLE reconcile_balance (
    account      TEXT NOT NULL,
    day_from     INTEGER NOT NULL,
    day_to       INTEGER NOT NULL,
    statement_id BIGINT NOT NULL,
    opening_kop  BIGINT NOT NULL,
    closing_kop  BIGINT NOT NULL,
    PRIMARY KEY (account, day_from, day_to, statement_id)
); -- fact

-- The centre's book tells apart what the bank's statements show (bank) and what they are for (bank:transit). Payouts settled so
-- far were what a movement is for; their movements are booked with the others by the next comparison.
UPDATE ledger_entry SET name = 'bank:transit' WHERE building_id = 0 AND name = 'bank';
UPDATE ledger_balance SET name = 'bank:transit' WHERE building_id = 0 AND name = 'bank';

-- Whom to ask about a change of bank details: as known before it.
ALTER TABLE supplier_requisites ADD COLUMN contact TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE supplier_requisites DROP COLUMN contact;
UPDATE ledger_balance SET name = 'bank' WHERE building_id = 0 AND name = 'bank:transit';
UPDATE ledger_entry SET name = 'bank' WHERE building_id = 0 AND name = 'bank:transit';
DROP TABLE reconcile_balance;
DROP TABLE reconcile_explained;
DROP INDEX reconcile_movement_unbooked;
ALTER TABLE reconcile_movement DROP COLUMN booked;
DROP TABLE settlement_return;
ALTER TABLE reconcile_proposal DROP COLUMN payee;
ALTER TABLE payment_suspense DROP COLUMN address;
ALTER TABLE payment_suspense DROP COLUMN payer;
