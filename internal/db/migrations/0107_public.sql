-- +goose Up
-- Public pages: how a supplier is reached, how the service does, what is told on the first page.

-- How people reach a supplier beside his telephone: hours, emergency numbers, offices, works. JSON; '' is nothing.
ALTER TABLE supplier ADD COLUMN reach TEXT NOT NULL DEFAULT '';

-- local: a component of the service as it is now. state: ok, degraded, stopped.
CREATE TABLE status_component (
    component TEXT NOT NULL PRIMARY KEY,
    title     TEXT NOT NULL,
    state     TEXT NOT NULL,
    note      TEXT NOT NULL,
    since_at  BIGINT NOT NULL,
    seen_at   BIGINT NOT NULL
);

-- local: seconds of a day a component spent in each state; what nobody watched is in none
CREATE TABLE status_day (
    component  TEXT NOT NULL,
    day        INTEGER NOT NULL,
    ok_s       BIGINT NOT NULL,
    degraded_s BIGINT NOT NULL,
    stopped_s  BIGINT NOT NULL,
    PRIMARY KEY (component, day)
);

-- local: an incident in the centre's words. state: degraded, stopped. ended_at 0: it goes on.
CREATE TABLE status_incident (
    incident_id BIGINT NOT NULL PRIMARY KEY,
    title       TEXT NOT NULL,
    state       TEXT NOT NULL,
    began_at    BIGINT NOT NULL,
    ended_at    BIGINT NOT NULL
);

-- local: what was told of an incident, the first first. next_at: when there will be more; 0: there will not.
CREATE TABLE status_news (
    incident_id BIGINT NOT NULL,
    news_no     INTEGER NOT NULL,
    text        TEXT NOT NULL,
    next_at     BIGINT NOT NULL,
    actor       TEXT NOT NULL,
    told_at     BIGINT NOT NULL,
    PRIMARY KEY (incident_id, news_no)
);

-- local: a message on the first page, from one moment until another. withdrawn_at 0: it stands.
CREATE TABLE status_message (
    message_id   BIGINT NOT NULL PRIMARY KEY,
    title        TEXT NOT NULL,
    text         TEXT NOT NULL,
    from_at      BIGINT NOT NULL,
    until_at     BIGINT NOT NULL,
    actor        TEXT NOT NULL,
    recorded_at  BIGINT NOT NULL,
    withdrawn_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE status_message;
DROP TABLE status_news;
DROP TABLE status_incident;
DROP TABLE status_day;
DROP TABLE status_component;
ALTER TABLE supplier DROP COLUMN reach;
