-- +goose Up
-- What a resident asks to have checked. kind: dispute (of a line of his bill). state: draft (not sent, forgotten after a day),
-- sent, accepted, answered, reopened, solved, withdrawn. round counts how often it was opened. penalty: the penalty of the line
-- is disputed, not its charge. calculation: the line's explanation as it was shown, JSON; digest: its SHA-256. outcome:
-- corrected, explained. change_kop: by how much a correction changes the bill, shows_in the month it shows in; shown_*: where it
-- was found on the bill (month 0: not yet). closed_at: since when nobody has to act.
CREATE TABLE appeal (
    building_id    BIGINT NOT NULL,
    appeal_id      BIGINT NOT NULL,
    number         TEXT NOT NULL,
    kind           TEXT NOT NULL,
    household_id   BIGINT NOT NULL,
    person_id      BIGINT NOT NULL,
    account_id     BIGINT NOT NULL,
    supplier_id    BIGINT NOT NULL,
    service_id     BIGINT NOT NULL,
    service        TEXT NOT NULL,
    account        TEXT NOT NULL,
    month          INTEGER NOT NULL,
    line_no        INTEGER NOT NULL,
    penalty        BOOLEAN NOT NULL,
    reason         TEXT NOT NULL,
    words          TEXT NOT NULL,
    sum_kop        BIGINT NOT NULL,
    aside          BOOLEAN NOT NULL,
    state          TEXT NOT NULL,
    round          INTEGER NOT NULL,
    answer_by      INTEGER NOT NULL,
    clause         TEXT NOT NULL,
    outcome        TEXT NOT NULL,
    answer         TEXT NOT NULL,
    change_kop     BIGINT NOT NULL,
    shows_in       INTEGER NOT NULL,
    shown_kop      BIGINT NOT NULL,
    shown_in       INTEGER NOT NULL,
    shown_source   TEXT NOT NULL,
    escalated_at   BIGINT NOT NULL,
    drafted_at     BIGINT NOT NULL,
    sent_at        BIGINT NOT NULL,
    answered_at    BIGINT NOT NULL,
    changed_at     BIGINT NOT NULL,
    calculation    TEXT NOT NULL,
    digest         TEXT NOT NULL,
    PRIMARY KEY (building_id, appeal_id)
); -- fact
CREATE INDEX appeal_household ON appeal (building_id, household_id);
CREATE INDEX appeal_supplier ON appeal (supplier_id, state, answer_by);

-- route: where an appeal is, by the number people are told and by the key of the form that began it
CREATE TABLE appeal_route (
    number      TEXT NOT NULL PRIMARY KEY,
    client_key  TEXT NOT NULL UNIQUE,
    building_id BIGINT NOT NULL,
    appeal_id   BIGINT NOT NULL
); -- fact

-- What was done about an appeal, the first first. side: resident, supplier, centre, kvit.
CREATE TABLE appeal_step (
    building_id BIGINT NOT NULL,
    appeal_id   BIGINT NOT NULL,
    step_no     INTEGER NOT NULL,
    kind        TEXT NOT NULL,
    words       TEXT NOT NULL,
    side        TEXT NOT NULL,
    actor       TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (building_id, appeal_id, step_no)
); -- fact

-- Pictures that came with an appeal, by the digests of their bytes.
CREATE TABLE appeal_photo (
    building_id BIGINT NOT NULL,
    appeal_id   BIGINT NOT NULL,
    photo_no    INTEGER NOT NULL,
    digest      TEXT NOT NULL,
    thumb       TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (building_id, appeal_id, photo_no)
); -- fact

-- A disputed sum that its payer leaves out of «pay all» while it is looked at. ended_at 0: it is out now.
CREATE TABLE appeal_aside (
    building_id  BIGINT NOT NULL,
    appeal_id    BIGINT NOT NULL,
    aside_no     INTEGER NOT NULL,
    household_id BIGINT NOT NULL,
    account_id   BIGINT NOT NULL,
    service_id   BIGINT NOT NULL,
    penalty      BOOLEAN NOT NULL,
    sum_kop      BIGINT NOT NULL,
    began_at     BIGINT NOT NULL,
    ended_at     BIGINT NOT NULL,
    PRIMARY KEY (building_id, appeal_id, aside_no)
); -- fact
CREATE INDEX appeal_aside_open ON appeal_aside (building_id, household_id, ended_at);

-- reference: terms of answers as dated data, over those that come with the program. reason '': any other.
CREATE TABLE appeal_term (
    term_id     BIGINT NOT NULL PRIMARY KEY,
    reason      TEXT NOT NULL,
    valid_from  INTEGER NOT NULL,
    days        INTEGER NOT NULL,
    working     BOOLEAN NOT NULL,
    clause      TEXT NOT NULL,
    actor       TEXT NOT NULL,
    recorded_at BIGINT NOT NULL
);
INSERT INTO appeal_term (term_id, reason, valid_from, days, working, clause, actor, recorded_at) VALUES
    (1, '', 0, 10, TRUE, 'ПП РФ № 416, п. 36', '', 0),
    (2, 'quality', 0, 3, TRUE, 'ПП РФ № 354, п. 31 «к»', '', 0),
    (3, 'no_recalc', 0, 5, TRUE, 'ПП РФ № 354, п. 91', '', 0);

-- +goose Down
DROP TABLE appeal_term;
DROP TABLE appeal_aside;
DROP TABLE appeal_photo;
DROP TABLE appeal_step;
DROP TABLE appeal_route;
DROP TABLE appeal;
