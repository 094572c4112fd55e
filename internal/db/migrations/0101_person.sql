-- +goose Up
-- A person who signs in. erased_at 0: not erased; of an erased one only the number is left, which accounting rows name.
CREATE TABLE person (
    person_id  BIGINT NOT NULL PRIMARY KEY,
    created_at BIGINT NOT NULL,
    erased_at  BIGINT NOT NULL
); -- route

-- How a person is reached and known again. mark: the keyed digest of the value, by which it is found; sealed: the value, closed
-- with the installation's key; masked: what may be shown. confirmed_at 0: not proved yet. closed_at 0: it stands.
CREATE TABLE person_contact (
    contact_id   BIGINT NOT NULL PRIMARY KEY,
    person_id    BIGINT NOT NULL,
    kind         TEXT NOT NULL,
    mark         TEXT NOT NULL,
    sealed       BYTEA NOT NULL,
    masked       TEXT NOT NULL,
    confirmed_at BIGINT NOT NULL,
    closed_at    BIGINT NOT NULL
); -- route
CREATE UNIQUE INDEX person_contact_mark ON person_contact (kind, mark) WHERE closed_at = 0;
CREATE INDEX person_contact_person ON person_contact (person_id);

-- A home of a person: a household, or an account in nobody's basket (household_id 0). role: owner, tenant, trusted, payer. rights:
-- what he may do there, letters in the order s p r d m (access.Rights). The days are the first and the last of his own time there;
-- 0: no bound. given_by: the person who let him in; 0: by a paper. closed_at 0: it stands.
CREATE TABLE person_home (
    home_id      BIGINT NOT NULL PRIMARY KEY,
    person_id    BIGINT NOT NULL,
    building_id  BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    account_id   BIGINT NOT NULL,
    role         TEXT NOT NULL,
    rights       TEXT NOT NULL,
    valid_from   INTEGER NOT NULL,
    valid_to     INTEGER NOT NULL,
    proof        TEXT NOT NULL,
    given_by     BIGINT NOT NULL,
    title        TEXT NOT NULL,
    actor        TEXT NOT NULL,
    added_at     BIGINT NOT NULL,
    closed_at    BIGINT NOT NULL
); -- route
CREATE UNIQUE INDEX person_home_once ON person_home (person_id, building_id, household_id, account_id) WHERE closed_at = 0;
CREATE INDEX person_home_place ON person_home (building_id, household_id);

-- Which of his homes the person looks at in this session; 0: none chosen.
ALTER TABLE session ADD COLUMN home_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE demo_link ADD COLUMN person_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE demo_link ADD COLUMN home_id BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE demo_link DROP COLUMN home_id;
ALTER TABLE demo_link DROP COLUMN person_id;
ALTER TABLE session DROP COLUMN home_id;
DROP TABLE person_home;
DROP TABLE person_contact;
DROP TABLE person;
