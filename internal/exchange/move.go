package exchange

import (
	"context"
	"fmt"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/housing"
	"kvit/internal/ledger"
	"kvit/internal/money"
	"kvit/internal/supplier"
)

// move is an account on its way to another house. Its steps can each be done again, and the route is switched last,
// so a crash at any moment leaves an account that is found and a move that finishes.
type move struct {
	id, account, supplier int64
	number                string
	from, to              int64
	recorded              calendar.Micros
}

// Move moves an account to the house of a code: what lived in A is closed there, its live facts are copied to B with
// moved_from, balances pass through a transfer account on each side. As of before the move A is read. Undo is a
// move back. It first finishes moves that a crash left open; an account that lives there already stays, so a move may
// be asked for again.
func (m *Module) Move(ctx context.Context, actor access.Actor, supplierCode, printed, house, reason string) error {
	unlock, err := m.lock() // an intake writes into the house it found an account in
	if err != nil {
		return err
	}
	defer unlock()
	if err := m.finishMoves(ctx); err != nil {
		return err
	}
	var route account.Route
	var to int64
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		s, err := supplier.Find(ctx, tx, supplierCode)
		if err != nil {
			return err
		}
		if route, err = account.FindPrinted(ctx, tx, s.ID, printed); err != nil {
			return err
		}
		b, err := housing.FindByCode(ctx, tx, house)
		to = b.ID
		return err
	})
	if err != nil || route.BuildingID == to {
		return err
	}
	return m.startMove(ctx, actor, route, to, reason)
}

func (m *Module) startMove(ctx context.Context, actor access.Actor, route account.Route, to int64, reason string) error {
	id, err := m.db.NextIDs(ctx, 1)
	if err != nil {
		return err
	}
	v := move{id: id, account: route.AccountID, supplier: route.SupplierID, number: route.Number, from: route.BuildingID, to: to, recorded: m.now()}
	err = m.db.Write(ctx, func(tx *db.Tx) error {
		var open int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM account_move WHERE account_id = $1 AND finished_at = 0", v.account).Scan(&open); err != nil {
			return err
		}
		if open > 0 {
			return fault.New(fault.Conflict, "move.open", "Этот счёт уже переносится. Подождите минуту.")
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO account_move (move_id, account_id, supplier_id, number, from_building_id, to_building_id, reason, actor, recorded_at, step, finished_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0)`, v.id, v.account, v.supplier, v.number, v.from, v.to, reason, actor.String(), int64(v.recorded))
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, m.now(), actor.String(), "account.moved", fmt.Sprintf("account:%d", v.account), map[string]any{"from": v.from, "to": v.to})
	})
	if err != nil {
		return err
	}
	return m.finishMove(ctx, &v)
}

func (m *Module) openMoves(ctx context.Context) (list []move, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, "SELECT move_id, account_id, supplier_id, number, from_building_id, to_building_id, recorded_at FROM account_move WHERE finished_at = 0 ORDER BY move_id")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var v move
			if err := rows.Scan(&v.id, &v.account, &v.supplier, &v.number, &v.from, &v.to, &v.recorded); err != nil {
				return err
			}
			list = append(list, v)
		}
		return rows.Err()
	})
	return list, err
}

// finishMoves finishes the moves that a crash left open; the caller holds the lock.
func (m *Module) finishMoves(ctx context.Context) error {
	open, err := m.openMoves(ctx)
	for i := 0; i < len(open) && err == nil; i++ {
		err = m.finishMove(ctx, &open[i])
	}
	return err
}

// finishMove does the steps that are not done: open in B, close in A, switch the route, match both houses anew, pass on what was
// paid meanwhile.
func (m *Module) finishMove(ctx context.Context, v *move) error {
	ids, err := m.db.NextIDs(ctx, 2)
	if err != nil {
		return err
	}
	for _, step := range []func(*db.Tx) error{
		func(tx *db.Tx) error { return m.openThere(ctx, tx, v, ids) },
		func(tx *db.Tx) error { return m.closeHere(ctx, tx, v, ids+1) },
		func(tx *db.Tx) error { return m.switchRoute(ctx, tx, v) },
	} {
		if err := m.db.WriteLocal(ctx, step); err != nil {
			return fmt.Errorf("move %d: %w", v.id, err)
		}
	}
	for _, building := range []int64{v.from, v.to} {
		if building > 0 {
			if err := m.regroupNow(ctx, building); err != nil {
				return err
			}
		}
	}
	err = m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE account_move SET step = 3, finished_at = $2 WHERE move_id = $1 AND finished_at = 0", v.id, int64(m.now()))
		return err
	})
	if err != nil {
		return err
	}
	return m.passRest(ctx, &move{account: v.account, supplier: v.supplier, from: v.from})
}

// openThere opens the account in B with copies of what is live in A.
func (m *Module) openThere(ctx context.Context, tx *db.Tx, v *move, txn int64) error {
	var there int
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM account WHERE building_id = $1 AND account_id = $2 AND opened_at = $3", v.to, v.account, int64(v.recorded)).Scan(&there); err != nil || there > 0 {
		return err
	}
	member, err := account.FindMember(ctx, tx, v.from, v.account, v.recorded)
	if err != nil {
		return err
	}
	claim := member.Claim
	claim.BuildingID, claim.RecordedAt = v.to, v.recorded
	if v.to > 0 {
		claim.Status = account.StatusPlaced
	}
	b := account.Batch{
		Accounts: []account.Account{{BuildingID: v.to, AccountID: v.account, SupplierID: v.supplier, Number: v.number, OpenedAt: v.recorded, MovedFrom: v.from}},
		Claims:   []account.Claim{claim},
	}
	if err := b.Write(ctx, tx); err != nil {
		return err
	}
	lines, err := charge.ListAccount(ctx, tx, v.from, v.account, v.recorded)
	if err != nil {
		return err
	}
	for i := range lines {
		lines[i].BuildingID, lines[i].RecordedAt = v.to, v.recorded
	}
	if err := charge.Write(ctx, tx, lines); err != nil {
		return err
	}
	if err := v.moveFacts(ctx, tx, v.to, opened); err != nil {
		return err
	}
	if err := m.passBalances(ctx, tx, v, txn); err != nil {
		return err
	}
	return v.tellMoved(ctx, tx)
}

// passBalances posts the account's balances of A into B.
func (m *Module) passBalances(ctx context.Context, tx *db.Tx, v *move, txn int64) error {
	balances, err := ledger.ListBalances(ctx, tx, v.from, v.account)
	if err != nil || len(balances) == 0 {
		return err
	}
	t := v.posting(v.to, txn)
	var total money.Amount
	for _, b := range balances {
		total += b.Amount
		t.Entries = append(t.Entries, ledger.Entry{Name: b.Name, AccountID: b.AccountID, SupplierID: v.supplier, ServiceID: b.ServiceID, Amount: b.Amount})
	}
	t.Entries = append(t.Entries, ledger.Entry{Name: ledger.Transfer(v.id), Amount: -total})
	_, err = ledger.Post(ctx, tx, &t)
	return err
}

func (v *move) posting(building, txn int64) ledger.Transaction {
	return ledger.Transaction{ID: txn, BuildingID: building, Key: fmt.Sprintf("move:%d", v.id), Kind: "move", EffectiveOn: calendar.DateOf(v.recorded.Time().In(moscow)), RecordedAt: v.recorded, Reason: "move of account"}
}

// closeHere closes the account in A and takes its balances out.
func (m *Module) closeHere(ctx context.Context, tx *db.Tx, v *move, txn int64) error {
	res, err := tx.ExecContext(ctx, "UPDATE account SET closed_at = $3 WHERE building_id = $1 AND account_id = $2 AND closed_at = 0", v.from, v.account, int64(v.recorded))
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	b := account.Batch{Links: []account.Link{{BuildingID: v.from, AccountID: v.account, RecordedAt: v.recorded, Rule: "moved"}}}
	if err := b.Write(ctx, tx); err != nil {
		return err
	}
	if err := v.moveFacts(ctx, tx, v.from, ended); err != nil {
		return err
	}
	mirror, err := ledger.ListEntries(ctx, tx, v.to, v.posting(v.to, 0).Key)
	if err != nil || len(mirror) == 0 {
		return err
	}
	t := v.posting(v.from, txn)
	for _, e := range mirror { // exactly what was opened in B, whatever was paid meanwhile
		e.Amount = -e.Amount
		t.Entries = append(t.Entries, e)
	}
	_, err = ledger.Post(ctx, tx, &t)
	return err
}

func (m *Module) switchRoute(ctx context.Context, tx *db.Tx, v *move) error {
	_, err := tx.ExecContext(ctx, "UPDATE account_route SET building_id = $3 WHERE supplier_id = $1 AND number = $2", v.supplier, v.number, v.to)
	return err
}
