-- +goose Up
-- Reconciliation of three: our payments, the register of whoever took them, the statement of the bank.

-- reference: banks, acquirers and agents that payments come through, as loaded: JSON. Of one code the row recorded last holds.
CREATE TABLE reconcile_partner (
    code        TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL,
    spec        TEXT NOT NULL,
    PRIMARY KEY (code, recorded_at)
);

-- route: a register of a partner, once by its bytes. file_id: of the intake that booked it, 0 when it came to be compared.
-- channel: of our payments it is about. control: 0 prints no total, 1 equal, 2 differs (printed_kop). repeated: rows another
-- register had brought. loaded_at 0: a crash stopped it, the next load goes on.
CREATE TABLE reconcile_register (
    digest      TEXT NOT NULL,
    partner     TEXT NOT NULL,
    register_id BIGINT NOT NULL UNIQUE,
    channel     TEXT NOT NULL,
    file_id     BIGINT NOT NULL,
    name        TEXT NOT NULL,
    day_from    INTEGER NOT NULL,
    day_to      INTEGER NOT NULL,
    order_no    TEXT NOT NULL,
    order_day   INTEGER NOT NULL,
    lines       BIGINT NOT NULL,
    repeated    BIGINT NOT NULL,
    quarantined BIGINT NOT NULL,
    gross_kop   BIGINT NOT NULL,
    fee_kop     BIGINT NOT NULL,
    fee_told    INTEGER NOT NULL,
    printed_kop BIGINT NOT NULL,
    control     INTEGER NOT NULL,
    loaded_at   BIGINT NOT NULL,
    loaded_by   TEXT NOT NULL,
    PRIMARY KEY (digest, partner)
); -- fact

-- route: an operation of a partner's register, once whatever registers it comes in. Money given back is negative. order_key:
-- under which a register's payment is booked.
CREATE TABLE reconcile_line (
    partner     TEXT NOT NULL,
    day         INTEGER NOT NULL,
    line_key    TEXT NOT NULL,
    register_id BIGINT NOT NULL,
    row_no      BIGINT NOT NULL,
    operation   TEXT NOT NULL,
    reference   TEXT NOT NULL,
    parent      TEXT NOT NULL,
    order_key   TEXT NOT NULL,
    supplier    TEXT NOT NULL,
    number      TEXT NOT NULL,
    currency    TEXT NOT NULL,
    amount_kop  BIGINT NOT NULL,
    fee_kop     BIGINT NOT NULL,
    PRIMARY KEY (partner, day, line_key)
); -- fact

-- route: a statement of our bank account, once by its bytes.
CREATE TABLE reconcile_statement (
    digest       TEXT NOT NULL PRIMARY KEY,
    statement_id BIGINT NOT NULL UNIQUE,
    file_id      BIGINT NOT NULL,
    name         TEXT NOT NULL,
    accounts     TEXT NOT NULL,
    day_from     INTEGER NOT NULL,
    day_to       INTEGER NOT NULL,
    movements    BIGINT NOT NULL,
    repeated     BIGINT NOT NULL,
    notes        TEXT NOT NULL,
    loaded_at    BIGINT NOT NULL,
    loaded_by    TEXT NOT NULL
); -- fact

-- route: a movement on our bank account, known by account, day, kind, number, sum, the other side and purpose. class: credit,
-- resident, own, payout, returned, debit, other. order_key: of the resident's payment made of it.
CREATE TABLE reconcile_movement (
    movement_key  TEXT NOT NULL PRIMARY KEY,
    movement_id   BIGINT NOT NULL UNIQUE,
    statement_id  BIGINT NOT NULL,
    row_no        BIGINT NOT NULL,
    account       TEXT NOT NULL,
    incoming      INTEGER NOT NULL,
    day           INTEGER NOT NULL,
    kind          TEXT NOT NULL,
    number        TEXT NOT NULL,
    doc_day       INTEGER NOT NULL,
    sum_kop       BIGINT NOT NULL,
    other_name    TEXT NOT NULL,
    other_inn     TEXT NOT NULL,
    other_account TEXT NOT NULL,
    other_bic     TEXT NOT NULL,
    code          TEXT NOT NULL,
    purpose       TEXT NOT NULL,
    class         TEXT NOT NULL,
    order_key     TEXT NOT NULL
); -- fact
CREATE INDEX reconcile_movement_day ON reconcile_movement (day);
CREATE INDEX reconcile_movement_order ON reconcile_movement (order_key);

-- Statements are kept by reconcile from now on. What earlier versions kept of them is read anew from the files.
DROP TABLE bank_operation;

-- local: what the latest run found of a partner's day. bank_kop: what came; bank_fee_kop: what was kept back of it. state:
-- equal, differs, waiting, missing.
CREATE TABLE reconcile_day (
    partner      TEXT NOT NULL,
    day          INTEGER NOT NULL,
    ours_kop     BIGINT NOT NULL,
    register_kop BIGINT NOT NULL,
    has_register INTEGER NOT NULL,
    fee_kop      BIGINT NOT NULL,
    bank_kop     BIGINT NOT NULL,
    bank_fee_kop BIGINT NOT NULL,
    has_bank     INTEGER NOT NULL,
    state        TEXT NOT NULL,
    run_at       BIGINT NOT NULL,
    PRIMARY KEY (partner, day)
); -- fact

-- route: a difference, known by what it is about: partner, cause and the operation or the day. state: open, explained,
-- accepted, resolved (the difference is gone). wanted: what the second person's word will do: accept, reverse, book.
CREATE TABLE reconcile_case (
    case_key     TEXT NOT NULL PRIMARY KEY,
    case_id      BIGINT NOT NULL UNIQUE,
    partner      TEXT NOT NULL,
    day          INTEGER NOT NULL,
    cause        TEXT NOT NULL,
    operation    TEXT NOT NULL,
    order_key    TEXT NOT NULL,
    ours_kop     BIGINT NOT NULL,
    theirs_kop   BIGINT NOT NULL,
    other_day    INTEGER NOT NULL,
    state        TEXT NOT NULL,
    wanted       TEXT NOT NULL,
    owner        TEXT NOT NULL,
    note         TEXT NOT NULL,
    explained_by TEXT NOT NULL,
    accepted_by  TEXT NOT NULL,
    opened_at    BIGINT NOT NULL,
    changed_at   BIGINT NOT NULL
); -- fact
CREATE INDEX reconcile_case_state ON reconcile_case (state, opened_at);

-- route: what one person proposes to do with money nobody knows and another has not confirmed yet. shares: JSON; none means
-- back to the payer.
CREATE TABLE reconcile_proposal (
    order_id BIGINT NOT NULL PRIMARY KEY,
    shares   TEXT NOT NULL,
    reason   TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_at BIGINT NOT NULL
); -- fact

-- When money nobody knows was given back to whoever sent it; 0: it was not.
ALTER TABLE payment_suspense ADD COLUMN returned_at BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE payment_suspense DROP COLUMN returned_at;
DROP TABLE reconcile_proposal;
DROP TABLE reconcile_case;
DROP TABLE reconcile_day;
CREATE TABLE bank_operation (
    operation_key TEXT NOT NULL PRIMARY KEY,
    file_id       BIGINT NOT NULL,
    row_no        BIGINT NOT NULL,
    number        TEXT NOT NULL,
    day           INTEGER NOT NULL,
    amount_kop    BIGINT NOT NULL,
    purpose       TEXT NOT NULL
); -- fact
DROP TABLE reconcile_movement;
DROP TABLE reconcile_statement;
DROP TABLE reconcile_line;
DROP TABLE reconcile_register;
DROP TABLE reconcile_partner;
