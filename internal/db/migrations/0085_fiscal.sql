-- +goose Up
-- Cash receipts (54-ФЗ): whose money is under the duty, what was printed for which settlement, and what waits.

-- Who needs receipts and how they are told, by day: of one supplier the latest row in force on a day holds, of equal days
-- the one recorded last; supplier 0 is everybody without a row of his own. duty 0 is an exemption with its reason. vat and
-- prepaid are words of the register («none», «vat20» …; «advance», «full_prepayment»). channels, of supplier 0 only: which
-- doors the centre itself takes money by, beginnings of their names with commas between.
CREATE TABLE fiscal_policy (
    supplier_id BIGINT NOT NULL,
    valid_from  INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    duty        SMALLINT NOT NULL,
    vat         TEXT NOT NULL,
    prepaid     TEXT NOT NULL,
    agent       TEXT NOT NULL,
    phone       TEXT NOT NULL,
    channels    TEXT NOT NULL,
    assumed     SMALLINT NOT NULL,
    reason      TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    PRIMARY KEY (supplier_id, valid_from, recorded_at)
);

-- route: what was looked at: an order («pay:…»), a refund («refund:…»), an advance that was used («offset:…»). receipt_id 0:
-- it needs none, for the reason given. exempt_kop is the part of the money that is in no receipt.
CREATE TABLE fiscal_source (
    source_key  TEXT NOT NULL PRIMARY KEY,
    receipt_id  BIGINT NOT NULL,
    order_id    BIGINT NOT NULL,
    exempt_kop  BIGINT NOT NULL,
    reason      TEXT NOT NULL,
    recorded_at BIGINT NOT NULL
); -- fact
CREATE INDEX fiscal_source_order ON fiscal_source (order_id);

-- route: a receipt. kind: sell, sell_refund, sell_correction. paid_by: cash, electronic, prepaid. external_id is our own,
-- made before the first try; a try after a refusal gets another. state: waiting, asked (sent, the answer is not known),
-- sent (the register has it), done, refused, replaced (by a correction). after_id is printed before this one.
CREATE TABLE fiscal_receipt (
    receipt_id   BIGINT NOT NULL PRIMARY KEY,
    external_id  TEXT NOT NULL UNIQUE,
    kind         TEXT NOT NULL,
    paid_by      TEXT NOT NULL,
    channel      TEXT NOT NULL,
    order_id     BIGINT NOT NULL,
    public_id    TEXT NOT NULL,
    after_id     BIGINT NOT NULL,
    of_id        BIGINT NOT NULL,
    sum_kop      BIGINT NOT NULL,
    settled_on   INTEGER NOT NULL,
    contact      TEXT NOT NULL,
    reason       TEXT NOT NULL,
    state        TEXT NOT NULL,
    attempts     INTEGER NOT NULL,
    next_at      BIGINT NOT NULL,
    trouble_code TEXT NOT NULL,
    trouble      TEXT NOT NULL,
    uuid         TEXT NOT NULL,
    fn           TEXT NOT NULL,
    fd           TEXT NOT NULL,
    fp           TEXT NOT NULL,
    register     TEXT NOT NULL,
    shift        TEXT NOT NULL,
    number       TEXT NOT NULL,
    printed_at   TEXT NOT NULL,
    url          TEXT NOT NULL,
    made_at      BIGINT NOT NULL,
    sent_at      BIGINT NOT NULL,
    changed_at   BIGINT NOT NULL
); -- fact
CREATE INDEX fiscal_receipt_open ON fiscal_receipt (next_at) WHERE state IN ('waiting', 'asked', 'sent');
CREATE INDEX fiscal_receipt_state ON fiscal_receipt (state);
CREATE INDEX fiscal_receipt_order ON fiscal_receipt (order_id);
CREATE INDEX fiscal_receipt_uuid ON fiscal_receipt (uuid);

-- route: lines of receipts, as they were printed. method and subject are the figures of tags 1214 and 1212. used_kop is how
-- much of an advance was offset or given back later. about is the month a prepaid charge is of; 0 is an advance.
CREATE TABLE fiscal_line (
    receipt_id    BIGINT NOT NULL,
    line_no       INTEGER NOT NULL,
    building_id   BIGINT NOT NULL,
    account_id    BIGINT NOT NULL,
    supplier_id   BIGINT NOT NULL,
    service_id    BIGINT NOT NULL,
    kind          TEXT NOT NULL,
    name          TEXT NOT NULL,
    amount_kop    BIGINT NOT NULL,
    vat           TEXT NOT NULL,
    method        INTEGER NOT NULL,
    subject       INTEGER NOT NULL,
    agent         TEXT NOT NULL,
    supplier_name TEXT NOT NULL,
    supplier_inn  TEXT NOT NULL,
    phone         TEXT NOT NULL,
    about         INTEGER NOT NULL,
    used_kop      BIGINT NOT NULL,
    PRIMARY KEY (receipt_id, line_no)
); -- fact
CREATE INDEX fiscal_line_advance ON fiscal_line (receipt_id) WHERE method IN (1, 3) AND used_kop < amount_kop;

-- route: where the payer of an order wants the receipt sent: an e-mail or a telephone
CREATE TABLE fiscal_contact (
    public_id   TEXT NOT NULL PRIMARY KEY,
    contact     TEXT NOT NULL,
    recorded_at BIGINT NOT NULL
); -- fact

-- Payments that were settled through our own doors, in the order they were.
CREATE INDEX payment_order_settled ON payment_order (changed_at) WHERE state = 'credited' AND method <> 'register';

-- +goose Down
DROP INDEX payment_order_settled;
DROP TABLE fiscal_contact;
DROP TABLE fiscal_line;
DROP TABLE fiscal_receipt;
DROP TABLE fiscal_source;
DROP TABLE fiscal_policy;
