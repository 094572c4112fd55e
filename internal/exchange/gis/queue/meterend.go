package queue

import (
	"context"
	"fmt"
	"strconv"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange/gis"
	"kvit/internal/supplier"
)

// ended is a meter that was taken out, or withdrawn: then it has no service.
type ended struct {
	id, account     int64
	until, failed   calendar.Date
	service, serial string
}

// goneOf are the meters of a house that were taken out, or withdrawn, after ГИС ЖКХ had come to know them: replaced by the
// one that was put in their place, else archived.
func (m *Module) goneOf(ctx context.Context, tx *db.Tx, s *supplier.Supplier, house int64, stand []standing) (list []object, err error) {
	all, err := endedMeters(ctx, tx, s.ID, house, m.today())
	if err != nil || len(all) == 0 {
		return nil, err
	}
	keys := make([]string, len(all))
	for i := range all {
		keys[i] = strconv.FormatInt(all[i].id, 10)
	}
	known, err := listAliases(ctx, tx, s.ID, aliasMeter, keys)
	next := successors(all, stand)
	for i := range all {
		x := &all[i]
		if known[keys[i]] == "" {
			continue
		}
		body := &gis.Meter{Change: x.change(s, next[x.id])}
		list = append(list, newObject(s.ID, gis.KindMeter, meterEntity(x.id), fmt.Sprintf("%s/archived/%d", keys[i], x.until), x.account, body))
	}
	return list, err
}

// endedMeters are a supplier's meters of a house that stand no more on a day.
func endedMeters(ctx context.Context, tx *db.Tx, supplierID, house int64, today calendar.Date) (list []ended, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT m.meter_id, m.account_id, m.valid_to, m.failed_on, m.service, m.serial FROM v_meter_row m
		JOIN v_account_claim a ON a.building_id = m.building_id AND a.account_id = m.account_id
		WHERE m.building_id = $1 AND a.supplier_id = $2 AND (m.service = '' OR m.valid_to BETWEEN 1 AND $3) ORDER BY m.meter_id`, house, supplierID, int64(today))
	if err != nil {
		return nil, fmt.Errorf("meters taken out of a house: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var x ended
		if err := rows.Scan(&x.id, &x.account, &x.until, &x.failed, &x.service, &x.serial); err != nil {
			return nil, err
		}
		list = append(list, x)
	}
	return list, rows.Err()
}

// change is what ГИС ЖКХ is told of a meter taken out. One that failed was not replaced by plan: without the reason the
// supplier's settings name it is archived alone.
func (x *ended) change(s *supplier.Supplier, next int64) *gis.MeterChange {
	replaced := &gis.MeterReplace{On: x.until.String(), Planned: x.failed == 0, Next: next}
	if x.failed != 0 {
		replaced.Reason = &gis.Ref{Name: s.GIS.Reasons.Replaced}
	}
	if next == 0 || x.failed != 0 && s.GIS.Reasons.Replaced == "" {
		return &gis.MeterChange{Archived: &gis.MeterArchive{Reason: gis.Ref{Name: s.GIS.ArchivingReason()}}}
	}
	return &gis.MeterChange{Replaced: replaced}
}

// successors are the meters put in the place of others, by those: the only one of the account's service that began when the
// old one ended. Where several changed at once nobody can tell which is whose.
func successors(old []ended, stand []standing) map[int64]int64 {
	next, of := map[int64]int64{}, map[int64]int{}
	for i := range old {
		found := 0
		for k := range stand {
			if old[i].follows(&stand[k]) {
				next[old[i].id] = stand[k].id
				found++
			}
		}
		if found != 1 {
			delete(next, old[i].id)
			continue
		}
		of[next[old[i].id]]++
	}
	for id, n := range next {
		if of[n] > 1 {
			delete(next, id)
		}
	}
	return next
}

// follows tells whether a standing meter may have been put in the place of this one.
func (x *ended) follows(n *standing) bool {
	return x.service != "" && n.account == x.account && n.service == x.service && n.serial != "" && resources[n.service] != "" && (n.from == x.until || n.from == x.until.AddDays(1))
}

// formerNumbers are the numbers ГИС ЖКХ gave the meters that standing ones were put in the place of, by those.
func (m *Module) formerNumbers(ctx context.Context, tx *db.Tx, supplierID, house int64, stand []standing) (map[int64]string, error) {
	all, err := endedMeters(ctx, tx, supplierID, house, m.today())
	if err != nil {
		return nil, err
	}
	next := successors(all, stand)
	var keys []string
	for id := range next {
		keys = append(keys, strconv.FormatInt(id, 10))
	}
	numbers, err := listAliases(ctx, tx, supplierID, aliasMeterNumber, keys)
	former := map[int64]string{}
	for id, n := range next {
		former[n] = numbers[strconv.FormatInt(id, 10)]
	}
	return former, err
}
