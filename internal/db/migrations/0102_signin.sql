-- +goose Up
-- What a person has begun to prove and not proved yet. browser: digest of the secret of the browser that asked, the only one that
-- may finish; way: code, passkey, esia. link: digest of the secret of a link sent by mail, or of the state sent to Госуслуги; ''
-- none. sealed: what is proved, by which code, and what for. The row goes when it is spent.
CREATE TABLE proof_pending (
    browser    TEXT NOT NULL,
    way        TEXT NOT NULL,
    link       TEXT NOT NULL,
    sealed     BYTEA NOT NULL,
    tries      BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (browser, way)
); -- local
CREATE INDEX proof_pending_link ON proof_pending (link);
CREATE INDEX proof_pending_expiry ON proof_pending (expires_at);

-- When codes were sent: to a number, for a network (keyed marks of both), the last day's moments in order.
CREATE TABLE proof_limit (
    subject TEXT NOT NULL PRIMARY KEY,
    sent    TEXT NOT NULL,
    last_at BIGINT NOT NULL
); -- local

-- How many codes went to numbers of one prefix by one channel on a day.
CREATE TABLE proof_day (
    prefix  TEXT NOT NULL,
    day     INTEGER NOT NULL,
    sent    BIGINT NOT NULL,
    alerted BIGINT NOT NULL,
    PRIMARY KEY (prefix, day)
); -- local

-- Passkeys of people. data: the credential as the library keeps it, JSON. handle: the keyed mark the key knows its person by.
CREATE TABLE passkey (
    credential TEXT NOT NULL PRIMARY KEY,
    person_id  BIGINT NOT NULL,
    handle     TEXT NOT NULL,
    data       TEXT NOT NULL,
    name       TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL
); -- route
CREATE INDEX passkey_person ON passkey (person_id);

-- Browsers a person has signed in with: digest of the browser's lasting secret.
CREATE TABLE person_device (
    person_id BIGINT NOT NULL,
    digest    TEXT NOT NULL,
    name      TEXT NOT NULL,
    first_at  BIGINT NOT NULL,
    seen_at   BIGINT NOT NULL,
    PRIMARY KEY (person_id, digest)
); -- local

-- «Это не я»: what a link in a message takes back. kind: device, contact.added, contact.closed, passkey; subject: what it names.
CREATE TABLE person_alarm (
    digest     TEXT NOT NULL PRIMARY KEY,
    person_id  BIGINT NOT NULL,
    kind       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    spent_at   BIGINT NOT NULL
); -- local

-- Of a person's session: on what, when he last proved who he is, and whether the proof opens what he owes.
ALTER TABLE session ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN fresh_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN limited INTEGER NOT NULL DEFAULT 0;
CREATE INDEX session_by_user ON session (user_id);

-- +goose Down
DROP INDEX session_by_user;
ALTER TABLE session DROP COLUMN limited;
ALTER TABLE session DROP COLUMN fresh_at;
ALTER TABLE session DROP COLUMN device;
DROP TABLE person_alarm;
DROP TABLE person_device;
DROP TABLE passkey;
DROP TABLE proof_day;
DROP TABLE proof_limit;
DROP TABLE proof_pending;
