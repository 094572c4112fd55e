-- +goose Up
-- Reference and local tables: small, read everywhere.

CREATE TABLE id_block (
    name    TEXT NOT NULL PRIMARY KEY,
    last_id BIGINT NOT NULL
);
INSERT INTO id_block (name, last_id) VALUES ('all', 1000);

-- Installation-wide settings that are made once: the audit key, the region's zone, secrets' digests.
CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE supplier (
    supplier_id  BIGINT NOT NULL PRIMARY KEY,
    code         TEXT NOT NULL UNIQUE,
    name         TEXT NOT NULL,
    inn          TEXT NOT NULL,
    kpp          TEXT NOT NULL,
    bank         TEXT NOT NULL,
    bic          TEXT NOT NULL,
    corr_account TEXT NOT NULL,
    bank_account TEXT NOT NULL,
    phone        TEXT NOT NULL,
    address      TEXT NOT NULL,
    services     TEXT NOT NULL,
    mode         TEXT NOT NULL,
    status       TEXT NOT NULL,
    recorded_at  BIGINT NOT NULL
);

CREATE TABLE supplier_profile (
    profile_id  BIGINT NOT NULL PRIMARY KEY,
    supplier_id BIGINT NOT NULL REFERENCES supplier (supplier_id),
    name        TEXT NOT NULL,
    body        TEXT NOT NULL,
    recorded_at BIGINT NOT NULL
);

-- A service as a supplier names it («ХВС», «Содержание»); '' is the whole account.
CREATE TABLE service (
    service_id  BIGINT NOT NULL PRIMARY KEY,
    supplier_id BIGINT NOT NULL,
    name        TEXT NOT NULL,
    UNIQUE (supplier_id, name)
);

CREATE TABLE building (
    building_id  BIGINT NOT NULL PRIMARY KEY,
    code         TEXT NOT NULL UNIQUE,
    guid         TEXT NOT NULL,
    postcode     TEXT NOT NULL,
    locality     TEXT NOT NULL,
    street_type  TEXT NOT NULL,
    street       TEXT NOT NULL,
    street_alias TEXT NOT NULL,
    house        TEXT NOT NULL,
    letter       TEXT NOT NULL,
    korp         TEXT NOT NULL,
    year         INTEGER NOT NULL,
    floors       INTEGER NOT NULL,
    flats        INTEGER NOT NULL,
    cadastral    TEXT NOT NULL,
    kind         TEXT NOT NULL,
    search_key   TEXT NOT NULL,
    recorded_at  BIGINT NOT NULL
);
CREATE INDEX building_search ON building (search_key);

-- +goose Down
DROP TABLE building;
DROP TABLE service;
DROP TABLE supplier_profile;
DROP TABLE supplier;
DROP TABLE setting;
DROP TABLE id_block;
