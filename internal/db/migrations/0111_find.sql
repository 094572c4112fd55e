-- +goose Up
-- People read the last eight digits of a payment's number to an operator, and the number on a meter.
CREATE INDEX payment_order_short ON payment_order (substr(public_id, length(public_id) - 7));
CREATE INDEX charge_meter_serial ON charge_meter (serial);

-- +goose Down
DROP INDEX charge_meter_serial;
DROP INDEX payment_order_short;
