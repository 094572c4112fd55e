-- +goose Up
-- route: a refund by the key its client made; its parts are those of the order numbered first_no … last_no
CREATE TABLE payment_refund (
    refund_key TEXT NOT NULL PRIMARY KEY,
    order_id   BIGINT NOT NULL,
    sum_kop    BIGINT NOT NULL,
    state      TEXT NOT NULL,
    first_no   INTEGER NOT NULL,
    last_no    INTEGER NOT NULL,
    actor      TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
); -- fact
CREATE INDEX payment_refund_order ON payment_refund (order_id);
CREATE INDEX payment_refund_state ON payment_refund (state);

-- +goose Down
DROP TABLE payment_refund;
