package charge

import (
	"context"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// Households of a house are alike in what they take: a service of nearly all of them that one lacks is likely a row that
// its supplier left out. Few households, or many without it, tell nothing.
const (
	alikeFrom   = 4  // households that take the service
	alikePart   = 10 // at most one in so many lacks it; one may always
	alikeClaims = 2  // accounts a household has, to be sure that somebody lives there
)

// A house too small for that says nothing of its own; but what all such houses of a city take that one lacks is as likely
// left out. A service that one in twenty of them truly does without must not look like it by chance: hence many houses and
// nearly none without.
const (
	smallFlats = alikeFrom // flats of such a house, by the register of houses
	smallHomes = 150       // households of such houses there are
	smallPart  = 100       // at most one in so many lacks the service
)

// absence is a service that a household does not take while nearly all others of its house do.
type absence struct {
	Difference
	number int64 // lasting number of the service of the catalogue
}

// listMissed gives what is absent as differences. A service made of the volumes of others is missed only where they have
// any.
func (m *Module) listMissed(ctx context.Context, tx *db.Tx, month calendar.Month) (list []Difference, err error) {
	found, err := listAbsent(ctx, tx, month)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	read, err := m.explainer(ctx, tx, month)
	if err != nil {
		return nil, err
	}
	for i := range found {
		a := &found[i]
		x, err := read(a.Building)
		if err != nil {
			return nil, err
		}
		if x.expects(a.Household, x.codes[a.number]) {
			list = append(list, a.Difference)
		}
	}
	return list, nil
}

// expects tells whether a household would have something to pay for a service.
func (x *explained) expects(household int64, code string) bool {
	s, ok := x.engine.Service(code)
	if !ok {
		return false
	}
	links := x.engine.Of(s).Links
	for _, l := range links {
		if volume, _ := x.volumeOf(household, l.Service); l.Factor > 0 && volume != 0 {
			return true
		}
	}
	return len(links) == 0
}

// absentTerms are the services taken in a month, and the households in which somebody surely lives.
const absentTerms = `WITH terms AS (SELECT s.building_id, s.account_id, s.household_id, s.service, s.supplier_id, s.service_id, s.mode FROM charge_subscription s
		JOIN charge_building b ON b.building_id = s.building_id AND b.month = $1 AND b.part = 0
		WHERE s.mode <> '' AND s.household_id <> 0 AND s.valid_from <= $2 AND (s.valid_to = 0 OR s.valid_to >= $3)
		AND NOT EXISTS (SELECT 1 FROM charge_subscription n WHERE n.building_id = s.building_id AND n.account_id = s.account_id AND n.service = s.service
			AND n.valid_from = s.valid_from AND n.recorded_at > s.recorded_at)),
	living AS (SELECT l.building_id, l.household_id FROM household_link l
		WHERE l.household_id <> 0 AND l.building_id IN (SELECT building_id FROM terms)
		AND NOT EXISTS (SELECT 1 FROM household_link n WHERE n.building_id = l.building_id AND n.account_id = l.account_id AND n.recorded_at > l.recorded_at)
		GROUP BY l.building_id, l.household_id HAVING count(*) >= $4),`

// absentFound is what is told of a service s that a household m lacks.
const absentFound = ` SELECT m.building_id, m.household_id, s.supplier_id, s.service_id,
		CAST(coalesce((SELECT min(t.account_id) FROM terms t WHERE t.building_id = m.building_id AND t.household_id = m.household_id AND t.supplier_id = s.supplier_id), 0) AS BIGINT), c.service_no`

// listAbsent lists, of services that are compared, households no account of which takes what nearly all others of their
// house, or of all small houses, take. A communal flat is left out: one of its rooms may pay for all.
func listAbsent(ctx context.Context, tx *db.Tx, month calendar.Month) (list []absence, err error) {
	add := func(v []int64, _ []byte) error {
		list = append(list, absence{Difference{Building: v[0], Household: v[1], Supplier: v[2], Service: v[3], Account: v[4], Missing: true, Cause: CauseAbsent}, v[5]})
		return nil
	}
	span := []any{int64(month), int64(month.Last()), int64(month.First()), alikeClaims}
	err = tx.Scan(ctx, absentTerms+`
		homes AS (SELECT h.building_id, h.household_id, h.flat FROM household h JOIN living v ON v.building_id = h.building_id AND v.household_id = h.household_id
			WHERE h.flat <> '' AND h.room = ''
			AND NOT EXISTS (SELECT 1 FROM household n WHERE n.building_id = h.building_id AND n.household_id = h.household_id AND n.recorded_at > h.recorded_at)),
		houses AS (SELECT building_id, count(*) AS homes FROM homes GROUP BY building_id),
		sold AS (SELECT building_id, service, supplier_id, min(service_id) AS service_id, count(DISTINCT household_id) AS takers FROM terms
			WHERE mode = 'compared' GROUP BY building_id, service, supplier_id)`+absentFound+`
		FROM homes m JOIN houses h ON h.building_id = m.building_id JOIN sold s ON s.building_id = m.building_id JOIN charge_service c ON c.code = s.service
		WHERE s.takers >= $5 AND (h.homes - s.takers <= 1 OR (h.homes - s.takers) * $6 <= h.homes)
			AND NOT EXISTS (SELECT 1 FROM terms t WHERE t.building_id = m.building_id AND t.household_id = m.household_id AND t.service = s.service)
			AND NOT EXISTS (SELECT 1 FROM terms t JOIN household o ON o.building_id = t.building_id AND o.household_id = t.household_id
				WHERE t.building_id = m.building_id AND t.service = s.service AND o.flat = m.flat)
		ORDER BY m.building_id, m.household_id, s.service_id`, append(span, alikeFrom, alikePart), add)
	if err != nil {
		return nil, err
	}
	err = tx.Scan(ctx, absentTerms+`
		homes AS (SELECT h.building_id, h.household_id FROM household h JOIN living v ON v.building_id = h.building_id AND v.household_id = h.household_id
			JOIN building b ON b.building_id = h.building_id AND b.flats <= $5 WHERE h.room = ''
			AND NOT EXISTS (SELECT 1 FROM household n WHERE n.building_id = h.building_id AND n.household_id = h.household_id AND n.recorded_at > h.recorded_at)),
		small AS (SELECT count(*) AS homes FROM homes),
		sold AS (SELECT t.service, t.supplier_id, min(t.service_id) AS service_id, count(DISTINCT t.household_id) AS takers FROM terms t
			JOIN homes m ON m.building_id = t.building_id AND m.household_id = t.household_id WHERE t.mode = 'compared' GROUP BY t.service, t.supplier_id)`+absentFound+`
		FROM homes m CROSS JOIN small h CROSS JOIN sold s JOIN charge_service c ON c.code = s.service
		WHERE h.homes >= $6 AND (h.homes - s.takers) * $7 <= h.homes
			AND NOT EXISTS (SELECT 1 FROM terms t WHERE t.building_id = m.building_id AND t.household_id = m.household_id AND t.service = s.service)
		ORDER BY m.building_id, m.household_id, s.service_id`, append(span, smallFlats, smallHomes, smallPart), add)
	return list, err
}
