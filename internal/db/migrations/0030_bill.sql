-- +goose Up
-- route: the code printed on a bill and in its link, made when a bill is first shown or printed. Only digests are
-- kept: the token (80 bits) opens the bill alone, the typed code (8 signs) only together with an account number.
CREATE TABLE bill_code (
    token_digest TEXT NOT NULL PRIMARY KEY,
    code_digest  TEXT NOT NULL,
    building_id  BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    epoch        INTEGER NOT NULL,
    created_at   BIGINT NOT NULL,
    closed_at    BIGINT NOT NULL
);
CREATE INDEX bill_code_household ON bill_code (building_id, household_id);

-- +goose Down
DROP TABLE bill_code;
