-- +goose Up
-- The exchange of facts made whole: files at the supplier's hour and their answers, and an outbox that does not grow for ever.

-- How many events of a subject were removed as old. last_seq goes on.
ALTER TABLE event_subject ADD COLUMN pruned BIGINT NOT NULL DEFAULT 0;
-- Places up to this one were removed as old.
ALTER TABLE event_feed_head ADD COLUMN pruned_to BIGINT NOT NULL DEFAULT 0;
-- What was fed before this moment may have been removed.
ALTER TABLE event_round ADD COLUMN pruned_before BIGINT NOT NULL DEFAULT 0;

-- local: what files go to and come from a supplier, when and where: JSON. Of one code the row recorded last among those in
-- force on a day holds.
CREATE TABLE courier_schedule (
    supplier_id BIGINT NOT NULL,
    code        TEXT NOT NULL,
    valid_from  INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL,
    spec        TEXT NOT NULL,
    PRIMARY KEY (supplier_id, code, valid_from, recorded_at)
);

-- local: how far an exchange has come: the last place of the feed that is in a file, the last number given, the last hour
-- dealt with. looked_at: when the supplier's folder was looked into; trouble: why that failed.
CREATE TABLE courier_state (
    supplier_id BIGINT NOT NULL,
    code        TEXT NOT NULL,
    position    BIGINT NOT NULL,
    last_number BIGINT NOT NULL,
    slot_at     BIGINT NOT NULL,
    looked_at   BIGINT NOT NULL,
    trouble     TEXT NOT NULL,
    PRIMARY KEY (supplier_id, code)
);

-- local: a file that was made: its bytes are kept by their digest and never change. It holds the refused rows that were
-- given again with it, and the places of the feed after after_position up to to_position. state: waiting (from next_at on),
-- sent, accepted, partly, refused.
CREATE TABLE courier_file (
    supplier_id    BIGINT NOT NULL,
    code           TEXT NOT NULL,
    number         BIGINT NOT NULL,
    slot_at        BIGINT NOT NULL,
    after_position BIGINT NOT NULL,
    to_position    BIGINT NOT NULL,
    row_count      INTEGER NOT NULL,
    again          INTEGER NOT NULL,
    sum_kop        BIGINT NOT NULL,
    name           TEXT NOT NULL,
    digest         TEXT NOT NULL,
    size           BIGINT NOT NULL,
    state          TEXT NOT NULL,
    attempts       INTEGER NOT NULL,
    next_at        BIGINT NOT NULL,
    trouble        TEXT NOT NULL,
    made_at        BIGINT NOT NULL,
    sent_at        BIGINT NOT NULL,
    answered_at    BIGINT NOT NULL,
    PRIMARY KEY (supplier_id, code, number)
);
CREATE INDEX courier_file_waiting ON courier_file (next_at) WHERE state = 'waiting';
CREATE UNIQUE INDEX courier_file_name ON courier_file (supplier_id, name);

-- local: a row the supplier refused. again_number: the file it was given again with; 0 waits for a person.
CREATE TABLE courier_refusal (
    supplier_id  BIGINT NOT NULL,
    code         TEXT NOT NULL,
    number       BIGINT NOT NULL,
    row_no       INTEGER NOT NULL,
    position     BIGINT NOT NULL,
    account      TEXT NOT NULL,
    reason       TEXT NOT NULL,
    wanted       SMALLINT NOT NULL,
    again_number BIGINT NOT NULL,
    recorded_at  BIGINT NOT NULL,
    PRIMARY KEY (supplier_id, code, number, row_no)
);

-- local: what was taken from a supplier's folder, so that it is taken once. kind: register, answer.
CREATE TABLE courier_taken (
    supplier_id BIGINT NOT NULL,
    code        TEXT NOT NULL,
    name        TEXT NOT NULL,
    digest      TEXT NOT NULL,
    kind        TEXT NOT NULL,
    size        BIGINT NOT NULL,
    changed_at  BIGINT NOT NULL,
    taken_at    BIGINT NOT NULL,
    note        TEXT NOT NULL,
    PRIMARY KEY (supplier_id, code, name, digest)
);

-- +goose Down
DROP TABLE courier_taken;
DROP TABLE courier_refusal;
DROP TABLE courier_file;
DROP TABLE courier_state;
DROP TABLE courier_schedule;
ALTER TABLE event_round DROP COLUMN pruned_before;
ALTER TABLE event_feed_head DROP COLUMN pruned_to;
ALTER TABLE event_subject DROP COLUMN pruned;
