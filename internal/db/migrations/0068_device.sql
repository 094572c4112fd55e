-- +goose Up
-- What meters send by themselves: the register of devices, what they sent byte for byte, and what was understood of it.

-- A device, or a gateway: a program that brings messages of many devices (gateway 1). outside_id is the name it has in its
-- own network. secret and code are digests. supplier_id is whose it is; 0 the centre's. last_at, battery (percent, -1 not
-- known) and battery_low are of the latest message, everything else changes by a person's hand only.
CREATE TABLE device (
    outside_id   TEXT NOT NULL PRIMARY KEY,
    device_id    BIGINT NOT NULL,
    gateway      SMALLINT NOT NULL,
    profile      TEXT NOT NULL,
    payload      TEXT NOT NULL,
    supplier_id  BIGINT NOT NULL,
    secret       TEXT NOT NULL,
    code         TEXT NOT NULL,
    topic        TEXT NOT NULL,
    name         TEXT NOT NULL,
    place        TEXT NOT NULL,
    silence_days INTEGER NOT NULL,
    created_at   BIGINT NOT NULL,
    removed_at   BIGINT NOT NULL,
    last_at      BIGINT NOT NULL,
    battery      INTEGER NOT NULL,
    battery_low  SMALLINT NOT NULL
); -- route
CREATE INDEX device_by_id ON device (device_id);
CREATE INDEX device_by_secret ON device (secret);
CREATE INDEX device_by_code ON device (code);

-- Which register of which meter a channel of a device counts, from when until when. The meter is named as files name it:
-- so a binding outlives a move of the account. The row recorded last of a channel and day of beginning holds. dial =
-- value × scale, in the unit of the meter, + offset.
CREATE TABLE device_binding (
    device_id   BIGINT NOT NULL,
    channel     TEXT NOT NULL,
    valid_from  INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    valid_to    INTEGER NOT NULL,
    supplier_id BIGINT NOT NULL,
    account_id  BIGINT NOT NULL,
    number      TEXT NOT NULL,
    serial      TEXT NOT NULL,
    service     TEXT NOT NULL,
    zone        TEXT NOT NULL,
    unit        TEXT NOT NULL,
    measure     TEXT NOT NULL,
    scale_e7    BIGINT NOT NULL,
    offset_e7   BIGINT NOT NULL,
    actor       TEXT NOT NULL,
    PRIMARY KEY (device_id, channel, valid_from, recorded_at)
); -- route
CREATE INDEX device_binding_account ON device_binding (account_id);

-- A message as it came, kept before anybody looks into it. login_id: whose credentials it came with. state: waiting, read,
-- double, alive, unreadable, stranger; reason says why in words.
CREATE TABLE device_message (
    message_id  BIGINT NOT NULL PRIMARY KEY,
    received_at BIGINT NOT NULL,
    door        TEXT NOT NULL,
    login_id    BIGINT NOT NULL,
    topic       TEXT NOT NULL,
    body        BYTEA NOT NULL,
    state       TEXT NOT NULL,
    reason      TEXT NOT NULL,
    device_id   BIGINT NOT NULL
); -- route
CREATE INDEX device_message_waiting ON device_message (message_id) WHERE state = 'waiting';
CREATE INDEX device_message_bad ON device_message (message_id) WHERE state IN ('unreadable', 'stranger');

-- A figure that a message told, in the unit of the device. dial_e7: what the meter's own dial shows then. state: new,
-- thinned (the day has its reading), unbound, or what became of it as a reading; source: that of the reading it became.
CREATE TABLE device_figure (
    device_id   BIGINT NOT NULL,
    channel     TEXT NOT NULL,
    measured_at BIGINT NOT NULL,
    on_day      INTEGER NOT NULL,
    value_e7    BIGINT NOT NULL,
    unit        TEXT NOT NULL,
    dial_e7     BIGINT NOT NULL,
    message_id  BIGINT NOT NULL,
    state       TEXT NOT NULL,
    reason      TEXT NOT NULL,
    source      TEXT NOT NULL,
    PRIMARY KEY (device_id, channel, measured_at)
); -- route
CREATE INDEX device_figure_new ON device_figure (device_id, channel, measured_at) WHERE state = 'new';
CREATE INDEX device_figure_day ON device_figure (device_id, channel, on_day, measured_at);
CREATE INDEX device_figure_source ON device_figure (source) WHERE source <> '';

-- A profile as it was loaded: how messages or payloads of a kind of device are read. The row recorded last holds.
CREATE TABLE device_profile (
    code        TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    body        TEXT NOT NULL,
    PRIMARY KEY (code, recorded_at)
); -- reference

-- local: the row that servers which look into messages wait for each other on
CREATE TABLE device_round (
    round_id INTEGER NOT NULL PRIMARY KEY,
    rounds   BIGINT NOT NULL
);
INSERT INTO device_round (round_id, rounds) VALUES (1, 0);

-- +goose Down
DROP TABLE device_round;
DROP TABLE device_profile;
DROP TABLE device_figure;
DROP TABLE device_message;
DROP TABLE device_binding;
DROP TABLE device;
