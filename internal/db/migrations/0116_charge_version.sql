-- +goose Up
-- How often lines of registers were written for a building: what is worked out of a whole house is kept by it.
CREATE TABLE charge_version (
    building_id BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    PRIMARY KEY (building_id)
); -- fact
INSERT INTO charge_version (building_id, version) SELECT building_id, 1 FROM charge WHERE building_id > 0 GROUP BY building_id;

-- A session as others may read it, by the digest of its id.
CREATE VIEW v_session AS SELECT digest, user_id, role, supplier_id, building_id, household_id, home_id, name, fresh_at, limited, seen_at, expires_at, acting_id FROM session;

-- +goose Down
DROP VIEW v_session;
DROP TABLE charge_version;
