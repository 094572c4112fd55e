-- +goose Up
-- When a person marked a message as read or opened it; 0: he has not. What he was told before there were marks counts as read.
ALTER TABLE notice ADD COLUMN read_at BIGINT NOT NULL DEFAULT 0;
UPDATE notice SET read_at = changed_at;
CREATE INDEX notice_unread ON notice (person_id) WHERE read_at = 0;

-- Telephones that wrote or called, while their conversation goes on. chat: the mark of the number, or of the call; sealed: the number.
CREATE TABLE bot_line (
    chat    TEXT NOT NULL PRIMARY KEY,
    sealed  BYTEA NOT NULL,
    seen_at BIGINT NOT NULL
); -- local

-- +goose Down
DROP TABLE bot_line;
DROP INDEX notice_unread;
ALTER TABLE notice DROP COLUMN read_at;
