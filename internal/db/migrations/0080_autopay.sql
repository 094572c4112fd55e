-- +goose Up
-- A household's autopay: the row recorded last holds. state: on, paused, off. fixed_kop 0: the whole bill. saved_id '': waits
-- for the payment that keeps the way of paying. since: the day it was switched on.
CREATE TABLE autopay_rule (
    building_id  BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    recorded_at  BIGINT NOT NULL,
    rule_id      BIGINT NOT NULL,
    state        TEXT NOT NULL,
    day          INTEGER NOT NULL,
    fixed_kop    BIGINT NOT NULL,
    cap_kop      BIGINT NOT NULL,
    saved_id     TEXT NOT NULL,
    since        INTEGER NOT NULL,
    actor        TEXT NOT NULL,
    PRIMARY KEY (building_id, household_id, recorded_at)
); -- fact

-- One month of a rule. state: told, asks (above the cap), vetoed, paying, paid, failed (again on next_on), gave_up, nothing.
CREATE TABLE autopay_turn (
    building_id  BIGINT NOT NULL,
    rule_id      BIGINT NOT NULL,
    month        INTEGER NOT NULL,
    household_id BIGINT NOT NULL,
    state        TEXT NOT NULL,
    sum_kop      BIGINT NOT NULL,
    next_on      INTEGER NOT NULL,
    tries        INTEGER NOT NULL,
    public_id    TEXT NOT NULL,
    reason       TEXT NOT NULL,
    told_at      BIGINT NOT NULL,
    changed_at   BIGINT NOT NULL,
    PRIMARY KEY (building_id, rule_id, month)
); -- fact

-- +goose Down
DROP TABLE autopay_turn;
DROP TABLE autopay_rule;
