-- +goose Up
-- What somebody is to be told, once: written with the fact it is about. client_key: one of an event. person_id: whom; 0: all
-- people of the household, or the address in contact (sealed, of the kind contact_kind). words: figures of the event that do not
-- change, an object in JSON. ask: which figures are asked for at the moment of sending, and whether all is done already. not_after:
-- later it says nothing any more; 0: no bound. planned_at 0: waits.
CREATE TABLE notice_order (
    order_id     BIGINT NOT NULL PRIMARY KEY,
    client_key   TEXT NOT NULL UNIQUE,
    topic        TEXT NOT NULL,
    template     TEXT NOT NULL,
    person_id    BIGINT NOT NULL,
    building_id  BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    contact_kind TEXT NOT NULL,
    contact      BYTEA NOT NULL,
    words        TEXT NOT NULL,
    ask          TEXT NOT NULL,
    wave_id      BIGINT NOT NULL,
    not_before   BIGINT NOT NULL,
    not_after    BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    planned_at   BIGINT NOT NULL
); -- route
CREATE INDEX notice_order_waiting ON notice_order (order_id) WHERE planned_at = 0;

-- A message to one person by one way. channel: sms, voice, mail, push, telegram, max; page: it stands on his page only. state:
-- waiting (until next_at), sending (handed over just now), sent (taken by the other side), delivered, failed, unknown (it may have
-- been taken), skipped (never sent, reason says why). others: the ways left when this one fails, parted by commas. address: what
-- may be shown of it. outside_id: the other side's, by which it is asked.
CREATE TABLE notice (
    notice_id    BIGINT NOT NULL PRIMARY KEY,
    order_id     BIGINT NOT NULL,
    person_id    BIGINT NOT NULL,
    building_id  BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    wave_id      BIGINT NOT NULL,
    topic        TEXT NOT NULL,
    channel      TEXT NOT NULL,
    others       TEXT NOT NULL,
    address      TEXT NOT NULL,
    state        TEXT NOT NULL,
    reason       TEXT NOT NULL,
    subject      TEXT NOT NULL,
    text         TEXT NOT NULL,
    tries        INTEGER NOT NULL,
    next_at      BIGINT NOT NULL,
    outside_id   TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    sent_at      BIGINT NOT NULL,
    changed_at   BIGINT NOT NULL
); -- route
CREATE UNIQUE INDEX notice_once ON notice (order_id, person_id, channel);
CREATE INDEX notice_due ON notice (wave_id, next_at) WHERE next_at > 0;
CREATE INDEX notice_of_person ON notice (person_id, created_at);
CREATE INDEX notice_outside ON notice (outside_id) WHERE outside_id <> '';
CREATE INDEX notice_changed ON notice (changed_at);

-- How a person wants to be told. Minutes of the day begin and end the quiet hours. agreed 0: he took his consent back.
CREATE TABLE notice_person (
    person_id      BIGINT NOT NULL PRIMARY KEY,
    quiet_from     INTEGER NOT NULL,
    quiet_to       INTEGER NOT NULL,
    only_important SMALLINT NOT NULL,
    voice          SMALLINT NOT NULL,
    agreed         SMALLINT NOT NULL,
    changed_at     BIGINT NOT NULL
); -- route

-- Topics and ways a person switched off; channel '': the topic as a whole.
CREATE TABLE notice_off (
    person_id BIGINT NOT NULL,
    topic     TEXT NOT NULL,
    channel   TEXT NOT NULL,
    PRIMARY KEY (person_id, topic, channel)
); -- route

-- Browsers that take pushes of a person. closed_at 0: it stands.
CREATE TABLE notice_browser (
    browser_id BIGINT NOT NULL PRIMARY KEY,
    person_id  BIGINT NOT NULL,
    mark       TEXT NOT NULL,
    sealed     BYTEA NOT NULL,
    added_at   BIGINT NOT NULL,
    closed_at  BIGINT NOT NULL
); -- route
CREATE UNIQUE INDEX notice_browser_once ON notice_browser (mark) WHERE closed_at = 0;
CREATE INDEX notice_browser_person ON notice_browser (person_id);

-- Wordings besides those of the program: state proposed, active (from valid_from on), refused. The one that began last holds.
CREATE TABLE notice_template (
    version_id  BIGINT NOT NULL PRIMARY KEY,
    template    TEXT NOT NULL,
    state       TEXT NOT NULL,
    valid_from  INTEGER NOT NULL,
    subject     TEXT NOT NULL,
    text        TEXT NOT NULL,
    author      TEXT NOT NULL,
    proposed_at BIGINT NOT NULL,
    decider     TEXT NOT NULL,
    decided_at  BIGINT NOT NULL
); -- reference
CREATE INDEX notice_template_of ON notice_template (template, state);

-- Many messages of one kind at a measured pace: per_minute at most. taken of the minute begun at minute_at went out already.
CREATE TABLE notice_wave (
    wave_id    BIGINT NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    title      TEXT NOT NULL,
    per_minute INTEGER NOT NULL,
    state      TEXT NOT NULL,
    minute_at  BIGINT NOT NULL,
    taken      INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL
); -- local

-- Dated rounds over all homes with people: how far each has come; done_at 0: it goes on.
CREATE TABLE notice_round (
    name         TEXT NOT NULL PRIMARY KEY,
    building_id  BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    done_at      BIGINT NOT NULL
); -- local

-- +goose Down
DROP TABLE notice_round;
DROP TABLE notice_wave;
DROP TABLE notice_template;
DROP TABLE notice_browser;
DROP TABLE notice_off;
DROP TABLE notice_person;
DROP TABLE notice;
DROP TABLE notice_order;
