-- +goose Up
-- Facts that a person or a program gives: what a house is (its own meter is the account's; managed by its owners), the
-- number of a meter, and the answers given to requests of programs by their keys. A house or premises of an area below zero, a resource with an
-- empty body and a meter of no service are withdrawn.

ALTER TABLE charge_house ADD COLUMN private BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE charge_house ADD COLUMN direct BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE charge_meter ADD COLUMN serial TEXT NOT NULL DEFAULT '';

-- The first answer to a request with an Idempotency-Key, by the digest of its input. supplier_id 0 is the centre.
CREATE TABLE charge_request (
    supplier_id BIGINT NOT NULL,
    client_key  TEXT NOT NULL,
    input       TEXT NOT NULL,
    answer      TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (supplier_id, client_key)
); -- route

-- +goose Down
DROP TABLE charge_request;
ALTER TABLE charge_meter DROP COLUMN serial;
ALTER TABLE charge_house DROP COLUMN direct;
ALTER TABLE charge_house DROP COLUMN private;
