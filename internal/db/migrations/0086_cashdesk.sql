-- +goose Up
-- Cash desks: shifts of clerks and every movement of cash in them.

-- local: a shift. One is open at a desk, and a clerk has one open. number counts the shifts of a desk. Cash it should hold is
-- opening_kop and all movements; counted_kop is what the clerk counted, handed_kop what of it left the desk with the shift,
-- reason why the two differ.
CREATE TABLE cash_shift (
    shift_id     BIGINT NOT NULL PRIMARY KEY,
    desk         TEXT NOT NULL,
    number       BIGINT NOT NULL,
    clerk        TEXT NOT NULL,
    opened_at    BIGINT NOT NULL,
    opening_kop  BIGINT NOT NULL,
    opening_note TEXT NOT NULL,
    closed_at    BIGINT NOT NULL,
    counted_kop  BIGINT NOT NULL,
    handed_kop   BIGINT NOT NULL,
    reason       TEXT NOT NULL,
    UNIQUE (desk, number)
);
CREATE UNIQUE INDEX cash_shift_open_desk ON cash_shift (desk) WHERE closed_at = 0;
CREATE UNIQUE INDEX cash_shift_open_clerk ON cash_shift (clerk) WHERE closed_at = 0;

-- local: a movement of cash. kind: take (a payment), cancel (given back: of_no is the payment), supply and handover (change
-- brought, cash taken away). amount_kop is signed. given_kop is what the payer put down for a payment.
CREATE TABLE cash_movement (
    shift_id    BIGINT NOT NULL,
    movement_no INTEGER NOT NULL,
    kind        TEXT NOT NULL,
    amount_kop  BIGINT NOT NULL,
    given_kop   BIGINT NOT NULL,
    public_id   TEXT NOT NULL,
    of_no       INTEGER NOT NULL,
    form_key    TEXT NOT NULL UNIQUE,
    note        TEXT NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (shift_id, movement_no)
);
CREATE UNIQUE INDEX cash_movement_cancel ON cash_movement (shift_id, of_no) WHERE of_no > 0;
CREATE INDEX cash_movement_payment ON cash_movement (public_id);

-- +goose Down
DROP TABLE cash_movement;
DROP TABLE cash_shift;
