-- +goose Up
-- Bills as they were issued: snapshots of what the basket showed, published in waves after a run of the month was
-- approved; and what the pages of runs need to go on after a restart.

-- A bill issued to a household for a month. A newer version supersedes the one before. body: the bill as it was shown,
-- JSON, deflated; digest: SHA-256 of the JSON.
CREATE TABLE bill_snapshot (
    building_id  BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    month        INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    supersedes   INTEGER NOT NULL,
    run_id       BIGINT NOT NULL,
    published_at BIGINT NOT NULL,
    published_by TEXT NOT NULL,
    reason       TEXT NOT NULL,
    number       TEXT NOT NULL,
    total_kop    BIGINT NOT NULL,
    advance_kop  BIGINT NOT NULL,
    digest       TEXT NOT NULL,
    body         BYTEA NOT NULL,
    PRIMARY KEY (building_id, household_id, month, version)
); -- fact

-- An issued bill taken back by a person, with the reason the household reads.
CREATE TABLE bill_withdrawal (
    building_id  BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    month        INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    withdrawn_at BIGINT NOT NULL,
    withdrawn_by TEXT NOT NULL,
    reason       TEXT NOT NULL,
    PRIMARY KEY (building_id, household_id, month, version)
); -- fact

-- A building whose bills a run has published, written with them. without: households whose bill is not of the month;
-- already: those that had one.
CREATE TABLE bill_published (
    building_id  BIGINT NOT NULL,
    run_id       BIGINT NOT NULL,
    month        INTEGER NOT NULL,
    published_at BIGINT NOT NULL,
    issued       INTEGER NOT NULL,
    without      INTEGER NOT NULL,
    already      INTEGER NOT NULL,
    total_kop    BIGINT NOT NULL,
    PRIMARY KEY (building_id, run_id)
); -- fact

-- local: publication of a run; state running, paused, done; background: the server goes on with it after a restart
CREATE TABLE bill_publication (
    run_id      BIGINT NOT NULL PRIMARY KEY,
    month       INTEGER NOT NULL,
    state       TEXT NOT NULL,
    wave        INTEGER NOT NULL,
    pause_us    BIGINT NOT NULL,
    started_by  TEXT NOT NULL,
    started_at  BIGINT NOT NULL,
    finished_at BIGINT NOT NULL,
    background  INTEGER NOT NULL
);

-- local: what a run came to when it was checked, JSON
CREATE TABLE charge_report (
    run_id  BIGINT NOT NULL PRIMARY KEY,
    made_at BIGINT NOT NULL,
    body    TEXT NOT NULL
);

-- local: runs the server goes on with after a restart
CREATE TABLE charge_background (
    run_id   BIGINT NOT NULL PRIMARY KEY,
    asked_by TEXT NOT NULL,
    asked_at BIGINT NOT NULL
);

-- local: forms of the consoles that were pressed and the page each press led to
CREATE TABLE console_press (
    form_key   TEXT NOT NULL PRIMARY KEY,
    actor      TEXT NOT NULL,
    location   TEXT NOT NULL,
    pressed_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE console_press;
DROP TABLE charge_background;
DROP TABLE charge_report;
DROP TABLE bill_publication;
DROP TABLE bill_published;
DROP TABLE bill_withdrawal;
DROP TABLE bill_snapshot;
