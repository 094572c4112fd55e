-- +goose Up
-- Intake: batches of files, files, and every row that was not simply applied.

CREATE TABLE intake_batch (
    batch_id      BIGINT NOT NULL PRIMARY KEY,
    digest        TEXT NOT NULL,
    state         TEXT NOT NULL,
    actor         TEXT NOT NULL,
    recorded_at   BIGINT NOT NULL,
    done_building BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    finished_at   BIGINT NOT NULL
);
CREATE INDEX intake_batch_open ON intake_batch (state);

CREATE TABLE intake_file (
    file_id      BIGINT NOT NULL PRIMARY KEY,
    batch_id     BIGINT NOT NULL REFERENCES intake_batch (batch_id),
    supplier_id  BIGINT NOT NULL,
    name         TEXT NOT NULL,
    digest       TEXT NOT NULL,
    size         BIGINT NOT NULL,
    purpose      TEXT NOT NULL,
    unit         TEXT NOT NULL,
    cutoff_day   INTEGER NOT NULL,
    cutoff_months INTEGER NOT NULL,
    profile      TEXT NOT NULL,
    month        INTEGER NOT NULL,
    state        TEXT NOT NULL,
    duplicate_of BIGINT NOT NULL,
    encoding     TEXT NOT NULL,
    refusal      TEXT NOT NULL,
    rows         BIGINT NOT NULL,
    applied      BIGINT NOT NULL,
    repaired     BIGINT NOT NULL,
    ignored      BIGINT NOT NULL,
    quarantined  BIGINT NOT NULL,
    control_file BIGINT NOT NULL,
    control_read BIGINT NOT NULL,
    control_given INTEGER NOT NULL,
    created_at   BIGINT NOT NULL,
    applied_at   BIGINT NOT NULL
);
CREATE INDEX intake_file_digest ON intake_file (digest, supplier_id);
CREATE INDEX intake_file_batch ON intake_file (batch_id);

-- verdict: applied, repaired, ignored, quarantined; state: open, fixed (a
-- person gave a value), replayed (the file was read again with it), accepted (the row is not wanted).
CREATE TABLE intake_issue (
    file_id  BIGINT NOT NULL,
    issue_no BIGINT NOT NULL,
    pos      BIGINT NOT NULL,
    unit     TEXT NOT NULL,
    code     TEXT NOT NULL,
    type     TEXT NOT NULL,
    verdict  TEXT NOT NULL,
    account  TEXT NOT NULL,
    field    TEXT NOT NULL,
    value    TEXT NOT NULL,
    now      TEXT NOT NULL,
    hint     TEXT NOT NULL,
    row_text TEXT NOT NULL,
    state    TEXT NOT NULL,
    fix_field TEXT NOT NULL,
    fix_value TEXT NOT NULL,
    fixed_by  TEXT NOT NULL,
    fixed_at  BIGINT NOT NULL,
    PRIMARY KEY (file_id, issue_no)
);

-- What others may know of a file: where a figure came from, and up to which day its paid counts payments.
CREATE VIEW v_intake_file AS
    SELECT file_id, supplier_id, name, unit, cutoff_day, cutoff_months, month, state, created_at, applied_at FROM intake_file;

-- +goose Down
DROP VIEW v_intake_file;
DROP TABLE intake_issue;
DROP TABLE intake_file;
DROP TABLE intake_batch;
