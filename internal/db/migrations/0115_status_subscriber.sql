-- +goose Up
-- Who asked for news of the service by mail. mark finds an address again, sealed is the address itself; confirm: digest of the code of
-- the letter that asks whether the address is his; leave: mark of the code that ends it. confirmed_at 0: he has not answered yet.
CREATE TABLE status_subscriber (
    subscriber_id BIGINT NOT NULL PRIMARY KEY,
    mark          TEXT NOT NULL UNIQUE,
    sealed        BYTEA NOT NULL,
    confirm       TEXT NOT NULL,
    leave         TEXT NOT NULL,
    asked_at      BIGINT NOT NULL,
    confirmed_at  BIGINT NOT NULL
); -- local
CREATE INDEX status_subscriber_confirm ON status_subscriber (confirm);
CREATE INDEX status_subscriber_leave ON status_subscriber (leave);

-- +goose Down
DROP TABLE status_subscriber;
