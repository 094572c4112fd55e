-- +goose Up
-- Accounts, what suppliers say of them, whose basket they are in, and what was charged.
-- Facts: building_id first in every key; rows are appended and superseded by recorded_at.

-- route: where an account lives
CREATE TABLE account_route (
    supplier_id BIGINT NOT NULL,
    number      TEXT NOT NULL,
    account_id  BIGINT NOT NULL,
    building_id BIGINT NOT NULL,
    PRIMARY KEY (supplier_id, number)
); -- fact

CREATE TABLE account (
    building_id BIGINT NOT NULL,
    account_id  BIGINT NOT NULL,
    supplier_id BIGINT NOT NULL,
    number      TEXT NOT NULL,
    opened_at   BIGINT NOT NULL,
    closed_at   BIGINT NOT NULL,
    moved_from  BIGINT NOT NULL,
    PRIMARY KEY (building_id, account_id, opened_at)
); -- fact

-- What the supplier claims of the account: the latest recorded_at holds. status: placed, ruled_out, unplaced.
CREATE TABLE account_claim (
    building_id BIGINT NOT NULL,
    account_id  BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    file_id     BIGINT NOT NULL,
    row_no      BIGINT NOT NULL,
    printed     TEXT NOT NULL,
    status      TEXT NOT NULL,
    flat        TEXT NOT NULL,
    room        TEXT NOT NULL,
    evidence    TEXT NOT NULL,
    digest      BIGINT NOT NULL,
    PRIMARY KEY (building_id, account_id, recorded_at)
); -- fact

CREATE TABLE household (
    building_id  BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    recorded_at  BIGINT NOT NULL,
    flat         TEXT NOT NULL,
    room         TEXT NOT NULL,
    PRIMARY KEY (building_id, household_id, recorded_at)
); -- fact

-- Whose basket the account is in, why and how sure: the latest recorded_at holds. household_id 0: nobody's.
CREATE TABLE household_link (
    building_id  BIGINT NOT NULL,
    account_id   BIGINT NOT NULL,
    recorded_at  BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    rule         TEXT NOT NULL,
    score        INTEGER NOT NULL,
    evidence     TEXT NOT NULL,
    PRIMARY KEY (building_id, account_id, recorded_at)
); -- fact
CREATE INDEX household_link_household ON household_link (building_id, household_id);

-- A line of a supplier's register for an account, service and month: the latest recorded_at holds.
CREATE TABLE charge (
    building_id BIGINT NOT NULL,
    account_id  BIGINT NOT NULL,
    month       INTEGER NOT NULL,
    service_id  BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    file_id     BIGINT NOT NULL,
    row_no      BIGINT NOT NULL,
    opening_kop BIGINT NOT NULL,
    charge_kop  BIGINT NOT NULL,
    recalc_kop  BIGINT NOT NULL,
    penalty_kop BIGINT NOT NULL,
    paid_kop    BIGINT NOT NULL,
    due_kop     BIGINT NOT NULL,
    volume_e7   BIGINT NOT NULL,
    rate_e7     BIGINT NOT NULL,
    given       INTEGER NOT NULL,
    PRIMARY KEY (building_id, account_id, month, service_id, recorded_at)
); -- fact

-- A doubtful join waiting for a person, with the reasons of both sides.
CREATE TABLE match_review (
    building_id BIGINT NOT NULL,
    review_id   BIGINT NOT NULL,
    account_id  BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    kind        TEXT NOT NULL,
    score       INTEGER NOT NULL,
    reasons     TEXT NOT NULL,
    state       TEXT NOT NULL,
    decided_at  BIGINT NOT NULL,
    decision_id BIGINT NOT NULL,
    PRIMARY KEY (building_id, review_id)
); -- fact
CREATE INDEX match_review_state ON match_review (state, review_id);

-- route: what people decided about joins; survives any later intake, undone by undone_at.
CREATE TABLE match_decision (
    decision_id BIGINT NOT NULL PRIMARY KEY,
    set_id      BIGINT NOT NULL,
    kind        TEXT NOT NULL,
    supplier_id BIGINT NOT NULL,
    number      TEXT NOT NULL,
    other_supplier_id BIGINT NOT NULL,
    other_number TEXT NOT NULL,
    building_id BIGINT NOT NULL,
    reason      TEXT NOT NULL,
    actor       TEXT NOT NULL,
    decided_at  BIGINT NOT NULL,
    undone_at   BIGINT NOT NULL,
    undone_by   TEXT NOT NULL
);
CREATE INDEX match_decision_account ON match_decision (supplier_id, number);
CREATE INDEX match_decision_set ON match_decision (set_id);

-- route: a move of an account between buildings, finished step by step after any crash
CREATE TABLE account_move (
    move_id     BIGINT NOT NULL PRIMARY KEY,
    account_id  BIGINT NOT NULL,
    supplier_id BIGINT NOT NULL,
    number      TEXT NOT NULL,
    from_building_id BIGINT NOT NULL,
    to_building_id BIGINT NOT NULL,
    reason      TEXT NOT NULL,
    actor       TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    step        INTEGER NOT NULL,
    finished_at BIGINT NOT NULL
);
CREATE INDEX account_move_open ON account_move (finished_at);

-- +goose Down
DROP TABLE account_move;
DROP TABLE match_decision;
DROP TABLE match_review;
DROP TABLE charge;
DROP TABLE household_link;
DROP TABLE household;
DROP TABLE account_claim;
DROP TABLE account;
DROP TABLE account_route;
