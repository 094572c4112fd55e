-- +goose Up
-- What a household pays for beside its own home. proof: what of its paper was shown, «code» or «paper». other_account_id is
-- told of an account in nobody's basket (other_household_id 0). closed_at 0: it stands.
CREATE TABLE payer_home (
    building_id        BIGINT NOT NULL,
    link_id            BIGINT NOT NULL,
    household_id       BIGINT NOT NULL,
    other_building_id  BIGINT NOT NULL,
    other_household_id BIGINT NOT NULL,
    other_account_id   BIGINT NOT NULL,
    title              TEXT NOT NULL,
    proof              TEXT NOT NULL,
    actor              TEXT NOT NULL,
    added_at           BIGINT NOT NULL,
    closed_at          BIGINT NOT NULL,
    PRIMARY KEY (building_id, link_id)
); -- fact
CREATE INDEX payer_home_of ON payer_home (building_id, household_id);

-- Payments a household began, by their public ids: those for other homes are in none of its own accounts.
CREATE TABLE payer_payment (
    building_id  BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    public_id    TEXT NOT NULL,
    recorded_at  BIGINT NOT NULL,
    PRIMARY KEY (building_id, household_id, public_id)
); -- fact

-- route: a payer's wish to have money back. kind: doubled, mistaken, advance, other. state: asked, agreed (one person has, the
-- sum wants another), returning (the bank was asked), returned, refused, failed (the bank refused), withdrawn. attempt is part
-- of the refund's key: what the bank refused is asked for anew.
CREATE TABLE refund_request (
    client_key   TEXT NOT NULL PRIMARY KEY,
    request_id   BIGINT NOT NULL UNIQUE,
    public_id    TEXT NOT NULL,
    building_id  BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    kind         TEXT NOT NULL,
    sum_kop      BIGINT NOT NULL,
    comment      TEXT NOT NULL,
    state        TEXT NOT NULL,
    attempt      INTEGER NOT NULL,
    answer_by    INTEGER NOT NULL,
    answer       TEXT NOT NULL,
    actor        TEXT NOT NULL,
    asked_at     BIGINT NOT NULL,
    agreed_by    TEXT NOT NULL,
    agreed_at    BIGINT NOT NULL,
    decided_by   TEXT NOT NULL,
    decided_at   BIGINT NOT NULL,
    changed_at   BIGINT NOT NULL
); -- fact
CREATE INDEX refund_request_order ON refund_request (public_id);
CREATE INDEX refund_request_state ON refund_request (state, answer_by);

-- route: a payment its payer disputes at his bank. state: open, answered (evidence was sent), won, lost. taken: 0 the money is
-- with us, 1 the bank has taken it and that is to be booked, 2 it is booked, under the dispute's key.
CREATE TABLE refund_dispute (
    client_key TEXT NOT NULL PRIMARY KEY,
    dispute_id BIGINT NOT NULL UNIQUE,
    public_id  TEXT NOT NULL,
    number     TEXT NOT NULL,
    reason     TEXT NOT NULL,
    sum_kop    BIGINT NOT NULL,
    state      TEXT NOT NULL,
    taken      INTEGER NOT NULL,
    told_on    INTEGER NOT NULL,
    answer_by  INTEGER NOT NULL,
    actor      TEXT NOT NULL,
    opened_at  BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
); -- fact
CREATE INDEX refund_dispute_order ON refund_dispute (public_id);
CREATE INDEX refund_dispute_state ON refund_dispute (state, answer_by);

-- route: what was done about a dispute, the first first: evidence, what was sent, the outcome
CREATE TABLE refund_step (
    dispute_id  BIGINT NOT NULL,
    step_no     INTEGER NOT NULL,
    kind        TEXT NOT NULL,
    text        TEXT NOT NULL,
    actor       TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (dispute_id, step_no)
); -- fact

-- route: two equal payments of one home that a person has looked at: «same» is paid twice, «different» is meant
CREATE TABLE refund_alike (
    first_id   TEXT NOT NULL,
    second_id  TEXT NOT NULL,
    verdict    TEXT NOT NULL,
    actor      TEXT NOT NULL,
    decided_at BIGINT NOT NULL,
    PRIMARY KEY (first_id, second_id)
); -- fact

-- Layouts of the linear codes on a supplier's papers, a JSON list; '' is none.
ALTER TABLE supplier ADD COLUMN barcodes TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE supplier DROP COLUMN barcodes;
DROP TABLE refund_alike;
DROP TABLE refund_step;
DROP TABLE refund_dispute;
DROP TABLE refund_request;
DROP TABLE payer_payment;
DROP TABLE payer_home;
