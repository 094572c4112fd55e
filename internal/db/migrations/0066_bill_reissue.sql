-- +goose Up
-- Newer bills of a month in place of those whose figures have changed since they were issued.

-- local: a wish to issue bills anew: state waiting (for a second person), running, paused, done; scope: houses and suppliers,
-- JSON; found: what it would change when it was prepared, JSON; background: the server goes on with it after a restart
CREATE TABLE bill_reissue (
    reissue_id   BIGINT NOT NULL PRIMARY KEY,
    month        INTEGER NOT NULL,
    scope        TEXT NOT NULL,
    reason       TEXT NOT NULL,
    state        TEXT NOT NULL,
    found        TEXT NOT NULL,
    prepared_by  TEXT NOT NULL,
    prepared_at  BIGINT NOT NULL,
    confirmed_by TEXT NOT NULL,
    confirmed_at BIGINT NOT NULL,
    wave         INTEGER NOT NULL,
    pause_us     BIGINT NOT NULL,
    finished_at  BIGINT NOT NULL,
    background   INTEGER NOT NULL
);

-- A building whose bills were issued anew, written with them. same: bills whose figures are as they were; other: bills
-- withdrawn, and households whose bill is of another month by now.
CREATE TABLE bill_reissued (
    building_id    BIGINT NOT NULL,
    reissue_id     BIGINT NOT NULL,
    month          INTEGER NOT NULL,
    published_at   BIGINT NOT NULL,
    issued         INTEGER NOT NULL,
    same           INTEGER NOT NULL,
    other          INTEGER NOT NULL,
    difference_kop BIGINT NOT NULL,
    PRIMARY KEY (building_id, reissue_id)
); -- fact

-- +goose Down
DROP TABLE bill_reissued;
DROP TABLE bill_reissue;
