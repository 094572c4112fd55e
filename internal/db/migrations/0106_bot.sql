-- +goose Up
-- Where the dialog with a chat stands: what was asked, which home is looked at. Whose chat it is, the person's contact says. step
-- grows with each question, so that a button of an earlier one is known. quiet 1: nothing but answers is sent.
CREATE TABLE bot_chat (
    channel    TEXT NOT NULL,
    chat       TEXT NOT NULL,
    home_id    BIGINT NOT NULL,
    step       INTEGER NOT NULL,
    state      TEXT NOT NULL,
    quiet      INTEGER NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (channel, chat)
); -- local

-- One-time codes by which a person links a chat. chat: the one that has spent it; '': nobody.
CREATE TABLE bot_code (
    digest     TEXT NOT NULL PRIMARY KEY,
    person_id  BIGINT NOT NULL,
    home_id    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    channel    TEXT NOT NULL,
    chat       TEXT NOT NULL
); -- local
CREATE INDEX bot_code_person ON bot_code (person_id);

-- What happened in chats, by the messenger's own key: told again it changes nothing. at, seq: order within the chat. done_at 0:
-- it waits to be answered, from ready_at on; once it was, only the key is left, until the messenger has forgotten it too.
CREATE TABLE bot_update (
    channel    TEXT NOT NULL,
    update_key TEXT NOT NULL,
    chat       TEXT NOT NULL,
    at         BIGINT NOT NULL,
    seq        BIGINT NOT NULL,
    body       TEXT NOT NULL,
    ready_at   BIGINT NOT NULL,
    tries      INTEGER NOT NULL,
    done_at    BIGINT NOT NULL,
    PRIMARY KEY (channel, update_key)
); -- local
CREATE INDEX bot_update_waiting ON bot_update (channel, chat, at, seq) WHERE done_at = 0;
CREATE INDEX bot_update_done ON bot_update (done_at);

-- Messages that wait to be sent, in the order of each chat. next_at: not before; while one is being sent it is put off, so a
-- message whose sender died is sent again. What was sent is removed.
CREATE TABLE bot_out (
    out_id  BIGINT NOT NULL PRIMARY KEY,
    channel TEXT NOT NULL,
    chat    TEXT NOT NULL,
    body    TEXT NOT NULL,
    next_at BIGINT NOT NULL,
    tries   INTEGER NOT NULL
); -- local
CREATE INDEX bot_out_chat ON bot_out (channel, chat, out_id);

-- How far a messenger's updates were polled.
CREATE TABLE bot_marker (
    channel TEXT NOT NULL PRIMARY KEY,
    marker  TEXT NOT NULL
); -- local

-- +goose Down
DROP TABLE bot_marker;
DROP TABLE bot_out;
DROP TABLE bot_update;
DROP TABLE bot_code;
DROP TABLE bot_chat;
