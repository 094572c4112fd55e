-- +goose Up
-- local: banks and networks that pay by a biller's protocol. settings: JSON without secrets. secret_digest is of a password
-- or a key, secret_sealed of what signatures are made with; one of the two is empty.
CREATE TABLE agent (
    code          TEXT NOT NULL PRIMARY KEY,
    settings      TEXT NOT NULL,
    secret_digest TEXT NOT NULL,
    secret_sealed BYTEA NOT NULL,
    created_at    BIGINT NOT NULL,
    changed_at    BIGINT NOT NULL
);

-- route: an operation of an agent by its own number, as it told of it. told_at: the payer's moment by the agent's clock.
-- fee_kop: what the agent keeps by the contract in force then.
CREATE TABLE agent_operation (
    agent    TEXT NOT NULL,
    txn      TEXT NOT NULL,
    order_id BIGINT NOT NULL,
    account  TEXT NOT NULL,
    told_at  BIGINT NOT NULL,
    fee_kop  BIGINT NOT NULL,
    PRIMARY KEY (agent, txn)
); -- fact
CREATE INDEX agent_operation_order ON agent_operation (order_id);

-- local: every request of an agent with its answer, for disputes; kept as long as its contract says. request holds the
-- protocol's own parameters only, no secrets. code: what the dialect answered. alarm: a person should look.
CREATE TABLE agent_request (
    request_id  BIGINT NOT NULL PRIMARY KEY,
    agent       TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    network     TEXT NOT NULL,
    command     TEXT NOT NULL,
    txn         TEXT NOT NULL,
    request     TEXT NOT NULL,
    code        INTEGER NOT NULL,
    answer      TEXT NOT NULL,
    took_us     BIGINT NOT NULL,
    failed      BOOLEAN NOT NULL,
    alarm       BOOLEAN NOT NULL
);
CREATE INDEX agent_request_agent ON agent_request (agent, received_at);
CREATE INDEX agent_request_txn ON agent_request (agent, txn);

CREATE INDEX payment_order_channel ON payment_order (channel, paid_on);

-- +goose Down
DROP INDEX payment_order_channel;
DROP TABLE agent_request;
DROP TABLE agent_operation;
DROP TABLE agent;
