-- +goose Up
-- Houses that go to another settlement centre or come from one: the centres known, the steps, what was agreed, what follows.

-- reference: centres whose keys are pinned. url: where their program takes messages; '' carries files. supplier: the code of the
-- supplier that stands for the centre where money is paid out to it.
CREATE TABLE handover_peer (
    code     TEXT NOT NULL PRIMARY KEY,
    name     TEXT NOT NULL,
    inn      TEXT NOT NULL,
    key      TEXT NOT NULL UNIQUE,
    url      TEXT NOT NULL,
    supplier TEXT NOT NULL,
    added_by TEXT NOT NULL,
    added_at BIGINT NOT NULL
);

-- route: a house on its way, by the name both centres know it under. side: out (we give), in (we take). building_id: of the
-- house here, 0 until it is there. month: the last one the giver bills. cut_at: balances are as of this moment. state: out –
-- prepared, accepted, confirmed, completed; in – offered, checked (one person), accepted, completed; both – declined,
-- cancelled. first_by and second_by are the two persons of this side.
CREATE TABLE handover (
    handover_id    TEXT NOT NULL PRIMARY KEY,
    number         BIGINT NOT NULL UNIQUE,
    side           TEXT NOT NULL,
    peer           TEXT NOT NULL,
    building_id    BIGINT NOT NULL,
    house          TEXT NOT NULL,
    address        TEXT NOT NULL,
    month          INTEGER NOT NULL,
    cut_at         BIGINT NOT NULL,
    accounts       INTEGER NOT NULL,
    due_kop        BIGINT NOT NULL,
    book_kop       BIGINT NOT NULL,
    package_digest TEXT NOT NULL,
    act_digest     TEXT NOT NULL,
    state          TEXT NOT NULL,
    first_by       TEXT NOT NULL,
    second_by      TEXT NOT NULL,
    their_persons  TEXT NOT NULL,
    reason         TEXT NOT NULL,
    created_at     BIGINT NOT NULL,
    moved_at       BIGINT NOT NULL,
    changed_at     BIGINT NOT NULL
); -- fact
CREATE INDEX handover_state ON handover (state);

-- route: every message as it was signed, in both directions. number counts the messages of a direction. taken_at: when the
-- other side had it, or when we had worked it.
CREATE TABLE handover_message (
    handover_id TEXT NOT NULL,
    direction   TEXT NOT NULL,
    number      INTEGER NOT NULL,
    kind        TEXT NOT NULL,
    digest      TEXT NOT NULL,
    body        BYTEA NOT NULL,
    made_at     BIGINT NOT NULL,
    taken_at    BIGINT NOT NULL,
    attempts    INTEGER NOT NULL,
    trouble     TEXT NOT NULL,
    PRIMARY KEY (handover_id, direction, number)
); -- fact
CREATE INDEX handover_message_open ON handover_message (handover_id) WHERE direction = 'out' AND taken_at = 0;

-- An account that left (building_id is the place of those who left) or came: what it owed by the bill and by the book at the
-- cut, and the last month the former centre billed.
CREATE TABLE handover_account (
    building_id BIGINT NOT NULL,
    account_id  BIGINT NOT NULL,
    number      BIGINT NOT NULL,
    side        TEXT NOT NULL,
    last_month  INTEGER NOT NULL,
    due_kop     BIGINT NOT NULL,
    book_kop    BIGINT NOT NULL,
    PRIMARY KEY (building_id, account_id, number)
); -- fact

-- A household that left: where its bill is now, with the centre that has it.
CREATE TABLE handover_household (
    building_id  BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    number       BIGINT NOT NULL,
    link         TEXT NOT NULL,
    PRIMARY KEY (building_id, household_id)
); -- fact

-- Money that came to us after the cut for an account that left, and goes on: the posting it came by (txn_id of building_id),
-- the message that told of it, when the other centre had booked it. No row is without its posting: forward:<txn_id>.
CREATE TABLE handover_forward (
    building_id BIGINT NOT NULL,
    txn_id      BIGINT NOT NULL,
    number      BIGINT NOT NULL,
    order_id    BIGINT NOT NULL,
    amount_kop  BIGINT NOT NULL,
    message_no  INTEGER NOT NULL,
    booked_at   BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (building_id, txn_id)
); -- fact

-- Accounts that came, with the last month another centre billed: files about that month or an earlier one charge nothing here.
CREATE VIEW v_handover_came AS
    SELECT h.building_id, h.account_id, a.supplier_id, a.number, max(h.last_month) AS last_month FROM handover_account h
    JOIN account a ON a.building_id = h.building_id AND a.account_id = h.account_id AND a.closed_at = 0 WHERE h.side = 'in'
    GROUP BY h.building_id, h.account_id, a.supplier_id, a.number;

-- +goose Down
DROP VIEW v_handover_came;
DROP TABLE handover_forward;
DROP TABLE handover_household;
DROP TABLE handover_account;
DROP TABLE handover_message;
DROP TABLE handover;
DROP TABLE handover_peer;
