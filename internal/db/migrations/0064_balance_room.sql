-- +goose Up
-- A month's run adds to every balance of a building at once. With room in each page the new rows stand beside the old ones
-- and the key stays as it is; without, each month would write a second table and a second key.
ALTER TABLE ledger_balance SET (fillfactor = 50);

-- +goose Down
ALTER TABLE ledger_balance RESET (fillfactor);
