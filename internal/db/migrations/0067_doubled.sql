-- +goose Up
-- A supplier's file that gives two sums for one service of an account in a month: neither is charged by it. Rows are
-- appended, of one key the row recorded last holds; told is how many rows of the file there were, 0 when a later file
-- tells of it once.
CREATE TABLE charge_doubled (
    building_id BIGINT NOT NULL,
    account_id  BIGINT NOT NULL,
    month       INTEGER NOT NULL,
    service_id  BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    file_id     BIGINT NOT NULL,
    row_no      BIGINT NOT NULL,
    told        INTEGER NOT NULL,
    low_kop     BIGINT NOT NULL,
    high_kop    BIGINT NOT NULL,
    PRIMARY KEY (building_id, account_id, month, service_id, recorded_at)
); -- fact

-- +goose Down
DROP TABLE charge_doubled;
