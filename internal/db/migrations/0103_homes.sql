-- +goose Up
-- A home opened to somebody by his telephone, until he takes it. mark, sealed, masked: the telephone as in person_contact.
-- rights: what he may do there. valid_to: the last day of it; 0: no end. state: open, taken, declined, withdrawn.
CREATE TABLE person_invite (
    invite_id    BIGINT NOT NULL PRIMARY KEY,
    client_key   TEXT NOT NULL UNIQUE,
    building_id  BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    given_by     BIGINT NOT NULL,
    mark         TEXT NOT NULL,
    sealed       BYTEA NOT NULL,
    masked       TEXT NOT NULL,
    rights       TEXT NOT NULL,
    valid_to     INTEGER NOT NULL,
    state        TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    changed_at   BIGINT NOT NULL
); -- route
CREATE INDEX person_invite_mark ON person_invite (mark, state);
CREATE INDEX person_invite_home ON person_invite (building_id, household_id, state);

-- Accounts somebody did not want in his home's bill. digest: of what was known of them then; with other data they are proposed
-- again.
CREATE TABLE person_refusal (
    building_id  BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    account_id   BIGINT NOT NULL,
    digest       TEXT NOT NULL,
    person_id    BIGINT NOT NULL,
    refused_at   BIGINT NOT NULL,
    PRIMARY KEY (building_id, household_id, account_id)
); -- route

-- Who pays for a service of a home that an owner and a tenant share: owner or tenant. Without a row the rule of the law holds.
CREATE TABLE person_share (
    building_id  BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    service      TEXT NOT NULL,
    role         TEXT NOT NULL,
    person_id    BIGINT NOT NULL,
    decided_at   BIGINT NOT NULL,
    PRIMARY KEY (building_id, household_id, service)
); -- route

-- Payments a person began, by their public ids.
CREATE TABLE person_payment (
    person_id   BIGINT NOT NULL,
    public_id   TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, public_id)
); -- route

-- What households paid for and paid becomes their persons': the one who was there first takes it over.
INSERT INTO person_payment (person_id, public_id, recorded_at)
    SELECT (SELECT min(h.person_id) FROM person_home h WHERE h.building_id = p.building_id AND h.household_id = p.household_id AND h.closed_at = 0), p.public_id, p.recorded_at FROM payer_payment p
    WHERE EXISTS (SELECT 1 FROM person_home h WHERE h.building_id = p.building_id AND h.household_id = p.household_id AND h.closed_at = 0)
    ON CONFLICT (person_id, public_id) DO NOTHING;
INSERT INTO person_home (home_id, person_id, building_id, household_id, account_id, role, rights, valid_from, valid_to, proof, given_by, title, actor, added_at, closed_at)
    SELECT p.link_id, (SELECT min(h.person_id) FROM person_home h WHERE h.building_id = p.building_id AND h.household_id = p.household_id AND h.closed_at = 0),
        p.other_building_id, p.other_household_id, p.other_account_id, 'payer', 'p', 0, 0, p.proof, 0, p.title, p.actor, p.added_at, 0 FROM payer_home p
    WHERE p.closed_at = 0 AND EXISTS (SELECT 1 FROM person_home h WHERE h.building_id = p.building_id AND h.household_id = p.household_id AND h.closed_at = 0)
    ON CONFLICT DO NOTHING;
DROP TABLE payer_payment;
DROP TABLE payer_home;

-- A way of paying is its person's, with whatever home he pays for; 0: the household's, which autopay uses.
ALTER TABLE payment_saved ADD COLUMN person_id BIGINT NOT NULL DEFAULT 0;
CREATE INDEX payment_saved_person ON payment_saved (person_id);

-- +goose Down
DROP INDEX payment_saved_person;
ALTER TABLE payment_saved DROP COLUMN person_id;
CREATE TABLE payer_home (
    building_id        BIGINT NOT NULL,
    link_id            BIGINT NOT NULL,
    household_id       BIGINT NOT NULL,
    other_building_id  BIGINT NOT NULL,
    other_household_id BIGINT NOT NULL,
    other_account_id   BIGINT NOT NULL,
    title              TEXT NOT NULL,
    proof              TEXT NOT NULL,
    actor              TEXT NOT NULL,
    added_at           BIGINT NOT NULL,
    closed_at          BIGINT NOT NULL,
    PRIMARY KEY (building_id, link_id)
); -- fact
CREATE INDEX payer_home_of ON payer_home (building_id, household_id);
CREATE TABLE payer_payment (
    building_id  BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    public_id    TEXT NOT NULL,
    recorded_at  BIGINT NOT NULL,
    PRIMARY KEY (building_id, household_id, public_id)
); -- fact
DROP TABLE person_payment;
DROP TABLE person_share;
DROP TABLE person_refusal;
DROP TABLE person_invite;
