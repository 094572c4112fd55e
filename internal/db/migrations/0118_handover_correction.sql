-- +goose Up
-- What suppliers told us of months before the cut for accounts that left, and goes on to the centre that has them: the row of a
-- file, with the message that told of it (0: none yet). building_id is the place of those who left.
CREATE TABLE handover_correction (
    building_id BIGINT NOT NULL,
    account_id  BIGINT NOT NULL,
    file_id     BIGINT NOT NULL,
    row_no      BIGINT NOT NULL,
    month       INTEGER NOT NULL,
    service     TEXT NOT NULL,
    number      BIGINT NOT NULL,
    file_name   TEXT NOT NULL,
    body        TEXT NOT NULL,
    message_no  INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (building_id, account_id, file_id, row_no, month, service)
); -- fact

-- Accounts that left, with the last month we billed.
CREATE VIEW v_handover_left AS
    SELECT h.building_id, h.account_id, h.number, a.supplier_id, h.last_month FROM handover_account h
    JOIN account a ON a.building_id = h.building_id AND a.account_id = h.account_id AND a.closed_at = 0 WHERE h.side = 'out';

-- +goose Down
DROP VIEW v_handover_left;
DROP TABLE handover_correction;
