-- +goose Up
-- local: where suppliers' programs are called. Secrets are sealed. position: up to here of the feed each message has
-- its delivery. claim: the job that delivers now, until claimed_until. state: active, disabled (reason says why).
CREATE TABLE webhook_endpoint (
    endpoint_id   BIGINT NOT NULL PRIMARY KEY,
    supplier_id   BIGINT NOT NULL,
    url           TEXT NOT NULL,
    kinds         TEXT NOT NULL,
    signing       TEXT NOT NULL,
    secret        BYTEA NOT NULL,
    old_secret    BYTEA NOT NULL,
    old_until     BIGINT NOT NULL,
    state         TEXT NOT NULL,
    reason        TEXT NOT NULL,
    position      BIGINT NOT NULL,
    failing_since BIGINT NOT NULL,
    claim         BIGINT NOT NULL,
    claimed_until BIGINT NOT NULL,
    created_at    BIGINT NOT NULL
);
CREATE INDEX webhook_endpoint_supplier ON webhook_endpoint (supplier_id);

-- local: a message to an endpoint. state: waiting (again from next_at on), delivered. answer: what came back last.
CREATE TABLE webhook_delivery (
    endpoint_id BIGINT NOT NULL,
    position    BIGINT NOT NULL,
    account_id  BIGINT NOT NULL,
    state       TEXT NOT NULL,
    attempts    INTEGER NOT NULL,
    next_at     BIGINT NOT NULL,
    tried_at    BIGINT NOT NULL,
    status      INTEGER NOT NULL,
    answer      TEXT NOT NULL,
    PRIMARY KEY (endpoint_id, position)
);
CREATE INDEX webhook_delivery_waiting ON webhook_delivery (endpoint_id, position) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_held ON webhook_delivery (endpoint_id, account_id, position) WHERE state = 'waiting';

-- +goose Down
DROP TABLE webhook_delivery;
DROP TABLE webhook_endpoint;
