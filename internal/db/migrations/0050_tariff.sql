-- +goose Up
-- reference: files of the catalogue as they were loaded. The latest of a name holds; the catalogue at a moment is what
-- the files recorded by then say, merged in the order they were recorded.
CREATE TABLE tariff_document (
    document_id BIGINT NOT NULL PRIMARY KEY,
    name        TEXT NOT NULL,
    body        TEXT NOT NULL,
    digest      TEXT NOT NULL,
    author      TEXT NOT NULL,
    recorded_at BIGINT NOT NULL
);
CREATE INDEX tariff_document_name ON tariff_document (name, recorded_at);

-- +goose Down
DROP TABLE tariff_document;
