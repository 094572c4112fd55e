package handover

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"kvit/internal/account"
	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/supplier"
)

// Correction is what a supplier told the former centre of a month before the house went: its charged figures go to the account
// where it is now. What was paid stays as both centres agreed. Sums are kopecks.
type Correction struct {
	INN      string          `json:"inn"` // of the supplier
	Supplier string          `json:"supplier"`
	Number   string          `json:"number"`
	Month    calendar.Month  `json:"month"`
	Service  string          `json:"service"`
	File     string          `json:"file"` // and Row: where he told it
	Row      int64           `json:"row"`
	Opening  money.Amount    `json:"opening"`
	Charge   money.Amount    `json:"charge"`
	Recalc   money.Amount    `json:"recalc"`
	Penalty  money.Amount    `json:"penalty"`
	Volume   decimal.Decimal `json:"volume"`
	Rate     decimal.Decimal `json:"rate"`
	Given    charge.Given    `json:"given"`
}

// line is what the correction says was charged.
func (c *Correction) line() *charge.Line {
	return &charge.Line{Opening: c.Opening, Charge: c.Charge, Recalc: c.Recalc, Penalty: c.Penalty, Volume: c.Volume, Rate: c.Rate, Given: c.Given}
}

// Told is a row of a supplier's file about an account that left, of a month before. FileID and Pos tell it from others.
type Told struct {
	Building, Account, FileID, Pos int64
	Correction
}

// KeepCorrections keeps rows about accounts that left for the centres that have them; kept before, they stay as they were.
func (m *Module) KeepCorrections(ctx context.Context, tx *db.Tx, list []Told) error {
	now := m.Now()
	for i := range list {
		t := &list[i]
		c := t.Correction
		c.INN, c.Supplier, c.Number = "", "", "" // the account says whose it is, when it is told
		body, err := json.Marshal(&c)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO handover_correction (building_id, account_id, file_id, row_no, month, service, number, file_name, body, message_no, recorded_at)
			SELECT v.building_id, v.account_id, CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS BIGINT), CAST($6 AS TEXT), v.number, CAST($7 AS TEXT), CAST($8 AS TEXT), 0, CAST($9 AS BIGINT) FROM v_handover_left v WHERE v.building_id = $1 AND v.account_id = $2 ON CONFLICT DO NOTHING`,
			t.Building, t.Account, t.FileID, t.Pos, int64(t.Month), t.Service, t.File, string(body), int64(now))
		if err != nil {
			return fmt.Errorf("keep a correction of account %d: %w", t.Account, err)
		}
	}
	return nil
}

// tellCorrections writes one message about the corrections no message tells of.
func (m *Module) tellCorrections(ctx context.Context, tx *db.Tx, h *Handover) error {
	rows, err := tx.QueryContext(ctx, "SELECT account_id, body FROM handover_correction WHERE number = $1 AND message_no = 0 ORDER BY recorded_at, account_id, file_id, row_no, month, service LIMIT $2", h.Number, int64(lateMax))
	if err != nil {
		return err
	}
	defer rows.Close()
	var items []Correction
	var of []int64
	for rows.Next() {
		var id int64
		var body string
		if err := rows.Scan(&id, &body); err != nil {
			return err
		}
		var c Correction
		if err := json.Unmarshal([]byte(body), &c); err != nil {
			return err
		}
		items, of = append(items, c), append(of, id)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil || len(items) == 0 {
		return err
	}
	if err := m.nameCorrections(ctx, tx, h, items, of); err != nil {
		return err
	}
	if err := m.sayJSON(ctx, tx, h, kindCorrections, items); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE handover_correction SET message_no = (SELECT max(number) FROM handover_message WHERE handover_id = $2 AND direction = $3)
		WHERE number = $1 AND message_no = 0 AND (account_id, file_id, row_no, month, service) IN (SELECT account_id, file_id, row_no, month, service FROM handover_correction
			WHERE number = $1 AND message_no = 0 ORDER BY recorded_at, account_id, file_id, row_no, month, service LIMIT $4)`, h.Number, h.ID, sent, int64(lateMax))
	return err
}

// nameCorrections gives corrections the names both centres call their accounts by.
func (m *Module) nameCorrections(ctx context.Context, tx *db.Tx, h *Handover, items []Correction, of []int64) error {
	gone := account.GoneBuilding(h.Number)
	n, err := namesOf(ctx, tx, gone)
	if err != nil {
		return err
	}
	live, err := account.ListLive(ctx, tx, gone, forever)
	if err != nil {
		return err
	}
	supplierOf := map[int64]int64{}
	for i := range live {
		supplierOf[live[i].AccountID] = live[i].SupplierID
	}
	for i := range items {
		s := n.suppliers[supplierOf[of[i]]]
		items[i].INN, items[i].Supplier, items[i].Number = s.INN, s.Code, n.accounts[of[i]]
	}
	return nil
}

// takeCorrections takes what suppliers told the former centre of months before the house came: the charged figures of the last of
// them change, once. Of an account that has gone on to a third centre they go on too.
func (m *Module) takeCorrections(ctx context.Context, tx *db.Tx, h *Handover, body []byte) error {
	var items []Correction
	if err := json.Unmarshal(body, &items); err != nil {
		return fault.New(fault.Invalid, "handover.corrections", "Список исправлений не читается.").Because(err)
	}
	if h.Side != In || h.State != Completed {
		return fault.New(fault.Conflict, "handover.early", "Дом ещё не принят: исправления примем сразу после него.")
	}
	all, err := supplier.List(ctx, tx)
	if err != nil {
		return err
	}
	names, err := supplier.ListServiceNames(ctx, tx)
	if err != nil {
		return err
	}
	changed := 0
	for i := range items {
		done, err := m.takeCorrection(ctx, tx, &taking{h, all, names, int64(i)}, &items[i])
		if err != nil {
			return fmt.Errorf("correction of %s: %w", items[i].Number, err)
		}
		if done {
			changed++
		}
	}
	return audit.Record(ctx, tx, m.Now(), "centre:"+h.Peer, "handover.corrected", "handover:"+h.ID, map[string]int{"told": len(items), "changed": changed})
}

// taking is a list of corrections being taken.
type taking struct {
	h         *Handover
	suppliers []supplier.Supplier
	services  map[int64]string
	pos       int64 // of the correction in its message
}

// takeCorrection changes the line a correction is of; false when it changes nothing here.
func (m *Module) takeCorrection(ctx context.Context, tx *db.Tx, x *taking, c *Correction) (bool, error) {
	s := findSupplier(x.suppliers, c.INN, c.Supplier)
	if s == nil {
		return false, nil // the package would not have been accepted: it is no supplier of the house any more
	}
	r, err := account.FindRoute(ctx, tx, s.ID, c.Number)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if account.IsGone(r.BuildingID) {
		return false, m.KeepCorrections(ctx, tx, []Told{{Building: r.BuildingID, Account: r.AccountID, FileID: int64(m.Now()), Pos: x.pos, Correction: *c}})
	}
	var until calendar.Month
	err = tx.QueryRowContext(ctx, "SELECT coalesce(max(last_month), 0) FROM handover_account WHERE account_id = $1 AND number = $2", r.AccountID, x.h.Number).Scan(&until)
	if err != nil || c.Month != until {
		return false, err
	}
	lines, err := charge.ListMonth(ctx, tx, r.BuildingID, []int64{r.AccountID}, c.Month, forever)
	if err != nil {
		return false, err
	}
	for i := range lines {
		if x.services[lines[i].ServiceID] != c.Service {
			continue
		}
		line, changed := lines[i].CorrectedBy(c.line())
		if line.RecordedAt = max(m.Now(), line.RecordedAt+1); !changed {
			return false, nil
		}
		return true, charge.Write(ctx, tx, []charge.Line{line})
	}
	return false, nil
}
