-- +goose Up
-- The outbox: facts as suppliers are told of them, written in the transaction of the fact, and what each is told.

-- How far the sequence of a subject (an account, or a household as a whole) has come. Those who write about one subject
-- wait here for each other, so what is committed of a subject is always its first events, without a gap.
CREATE TABLE event_subject (
    building_id BIGINT NOT NULL,
    subject_id  BIGINT NOT NULL,
    last_seq    BIGINT NOT NULL,
    last_at     BIGINT NOT NULL,
    PRIMARY KEY (building_id, subject_id)
); -- fact

-- account_id 0: about the household as a whole; household_id 0: that of the account, found when it is told.
-- fact_id: the row told of (an order, a run …). fed 1: suppliers' feeds have it.
CREATE TABLE event (
    building_id  BIGINT NOT NULL,
    subject_id   BIGINT NOT NULL,
    seq          BIGINT NOT NULL,
    account_id   BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    recorded_at  BIGINT NOT NULL,
    fact_id      BIGINT NOT NULL,
    fed          SMALLINT NOT NULL,
    kind         TEXT NOT NULL,
    service      TEXT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (building_id, subject_id, seq)
); -- fact
CREATE INDEX event_waiting ON event (recorded_at, building_id, subject_id, seq) WHERE fed = 0;

-- local: the row that rounds of feeding wait for each other on; who writes events never touches it
CREATE TABLE event_round (
    round_id INTEGER NOT NULL PRIMARY KEY,
    rounds   BIGINT NOT NULL
);
INSERT INTO event_round (round_id, rounds) VALUES (1, 0);

-- route: how far a supplier's feed has come
CREATE TABLE event_feed_head (
    supplier_id BIGINT NOT NULL PRIMARY KEY,
    position    BIGINT NOT NULL
); -- fact

-- route: what a supplier is told, in order and without gaps, each with his own account in that household
CREATE TABLE event_feed (
    supplier_id BIGINT NOT NULL,
    position    BIGINT NOT NULL,
    fed_at      BIGINT NOT NULL,
    building_id BIGINT NOT NULL,
    subject_id  BIGINT NOT NULL,
    seq         BIGINT NOT NULL,
    account_id  BIGINT NOT NULL,
    number      TEXT NOT NULL,
    PRIMARY KEY (supplier_id, position)
); -- fact

-- +goose Down
DROP TABLE event_feed;
DROP TABLE event_feed_head;
DROP TABLE event_round;
DROP TABLE event;
DROP TABLE event_subject;
