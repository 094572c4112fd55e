-- +goose Up
-- Copies, and what is held back after a return to an earlier moment.

-- local: one row that is written while copies are made, so that there is always something to copy
CREATE TABLE db_beat (
    beat_id INTEGER NOT NULL PRIMARY KEY,
    beat    BIGINT NOT NULL
);
INSERT INTO db_beat (beat_id, beat) VALUES (1, 0);

-- local: returns of the data to an earlier moment. data_at: the moment they are of; until_at: when the return was made. What
-- happened between the two is lost here and known outside.
CREATE TABLE restore_return (
    return_id   BIGINT NOT NULL PRIMARY KEY,
    data_at     BIGINT NOT NULL,
    until_at    BIGINT NOT NULL,
    actor       TEXT NOT NULL,
    finished_at BIGINT NOT NULL
);

-- local: steps of a return that were done, each once. choice: what a person decided about what had waited to be sent.
CREATE TABLE restore_step (
    return_id BIGINT NOT NULL,
    step      TEXT NOT NULL,
    choice    TEXT NOT NULL,
    note      TEXT NOT NULL,
    actor     TEXT NOT NULL,
    done_at   BIGINT NOT NULL,
    PRIMARY KEY (return_id, step)
);

-- local: from where numbers go on after a return, above all that may have been given in the time that is lost
CREATE TABLE restore_number (
    return_id BIGINT NOT NULL,
    name      TEXT NOT NULL,
    subject   TEXT NOT NULL,
    least     BIGINT NOT NULL,
    PRIMARY KEY (name, subject, return_id)
);
CREATE VIEW v_restore_number AS SELECT name, subject, least FROM restore_number;

-- +goose Down
DROP VIEW v_restore_number;
DROP TABLE restore_number;
DROP TABLE restore_step;
DROP TABLE restore_return;
DROP TABLE db_beat;
