-- +goose Up
-- What Kvit charged and is owed, for other packages. Left out: lines beside a supplier's figure (kind from 64 on), benefits
-- paid apart (kind 8), and a supplier's figures a run repeats (method 10 of kind 0, or of kind 6, a correction, about a
-- month that Kvit did not charge itself).
CREATE VIEW v_charge_own AS
    SELECT l.building_id, l.account_id, l.month, l.service_id, l.amount_kop, CASE WHEN l.kind IN (0, 1) THEN l.amount_kop ELSE 0 END AS charge_kop
    FROM charge_line l
    WHERE l.kind < 64 AND l.kind <> 8 AND NOT (l.method = 10 AND (l.kind = 0 OR l.kind = 6 AND NOT EXISTS (SELECT 1 FROM charge_line c
        WHERE c.building_id = l.building_id AND c.account_id = l.account_id AND c.month = l.about AND c.service_id = l.service_id AND c.kind = 0 AND c.method <> 10)));

-- +goose Down
DROP VIEW v_charge_own;
