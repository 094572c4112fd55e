-- +goose Up
-- route: what a person agreed to, one row each time. kind: electronic, cards, messages, bots. version: of the text he read.
-- withdrawn_at 0: it holds.
CREATE TABLE privacy_consent (
    consent_id   BIGINT NOT NULL PRIMARY KEY,
    person_id    BIGINT NOT NULL,
    kind         TEXT NOT NULL,
    version      INTEGER NOT NULL,
    door         TEXT NOT NULL,
    given_at     BIGINT NOT NULL,
    withdrawn_at BIGINT NOT NULL
); -- fact
CREATE UNIQUE INDEX privacy_consent_holds ON privacy_consent (person_id, kind) WHERE withdrawn_at = 0;

-- Who of the staff looked at a household: what, and why. One row for the same eyes, page and hour.
CREATE TABLE privacy_look (
    building_id  BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    hour         BIGINT NOT NULL,
    actor        TEXT NOT NULL,
    what         TEXT NOT NULL,
    why          TEXT NOT NULL,
    looked_at    BIGINT NOT NULL,
    times        INTEGER NOT NULL,
    PRIMARY KEY (building_id, household_id, hour, actor, what)
); -- fact
CREATE INDEX privacy_look_actor ON privacy_look (actor, hour);

-- route: a person's wish to have his data. state: asked, ready, gone. digest: of the file.
CREATE TABLE privacy_export (
    export_id BIGINT NOT NULL PRIMARY KEY,
    person_id BIGINT NOT NULL,
    state     TEXT NOT NULL,
    digest    TEXT NOT NULL,
    size      BIGINT NOT NULL,
    asked_at  BIGINT NOT NULL,
    ready_at  BIGINT NOT NULL
); -- fact
CREATE INDEX privacy_export_person ON privacy_export (person_id);

-- +goose Down
DROP TABLE privacy_export;
DROP TABLE privacy_look;
DROP TABLE privacy_consent;
