-- +goose Up
-- The day close that counted a transaction of a payment; 0: none yet. Written once, so none is counted twice; what commits
-- while a close counts has none yet and waits for the next one.
ALTER TABLE ledger_transaction ADD COLUMN close_no BIGINT NOT NULL DEFAULT 0;
CREATE INDEX ledger_transaction_close ON ledger_transaction (close_no, building_id) WHERE order_id <> 0;

-- local: closes of days. counting: transactions are being marked; sealed: no more are, totals are being made; closed.
-- body is the document as it was signed by its digest, which covers the digest of the close before.
CREATE TABLE settlement_close (
    close_no     BIGINT NOT NULL PRIMARY KEY,
    day          INTEGER NOT NULL UNIQUE,
    state        TEXT NOT NULL,
    actor        TEXT NOT NULL,
    began_at     BIGINT NOT NULL,
    closed_at    BIGINT NOT NULL,
    transactions BIGINT NOT NULL,
    body         TEXT NOT NULL,
    previous     TEXT NOT NULL,
    digest       TEXT NOT NULL
);

-- local: what a close counted of a supplier (0: money nobody could place) by channel and payers' day
CREATE TABLE settlement_total (
    close_no     BIGINT NOT NULL,
    supplier_id  BIGINT NOT NULL,
    channel      TEXT NOT NULL,
    day          INTEGER NOT NULL,
    payments     BIGINT NOT NULL,
    collected_kop BIGINT NOT NULL,
    refunded_kop BIGINT NOT NULL,
    fee_kop      BIGINT NOT NULL,
    PRIMARY KEY (close_no, supplier_id, channel, day)
);

-- local: what a close owes a supplier, and the payout that pays it; 0: none yet
CREATE TABLE settlement_due (
    supplier_id   BIGINT NOT NULL,
    close_no      BIGINT NOT NULL,
    day           INTEGER NOT NULL,
    payments      BIGINT NOT NULL,
    collected_kop BIGINT NOT NULL,
    refunded_kop  BIGINT NOT NULL,
    fee_kop       BIGINT NOT NULL,
    payout_id     BIGINT NOT NULL,
    PRIMARY KEY (supplier_id, close_no)
);
CREATE INDEX settlement_due_payout ON settlement_due (payout_id);

-- local: terms with a supplier from a day on (supplier 0: whose account the centre pays from); of one day the row recorded last holds
CREATE TABLE settlement_contract (
    supplier_id BIGINT NOT NULL,
    valid_from  INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    actor       TEXT NOT NULL,
    body        TEXT NOT NULL,
    PRIMARY KEY (supplier_id, valid_from, recorded_at)
);

-- local: money to a supplier. Ids payout_id … payout_id + 3 are reserved for its postings. details: whom and from where, as approved.
CREATE TABLE settlement_payout (
    payout_id     BIGINT NOT NULL PRIMARY KEY,
    supplier_id   BIGINT NOT NULL,
    close_no      BIGINT NOT NULL,
    cutoff        INTEGER NOT NULL,
    planned_on    INTEGER NOT NULL,
    state         TEXT NOT NULL,
    payments      BIGINT NOT NULL,
    collected_kop BIGINT NOT NULL,
    refunded_kop  BIGINT NOT NULL,
    fee_kop       BIGINT NOT NULL,
    held_kop      BIGINT NOT NULL,
    carried_kop   BIGINT NOT NULL,
    paid_kop      BIGINT NOT NULL,
    left_kop      BIGINT NOT NULL,
    previous_id   BIGINT NOT NULL,
    carried_by    BIGINT NOT NULL,
    details       TEXT NOT NULL,
    order_no      INTEGER NOT NULL,
    order_on      INTEGER NOT NULL,
    author        TEXT NOT NULL,
    prepared_at   BIGINT NOT NULL,
    approver      TEXT NOT NULL,
    approved_at   BIGINT NOT NULL,
    sender        TEXT NOT NULL,
    sent_at       BIGINT NOT NULL,
    settled_on    INTEGER NOT NULL,
    settled_at    BIGINT NOT NULL,
    bank_key      TEXT NOT NULL,
    return_key    TEXT NOT NULL,
    reason        TEXT NOT NULL
);
CREATE INDEX settlement_payout_supplier ON settlement_payout (supplier_id, payout_id);
CREATE INDEX settlement_payout_state ON settlement_payout (state);

-- local: a change of a supplier's bank details on its way: proposed by one person, approved by another, in force after a delay
CREATE TABLE supplier_requisites (
    change_id    BIGINT NOT NULL PRIMARY KEY,
    supplier_id  BIGINT NOT NULL,
    state        TEXT NOT NULL,
    former       TEXT NOT NULL,
    wanted       TEXT NOT NULL,
    reason       TEXT NOT NULL,
    author       TEXT NOT NULL,
    proposed_at  BIGINT NOT NULL,
    decider      TEXT NOT NULL,
    decided_at   BIGINT NOT NULL,
    effective_at BIGINT NOT NULL
);
CREATE INDEX supplier_requisites_supplier ON supplier_requisites (supplier_id, change_id);

-- local: what a supplier says is wrong about a payout or a day
CREATE TABLE settlement_claim (
    claim_id    BIGINT NOT NULL PRIMARY KEY,
    supplier_id BIGINT NOT NULL,
    payout_id   BIGINT NOT NULL,
    day         INTEGER NOT NULL,
    body        TEXT NOT NULL,
    author      TEXT NOT NULL,
    made_at     BIGINT NOT NULL,
    answer      TEXT NOT NULL,
    answerer    TEXT NOT NULL,
    answered_at BIGINT NOT NULL
);
CREATE INDEX settlement_claim_supplier ON settlement_claim (supplier_id, claim_id);

-- +goose Down
DROP TABLE settlement_claim;
DROP TABLE supplier_requisites;
DROP TABLE settlement_payout;
DROP TABLE settlement_contract;
DROP TABLE settlement_due;
DROP TABLE settlement_total;
DROP TABLE settlement_close;
DROP INDEX ledger_transaction_close;
ALTER TABLE ledger_transaction DROP COLUMN close_no;
