-- +goose Up
-- Somebody of the centre acts for a resident, with a reason, until ends_at; ended_at 0: he did not end it himself. staff: role and
-- login.
CREATE TABLE acting (
    acting_id    BIGINT NOT NULL PRIMARY KEY,
    staff        TEXT NOT NULL,
    building_id  BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    code         TEXT NOT NULL,
    reason       TEXT NOT NULL,
    begun_at     BIGINT NOT NULL,
    ends_at      BIGINT NOT NULL,
    ended_at     BIGINT NOT NULL
); -- route
CREATE INDEX acting_home ON acting (building_id, household_id);

-- What he did, in the order he did it.
CREATE TABLE acting_deed (
    acting_id BIGINT NOT NULL,
    deed_no   INTEGER NOT NULL,
    what      TEXT NOT NULL,
    done_at   BIGINT NOT NULL,
    PRIMARY KEY (acting_id, deed_no)
); -- route

-- For whom a session of the centre's staff acts; 0: for nobody.
ALTER TABLE session ADD COLUMN acting_id BIGINT NOT NULL DEFAULT 0;


-- What people agreed to where they began a thing stands on their page of consents too; who took his word back, likewise.
INSERT INTO privacy_consent (consent_id, person_id, kind, version, door, given_at, withdrawn_at)
    SELECT -8 * max(c.contact_id), c.person_id, 'bots', 1, 'earlier', min(c.confirmed_at), 0 FROM person_contact c
    WHERE c.kind IN ('telegram', 'max') AND c.closed_at = 0 AND c.confirmed_at > 0 AND NOT EXISTS (SELECT 1 FROM privacy_consent x WHERE x.person_id = c.person_id AND x.kind = 'bots') GROUP BY c.person_id;
INSERT INTO privacy_consent (consent_id, person_id, kind, version, door, given_at, withdrawn_at)
    SELECT -8 * max(b.browser_id) - 1, b.person_id, 'push', 1, 'earlier', min(b.added_at), 0 FROM notice_browser b WHERE b.closed_at = 0 GROUP BY b.person_id;
INSERT INTO privacy_consent (consent_id, person_id, kind, version, door, given_at, withdrawn_at)
    SELECT -8 * max(s.order_id) - 2, s.person_id, 'cards', 1, 'earlier', min(s.created_at), 0 FROM payment_saved s
    WHERE s.person_id <> 0 AND s.state = 'active' AND NOT EXISTS (SELECT 1 FROM privacy_consent x WHERE x.person_id = s.person_id AND x.kind = 'cards') GROUP BY s.person_id;
INSERT INTO privacy_consent (consent_id, person_id, kind, version, door, given_at, withdrawn_at)
    SELECT -8 * max(h.home_id) - 3, h.given_by, 'trusted', 1, 'earlier', min(h.added_at), 0 FROM person_home h WHERE h.given_by <> 0 AND h.closed_at = 0 GROUP BY h.given_by;
INSERT INTO privacy_consent (consent_id, person_id, kind, version, door, given_at, withdrawn_at)
    SELECT -8 * n.person_id - 4, n.person_id, 'messages', 1, 'earlier', n.changed_at, n.changed_at FROM notice_person n
    WHERE n.agreed = 0 AND NOT EXISTS (SELECT 1 FROM privacy_consent x WHERE x.person_id = n.person_id AND x.kind = 'messages');

-- +goose Down
DELETE FROM privacy_consent WHERE door = 'earlier';
ALTER TABLE session DROP COLUMN acting_id;
DROP TABLE acting_deed;
DROP TABLE acting;
