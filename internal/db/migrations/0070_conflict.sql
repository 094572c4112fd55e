-- +goose Up
-- What suppliers say differently of one household: cases, how they were decided, and the rules they are decided by.

-- How often accounts, claims, links or households of a building were written: tells what has changed since somebody looked.
CREATE TABLE account_version (
    building_id BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    PRIMARY KEY (building_id)
); -- fact
INSERT INTO account_version (building_id, version) SELECT building_id, 1 FROM account WHERE building_id > 0 GROUP BY building_id;

-- What a building was when conflicts were last looked for: writes of its accounts and of its facts, the latest rule.
CREATE TABLE conflict_building (
    building_id BIGINT NOT NULL,
    accounts    BIGINT NOT NULL,
    facts       BIGINT NOT NULL,
    rule_id     BIGINT NOT NULL,
    PRIMARY KEY (building_id)
); -- fact

-- A case by household, attribute and object (a service, a meter; '' is none): the latest recorded_at holds. state: open,
-- decided, agreed (suppliers say the same again). claims: JSON of what each says. rule_id 0: a person decided, or nobody.
CREATE TABLE conflict_case (
    building_id  BIGINT NOT NULL,
    case_id      BIGINT NOT NULL,
    recorded_at  BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    attribute    TEXT NOT NULL,
    object       TEXT NOT NULL,
    state        TEXT NOT NULL,
    opened_at    BIGINT NOT NULL,
    claims       TEXT NOT NULL,
    value        TEXT NOT NULL,
    holds_from   INTEGER NOT NULL,
    rule_id      BIGINT NOT NULL,
    actor        TEXT NOT NULL,
    reason       TEXT NOT NULL,
    effect_kop   BIGINT NOT NULL,
    PRIMARY KEY (building_id, case_id, recorded_at)
); -- fact
CREATE INDEX conflict_case_id ON conflict_case (case_id);

-- reference: whom to trust about an attribute from a day on: of one attribute and day the row recorded last holds
CREATE TABLE conflict_rule (
    rule_id     BIGINT NOT NULL PRIMARY KEY,
    attribute   TEXT NOT NULL,
    valid_from  INTEGER NOT NULL,
    body        TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    actor       TEXT NOT NULL
);
-- The usual order of trust, until the centre loads its own.
INSERT INTO conflict_rule (rule_id, attribute, valid_from, body, recorded_at, actor) VALUES
    (1, 'area', 0, '{"trust":["centre","service:maintenance","*","service:capital_repair"],"most":true,"latest":true}', 0, ''),
    (2, 'residents', 0, '{"trust":["centre","service:maintenance","*"],"most":true,"latest":true}', 0, ''),
    (3, 'owner', 0, '{"trust":["*"],"most":true,"latest":true}', 0, ''),
    (4, 'flat', 0, '{"trust":["*"],"most":true,"latest":true}', 0, ''),
    (5, 'meter_number', 0, '{"trust":["centre","*"],"latest":true}', 0, ''),
    (6, 'meter_digits', 0, '{"trust":["centre","*"],"latest":true}', 0, ''),
    (7, 'meter_verified', 0, '{"trust":["centre","*"],"latest":true}', 0, '');

-- +goose Down
DROP TABLE conflict_rule;
DROP TABLE conflict_case;
DROP TABLE conflict_building;
DROP TABLE account_version;
