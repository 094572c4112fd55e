-- +goose Up
-- Why a meter was taken out decides how ГИС ЖКХ is told of the one put in its place: one that failed is not replaced by plan.
DROP VIEW v_meter_row;
CREATE VIEW v_meter_row AS
    SELECT m.building_id, m.meter_id, m.account_id, m.service, m.serial, m.valid_from, m.valid_to, m.failed_on FROM charge_meter m
    WHERE m.recorded_at = (SELECT max(n.recorded_at) FROM charge_meter n WHERE n.building_id = m.building_id AND n.meter_id = m.meter_id);

-- +goose Down
DROP VIEW v_meter_row;
CREATE VIEW v_meter_row AS
    SELECT m.building_id, m.meter_id, m.account_id, m.service, m.valid_to FROM charge_meter m
    WHERE m.recorded_at = (SELECT max(n.recorded_at) FROM charge_meter n WHERE n.building_id = m.building_id AND n.meter_id = m.meter_id);
