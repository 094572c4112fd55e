-- +goose Up
-- Messages that came before kept_from may be gone: their term passed. What they told stays.
ALTER TABLE device_round ADD COLUMN kept_from BIGINT NOT NULL DEFAULT 0;
CREATE INDEX device_message_received ON device_message (received_at);

-- +goose Down
DROP INDEX device_message_received;
ALTER TABLE device_round DROP COLUMN kept_from;
