-- +goose Up

-- A person without a camera types the code of the paper: the household is found by its digest.
CREATE INDEX bill_code_typed ON bill_code (code_digest);

-- +goose Down
DROP INDEX bill_code_typed;
