-- +goose Up
-- What the people of one home agreed about who pays which part of its bill; suppliers are told nothing of it. way: percent, sum,
-- services. state: proposed until all have answered, agreed, declined, withdrawn, ended. month: the month billed when it came into
-- force. ended_by: a person; 0: the loss of somebody's access.
CREATE TABLE person_agreement (
    agreement_id BIGINT NOT NULL PRIMARY KEY,
    client_key   TEXT NOT NULL UNIQUE,
    building_id  BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    way          TEXT NOT NULL,
    state        TEXT NOT NULL,
    proposed_by  BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    agreed_at    BIGINT NOT NULL,
    month        INTEGER NOT NULL,
    ended_at     BIGINT NOT NULL,
    ended_by     BIGINT NOT NULL
); -- route
CREATE INDEX person_agreement_home ON person_agreement (building_id, household_id, state);
CREATE UNIQUE INDEX person_agreement_holds ON person_agreement (building_id, household_id, state) WHERE state IN ('proposed', 'agreed');

-- One's part of an agreement. percent: in hundredths of a per cent. sum_kop: of a month. services: names, a list in JSON. rest 1:
-- pays what nobody else took. answered_at 0: has not answered.
CREATE TABLE person_agreement_part (
    agreement_id BIGINT NOT NULL,
    person_id    BIGINT NOT NULL,
    part_no      INTEGER NOT NULL,
    percent      INTEGER NOT NULL,
    sum_kop      BIGINT NOT NULL,
    services     TEXT NOT NULL,
    rest         INTEGER NOT NULL,
    answered_at  BIGINT NOT NULL,
    PRIMARY KEY (agreement_id, person_id)
); -- route
CREATE INDEX person_agreement_part_person ON person_agreement_part (person_id);

-- Whose autopay it is: 0 is the household's, set by who manages it. of_part 1: it was set to pay a part of a bill that is shared,
-- and pays nothing when there is no part any more.
ALTER TABLE autopay_rule ADD COLUMN person_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE autopay_rule ADD COLUMN of_part INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE autopay_rule DROP COLUMN of_part;
ALTER TABLE autopay_rule DROP COLUMN person_id;
DROP TABLE person_agreement_part;
DROP TABLE person_agreement;
