-- +goose Up
-- What people and programs were told when they gave readings. A receipt is the figures of one household given at once:
-- who, by which channel and device, what became of each figure (body). The readings themselves are charge_reading.
CREATE TABLE reading_receipt (
    building_id  BIGINT NOT NULL,
    receipt_no   TEXT NOT NULL,
    household_id BIGINT NOT NULL,
    recorded_at  BIGINT NOT NULL,
    channel      TEXT NOT NULL,
    author       TEXT NOT NULL,
    device       TEXT NOT NULL,
    client_key   TEXT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (building_id, receipt_no)
); -- fact
CREATE UNIQUE INDEX reading_receipt_key ON reading_receipt (building_id, household_id, client_key);

-- The first answer to a request with an Idempotency-Key, by the digest of its input. supplier_id 0 is the centre.
CREATE TABLE reading_request (
    supplier_id BIGINT NOT NULL,
    client_key  TEXT NOT NULL,
    input       TEXT NOT NULL,
    answer      TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (supplier_id, client_key)
); -- route

-- +goose Down
DROP TABLE reading_request;
DROP TABLE reading_receipt;
