-- +goose Up
-- local: what suppliers' programs delivered through the API. The bytes are kept before the row stands here; the id
-- becomes the id of the file. state: queued, running, done (report or file tells how), failed (tries are used up).
CREATE TABLE intake_delivery (
    delivery_id  BIGINT NOT NULL PRIMARY KEY,
    supplier_id  BIGINT NOT NULL,
    client_key   TEXT NOT NULL,
    input        TEXT NOT NULL,
    name         TEXT NOT NULL,
    digest       TEXT NOT NULL,
    size         BIGINT NOT NULL,
    profile      TEXT NOT NULL,
    month        INTEGER NOT NULL,
    dry_run      INTEGER NOT NULL,
    actor        TEXT NOT NULL,
    state        TEXT NOT NULL,
    stage        TEXT NOT NULL,
    done         BIGINT NOT NULL,
    total        BIGINT NOT NULL,
    tries        INTEGER NOT NULL,
    next_at      BIGINT NOT NULL,
    report       TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    finished_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX intake_delivery_key ON intake_delivery (supplier_id, client_key) WHERE client_key <> '';
CREATE INDEX intake_delivery_state ON intake_delivery (state, delivery_id);

-- local: layouts that suppliers' programs described, by name.
CREATE TABLE intake_profile (
    supplier_id BIGINT NOT NULL,
    name        TEXT NOT NULL,
    profile     TEXT NOT NULL,
    changed_at  BIGINT NOT NULL,
    PRIMARY KEY (supplier_id, name)
);

-- +goose Down
DROP TABLE intake_profile;
DROP TABLE intake_delivery;
