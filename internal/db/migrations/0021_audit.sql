-- +goose Up
-- local: staff's and system changes, chained by digest. The head row serialises appending.
CREATE TABLE audit_head (
    id     INTEGER NOT NULL PRIMARY KEY,
    seq    BIGINT NOT NULL,
    digest TEXT NOT NULL
);
INSERT INTO audit_head (id, seq, digest) VALUES (1, 0, '');

CREATE TABLE audit_event (
    seq         BIGINT NOT NULL PRIMARY KEY,
    at          BIGINT NOT NULL,
    actor       TEXT NOT NULL,
    action      TEXT NOT NULL,
    object      TEXT NOT NULL,
    detail      TEXT NOT NULL,
    prev_digest TEXT NOT NULL,
    digest      TEXT NOT NULL
);

CREATE TABLE audit_checkpoint (
    seq       BIGINT NOT NULL PRIMARY KEY,
    digest    TEXT NOT NULL,
    at        BIGINT NOT NULL,
    signature TEXT NOT NULL
);

-- +goose Down
DROP TABLE audit_checkpoint;
DROP TABLE audit_event;
DROP TABLE audit_head;
