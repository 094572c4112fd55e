-- +goose Up
-- A supplier that left: the refund of what was paid him ahead takes his account's advance alone; 0: of the whole payment.
ALTER TABLE refund_request ADD COLUMN account_id BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE refund_request DROP COLUMN account_id;
