-- +goose Up
-- route: an order by the key its client made; the outside confirmation is stored once, here.
CREATE TABLE payment_order (
    client_key   TEXT NOT NULL PRIMARY KEY,
    order_id     BIGINT NOT NULL UNIQUE,
    public_id    TEXT NOT NULL UNIQUE,
    fingerprint  TEXT NOT NULL,
    channel      TEXT NOT NULL,
    method       TEXT NOT NULL,
    state        TEXT NOT NULL,
    sum_kop      BIGINT NOT NULL,
    refunded_kop BIGINT NOT NULL,
    paid_on      INTEGER NOT NULL,
    gateway_id   TEXT NOT NULL,
    redirect_url TEXT NOT NULL,
    reason       TEXT NOT NULL,
    actor        TEXT NOT NULL,
    file_id      BIGINT NOT NULL,
    row_no       BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    changed_at   BIGINT NOT NULL
); -- fact
CREATE INDEX payment_order_state ON payment_order (state);
CREATE INDEX payment_order_day ON payment_order (paid_on);
CREATE INDEX payment_order_gateway ON payment_order (gateway_id);

CREATE TABLE payment_part (
    building_id BIGINT NOT NULL,
    order_id    BIGINT NOT NULL,
    part_no     INTEGER NOT NULL,
    account_id  BIGINT NOT NULL,
    supplier_id BIGINT NOT NULL,
    service_id  BIGINT NOT NULL,
    kind        TEXT NOT NULL,
    amount_kop  BIGINT NOT NULL,
    paid_on     INTEGER NOT NULL,
    channel     TEXT NOT NULL,
    posted_at   BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (building_id, order_id, part_no)
); -- fact
CREATE INDEX payment_part_account ON payment_part (building_id, account_id);
CREATE INDEX payment_part_order ON payment_part (order_id);

-- route: every notification as it came, and what became of it
CREATE TABLE gateway_event (
    event_key   TEXT NOT NULL PRIMARY KEY,
    body        BYTEA NOT NULL,
    state       TEXT NOT NULL,
    note        TEXT NOT NULL,
    received_at BIGINT NOT NULL
); -- fact

CREATE TABLE payment_channel (
    channel_id BIGINT NOT NULL PRIMARY KEY,
    code       TEXT NOT NULL UNIQUE
);

-- route: money whose account nobody knows, held in its channel's pseudo-building
CREATE TABLE payment_suspense (
    order_id      BIGINT NOT NULL PRIMARY KEY,
    building_id   BIGINT NOT NULL,
    channel       TEXT NOT NULL,
    supplier_code TEXT NOT NULL,
    number        TEXT NOT NULL,
    amount_kop    BIGINT NOT NULL,
    paid_on       INTEGER NOT NULL,
    recorded_at   BIGINT NOT NULL,
    assigned_at   BIGINT NOT NULL,
    assigned_by   TEXT NOT NULL
); -- fact

-- route: the same operation met again; counted, never credited
CREATE TABLE payment_duplicate (
    file_id    BIGINT NOT NULL,
    row_no     BIGINT NOT NULL,
    client_key TEXT NOT NULL,
    amount_kop BIGINT NOT NULL,
    PRIMARY KEY (file_id, row_no)
); -- fact

-- route: a movement on our bank account
CREATE TABLE bank_operation (
    operation_key TEXT NOT NULL PRIMARY KEY,
    file_id       BIGINT NOT NULL,
    row_no        BIGINT NOT NULL,
    number        TEXT NOT NULL,
    day           INTEGER NOT NULL,
    amount_kop    BIGINT NOT NULL,
    purpose       TEXT NOT NULL
); -- fact

-- +goose Down
DROP TABLE bank_operation;
DROP TABLE payment_duplicate;
DROP TABLE payment_suspense;
DROP TABLE payment_channel;
DROP TABLE gateway_event;
DROP TABLE payment_part;
DROP TABLE payment_order;
