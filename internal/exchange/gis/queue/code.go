package queue

import (
	"context"
	"fmt"
	"slices"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange/gis"
	"kvit/internal/supplier"
)

// A code list is read anew once a day: entries change overnight. One that could not be read is asked for again sooner.
const (
	codesHold  = calendar.Micros(24 * time.Hour / time.Microsecond)
	codesAgain = calendar.Micros(10 * time.Minute / time.Microsecond)
)

// listFailed marks a list that could not be read.
const listFailed = "failed"

// codeLists are entries of code lists by their numbers and names.
type codeLists map[int]map[string]gis.Ref

// find gives the entry of a name. The reason is why there is none.
func (c codeLists) find(list int, name string) (r gis.Ref, reason string) {
	r, ok := c[list][name]
	if !ok {
		return r, fmt.Sprintf("В справочнике № %d ГИС ЖКХ нет записи «%s»: впишите в gis поставщика ту, что там есть.", list, name)
	}
	return r, ""
}

// settle puts in the entry a reference names, unless it says itself which it is.
func (c codeLists) settle(r *gis.Ref, list int) (reason string) {
	if r.GUID == "" {
		var found gis.Ref
		if found, reason = c.find(list, r.Name); reason == "" {
			*r = found
		}
	}
	return reason
}

// listsOf are the code lists that objects of a kind may name entries of.
func listsOf(s *supplier.Supplier, k gis.Kind) (lists []int) {
	switch k {
	case gis.KindReading:
		return []int{gis.ListResources}
	case gis.KindMeter:
		if s.GIS.Reasons.Replaced == "" {
			return []int{gis.ListResources, gis.ListArchiving}
		}
		return []int{gis.ListResources, gis.ListArchiving, gis.ListFailure}
	case gis.KindAccount:
		return []int{gis.ListClosing}
	case gis.KindDocument, gis.KindAck:
		for _, x := range s.GIS.Services {
			if list := x.List(); x.GUID == "" && !slices.Contains(lists, list) {
				lists = append(lists, list)
			}
		}
		slices.Sort(lists)
	}
	return lists
}

// listOwner is whose a list is: 0 for one that is the same for all.
func listOwner(supplierID int64, list int) int64 {
	if gis.Own(list) {
		return supplierID
	}
	return 0
}

// listCodes gives the entries known to a supplier.
func listCodes(ctx context.Context, tx *db.Tx, supplierID int64) (codeLists, error) {
	rows, err := tx.QueryContext(ctx, "SELECT list_no, name, code, guid FROM gis_code WHERE supplier_id IN (0, $1) AND name <> ''", supplierID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	codes := codeLists{}
	for rows.Next() {
		var list int
		var r gis.Ref
		if err := rows.Scan(&list, &r.Name, &r.Code, &r.GUID); err != nil {
			return nil, err
		}
		if codes[list] == nil {
			codes[list] = map[string]gis.Ref{}
		}
		codes[list][r.Name] = r
	}
	return codes, rows.Err()
}

// loadCodes asks for the code lists of a kind: at first, once a day, and after ГИС ЖКХ said that an entry holds no more.
// What is known of a list that does not come stays.
func (m *Module) loadCodes(ctx context.Context, s *supplier.Supplier, k gis.Kind) error {
	for _, list := range listsOf(s, k) {
		owner := listOwner(s.ID, list)
		due, err := m.listDue(ctx, owner, list)
		if err != nil {
			return err
		}
		if !due {
			continue
		}
		refs, failed := m.Client.List(ctx, s.GIS.Org, list)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := m.keepList(ctx, owner, list, refs, failed); err != nil {
			return err
		}
	}
	return nil
}

// listDue tells whether a list has to be asked for.
func (m *Module) listDue(ctx context.Context, owner int64, list int) (due bool, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		due = true
		rows, err := tx.QueryContext(ctx, "SELECT code, recorded_at FROM gis_code WHERE supplier_id = $1 AND list_no = $2 AND name = ''", owner, list)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var code string
			var at calendar.Micros
			if err := rows.Scan(&code, &at); err != nil {
				return err
			}
			hold := codesHold
			if code == listFailed {
				hold = codesAgain
			}
			due = m.Now() >= at+hold
		}
		return rows.Err()
	})
	return due, err
}

// keepList writes a list in place of the one before; of one that failed only that it was asked for.
func (m *Module) keepList(ctx context.Context, owner int64, list int, refs map[string]gis.Ref, failed error) error {
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		add := func(name, code, guid string) error {
			_, err := tx.ExecContext(ctx, `INSERT INTO gis_code (supplier_id, list_no, name, code, guid, recorded_at) VALUES ($1, $2, $3, $4, $5, $6)
				ON CONFLICT (supplier_id, list_no, name) DO UPDATE SET code = excluded.code, guid = excluded.guid, recorded_at = excluded.recorded_at`, owner, list, name, code, guid, int64(m.Now()))
			return err
		}
		if failed != nil {
			return add("", listFailed, "")
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM gis_code WHERE supplier_id = $1 AND list_no = $2", owner, list); err != nil {
			return err
		}
		for name, r := range refs {
			if err := add(name, r.Code, r.GUID); err != nil {
				return err
			}
		}
		if err := add("", "", ""); err != nil {
			return err
		}
		return wakeNamed(ctx, tx, list)
	})
}

// wakeNamed lets those try at once who waited for an entry of a list.
func wakeNamed(ctx context.Context, tx *db.Tx, list int) error {
	_, err := tx.ExecContext(ctx, "UPDATE gis_object SET next_at = 0 WHERE state = 'waiting' AND class = '' AND reason LIKE $1", fmt.Sprintf("В справочнике № %d %%", list))
	return err
}

// dropCodes forgets when the lists of a kind were read: an entry of them holds no more.
func dropCodes(ctx context.Context, tx *db.Tx, o *object) error {
	_, err := tx.ExecContext(ctx, "UPDATE gis_code SET recorded_at = 0 WHERE name = '' AND supplier_id IN (0, $1)", o.Supplier)
	return err
}
