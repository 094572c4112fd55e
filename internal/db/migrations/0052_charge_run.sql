-- +goose Up
-- Runs of charging, the lines they made, and months that are closed.

-- reference: numbers of the catalogue's services, for lines
CREATE TABLE charge_service (
    service_no INTEGER NOT NULL PRIMARY KEY,
    code       TEXT NOT NULL UNIQUE
);

-- local: kind month, recalculation, undo; state draft, running, paused, checked, approved, closed, undone.
-- facts_at: what was recorded later is left out; scope: JSON list of buildings, [] is all.
CREATE TABLE charge_run (
    run_id      BIGINT NOT NULL PRIMARY KEY,
    kind        TEXT NOT NULL,
    month       INTEGER NOT NULL,
    scope       TEXT NOT NULL,
    state       TEXT NOT NULL,
    facts_at    BIGINT NOT NULL,
    catalog     TEXT NOT NULL,
    cause       TEXT NOT NULL,
    from_month  INTEGER NOT NULL,
    undoes      BIGINT NOT NULL,
    created_by  TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    approved_by TEXT NOT NULL,
    finished_at BIGINT NOT NULL
);
CREATE INDEX charge_run_month ON charge_run (month, run_id);

-- local: months nothing is added to any more
CREATE TABLE charge_month (
    month     INTEGER NOT NULL PRIMARY KEY,
    closed_at BIGINT NOT NULL,
    closed_by TEXT NOT NULL
);

-- A building done by a run, written with its lines and postings. part 0 is the charge of the month, once for each
-- building and month; another part is the run that corrected.
CREATE TABLE charge_building (
    building_id BIGINT NOT NULL,
    month       INTEGER NOT NULL,
    part        BIGINT NOT NULL,
    run_id      BIGINT NOT NULL,
    facts_at    BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    households  INTEGER NOT NULL,
    lines       INTEGER NOT NULL,
    issues      INTEGER NOT NULL,
    amount_kop  BIGINT NOT NULL,
    PRIMARY KEY (building_id, month, part)
); -- fact

-- A line charged in a month. about: the month it is about. detail: the other inputs of the explanation, packed.
CREATE TABLE charge_line (
    building_id BIGINT NOT NULL,
    account_id  BIGINT NOT NULL,
    month       INTEGER NOT NULL,
    run_id      BIGINT NOT NULL,
    line_no     INTEGER NOT NULL,
    service_no  SMALLINT NOT NULL,
    kind        SMALLINT NOT NULL,
    method      SMALLINT NOT NULL,
    formula     SMALLINT NOT NULL,
    component   SMALLINT NOT NULL,
    zone        SMALLINT NOT NULL,
    band        SMALLINT NOT NULL,
    party       SMALLINT NOT NULL,
    about       INTEGER NOT NULL,
    service_id  BIGINT NOT NULL,
    volume_e7   BIGINT NOT NULL,
    rate_e7     BIGINT NOT NULL,
    amount_kop  BIGINT NOT NULL,
    detail      BYTEA NOT NULL,
    PRIMARY KEY (building_id, account_id, month, run_id, line_no)
); -- fact

-- Why a service of an account has no line, or is not what it should be.
CREATE TABLE charge_issue (
    building_id BIGINT NOT NULL,
    account_id  BIGINT NOT NULL,
    month       INTEGER NOT NULL,
    run_id      BIGINT NOT NULL,
    issue_no    INTEGER NOT NULL,
    service_no  SMALLINT NOT NULL,
    service_id  BIGINT NOT NULL,
    code        TEXT NOT NULL,
    PRIMARY KEY (building_id, account_id, month, run_id, issue_no)
); -- fact

-- +goose Down
DROP TABLE charge_issue;
DROP TABLE charge_line;
DROP TABLE charge_building;
DROP TABLE charge_month;
DROP TABLE charge_run;
DROP TABLE charge_service;
