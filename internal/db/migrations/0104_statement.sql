-- +goose Up
-- Certificates, statements and bills made for a household on its wish. request_key: kind, supplier and period; a newer version
-- of one request replaces the one before. facts: digest of what the document says, without its number and moment. body: the
-- document, JSON; digest: SHA-256 of it, printed on the paper.
CREATE TABLE statement_document (
    building_id  BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    number       TEXT NOT NULL,
    request_key  TEXT NOT NULL,
    version      INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    supplier_id  BIGINT NOT NULL,
    from_month   INTEGER NOT NULL,
    to_month     INTEGER NOT NULL,
    sum_kop      BIGINT NOT NULL,
    made_at      BIGINT NOT NULL,
    made_by      TEXT NOT NULL,
    facts        TEXT NOT NULL,
    digest       TEXT NOT NULL,
    body         BYTEA NOT NULL,
    PRIMARY KEY (building_id, household_id, number),
    UNIQUE (building_id, household_id, request_key, version)
); -- fact

-- What ended a document: replaced by a newer one (newer is its number), or withdrawn, by a person or because facts it stands on
-- were taken back.
CREATE TABLE statement_end (
    building_id  BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    number       TEXT NOT NULL,
    state        TEXT NOT NULL,
    newer        TEXT NOT NULL,
    reason       TEXT NOT NULL,
    ended_by     TEXT NOT NULL,
    ended_at     BIGINT NOT NULL,
    PRIMARY KEY (building_id, household_id, number)
); -- fact

-- Where the document of a number is. made_at is for the centre's list.
CREATE TABLE statement_number (
    number       TEXT NOT NULL PRIMARY KEY,
    building_id  BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    made_at      BIGINT NOT NULL
); -- route
CREATE INDEX statement_number_household ON statement_number (household_id);
CREATE INDEX statement_number_made ON statement_number (made_at);

-- A document that waits for a supplier's figures.
CREATE TABLE statement_request (
    building_id  BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    request_key  TEXT NOT NULL,
    kind         TEXT NOT NULL,
    supplier_id  BIGINT NOT NULL,
    from_month   INTEGER NOT NULL,
    to_month     INTEGER NOT NULL,
    waits_for    BIGINT NOT NULL,
    asked_at     BIGINT NOT NULL,
    answer_by    INTEGER NOT NULL,
    PRIMARY KEY (building_id, household_id, request_key)
); -- fact

-- A household's consent to bills without paper, and its withdrawal. text_version, text_digest: of the words it was given to.
CREATE TABLE statement_paperless (
    building_id  BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    recorded_at  BIGINT NOT NULL,
    given        INTEGER NOT NULL,
    text_version TEXT NOT NULL,
    text_digest  TEXT NOT NULL,
    actor        TEXT NOT NULL,
    PRIMARY KEY (building_id, household_id, recorded_at)
); -- fact

-- That an issued bill reached its household without paper, the first time by each channel: «page», «pdf», «xml», or a message's.
CREATE TABLE statement_delivery (
    building_id  BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    month        INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    channel      TEXT NOT NULL,
    delivered_at BIGINT NOT NULL,
    proof        TEXT NOT NULL,
    PRIMARY KEY (building_id, household_id, month, version, channel)
); -- fact

-- Papers that people think forged. photo: digest of the picture, '' is none. state: open, forged, genuine.
CREATE TABLE statement_forgery (
    forgery_id   BIGINT NOT NULL PRIMARY KEY,
    client_key   TEXT NOT NULL UNIQUE,
    told_at      BIGINT NOT NULL,
    number       TEXT NOT NULL,
    inn          TEXT NOT NULL,
    bank_account TEXT NOT NULL,
    comment      TEXT NOT NULL,
    contact      TEXT NOT NULL,
    photo        TEXT NOT NULL,
    state        TEXT NOT NULL,
    answer       TEXT NOT NULL,
    decided_by   TEXT NOT NULL,
    decided_at   BIGINT NOT NULL
); -- local
CREATE INDEX statement_forgery_state ON statement_forgery (state, told_at);

-- Issued bills are checked by number and code wherever their household lives now.
CREATE INDEX bill_snapshot_household ON bill_snapshot (household_id, month);

-- +goose Down
DROP INDEX bill_snapshot_household;
DROP TABLE statement_forgery;
DROP TABLE statement_delivery;
DROP TABLE statement_paperless;
DROP TABLE statement_request;
DROP TABLE statement_number;
DROP TABLE statement_end;
DROP TABLE statement_document;
