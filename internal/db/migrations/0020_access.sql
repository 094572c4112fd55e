-- +goose Up
-- local: who may come in. Passwords, session ids and tokens are stored as digests only.
CREATE TABLE staff (
    user_id       BIGINT NOT NULL PRIMARY KEY,
    login         TEXT NOT NULL UNIQUE,
    role          TEXT NOT NULL,
    supplier_id   BIGINT NOT NULL,
    password_hash TEXT NOT NULL,
    totp_sealed   BYTEA NOT NULL,
    totp_last     BIGINT NOT NULL,
    state         TEXT NOT NULL,
    created_at    BIGINT NOT NULL
);

CREATE TABLE session (
    digest       TEXT NOT NULL PRIMARY KEY,
    user_id      BIGINT NOT NULL,
    role         TEXT NOT NULL,
    supplier_id  BIGINT NOT NULL,
    building_id  BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    name         TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    seen_at      BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL
);

CREATE TABLE api_token (
    digest      TEXT NOT NULL PRIMARY KEY,
    token_id    BIGINT NOT NULL,
    name        TEXT NOT NULL,
    supplier_id BIGINT NOT NULL,
    scopes      TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    used_at     BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    revoked_at  BIGINT NOT NULL
);

CREATE TABLE sign_in_failure (
    subject   TEXT NOT NULL PRIMARY KEY,
    count     BIGINT NOT NULL,
    since     BIGINT NOT NULL,
    locked_to BIGINT NOT NULL
);

CREATE TABLE demo_link (
    digest       TEXT NOT NULL PRIMARY KEY,
    role         TEXT NOT NULL,
    supplier_id  BIGINT NOT NULL,
    building_id  BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    name         TEXT NOT NULL,
    expires_at   BIGINT NOT NULL
);

-- +goose Down
DROP TABLE demo_link;
DROP TABLE sign_in_failure;
DROP TABLE api_token;
DROP TABLE session;
DROP TABLE staff;
