package fiscal

import (
	"context"
	"fmt"
	"strings"
	"time"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"

	"github.com/google/uuid"
)

// Filter narrows a list of receipts.
type Filter struct {
	State string // '' is any; «open» is not printed yet
	Late  bool
	Limit int // 0: listMax
}

// listMax bounds a list.
const listMax = 1000

// List gives receipts, those with troubles first, then the newest.
func (m *Module) List(ctx context.Context, f Filter) (list []Receipt, err error) {
	where, args := []string{"1 = 1"}, []any{}
	switch {
	case f.State == "open":
		where = append(where, "state NOT IN ('done', 'replaced')")
	case f.State != "":
		args = append(args, f.State)
		where = append(where, "state = $1")
	}
	if f.Late {
		args = append(args, int64(m.lateLine()))
		where = append(where, fmt.Sprintf("state NOT IN ('done', 'replaced') AND made_at < $%d", len(args)))
	}
	limit := f.Limit
	if limit <= 0 || limit > listMax {
		limit = listMax
	}
	args = append(args, int64(limit))
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = listReceipts(ctx, tx, "WHERE "+strings.Join(where, " AND ")+fmt.Sprintf(" ORDER BY CASE state WHEN 'refused' THEN 0 WHEN 'done' THEN 2 WHEN 'replaced' THEN 2 ELSE 1 END, receipt_id DESC LIMIT $%d", len(args)), args...)
		return err
	})
	m.tell(list)
	return list, err
}

// Show gives a receipt with its lines.
func (m *Module) Show(ctx context.Context, id int64) (r Receipt, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		r, err = findReceipt(ctx, tx, id)
		return err
	})
	one := []Receipt{r}
	m.tell(one)
	return one[0], err
}

// OfPayment gives the receipts of a payment, oldest first, with their lines.
func (m *Module) OfPayment(ctx context.Context, publicID string) (list []Receipt, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = listReceipts(ctx, tx, "WHERE order_id = (SELECT order_id FROM payment_order WHERE public_id = $1) AND state <> 'replaced' ORDER BY receipt_id", publicID)
		for i := range list {
			if err == nil {
				list[i].Lines, err = listLines(ctx, tx, list[i].ID)
			}
		}
		return err
	})
	m.tell(list)
	return list, err
}

// Why gives the reason a payment has no receipt: it needs none, or it is not made yet; empty when there is one.
func (m *Module) Why(ctx context.Context, publicID string) (reason string, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		return db.Fold(tx.QueryRowContext(ctx, "SELECT s.reason FROM fiscal_source s JOIN payment_order o ON s.source_key = 'pay:' || o.order_id WHERE o.public_id = $1 AND s.receipt_id = 0", publicID).Scan(&reason))
	})
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	return reason, err
}

// lateLine is the moment before which a receipt should be printed by now.
func (m *Module) lateLine() calendar.Micros {
	return m.Now() - calendar.Micros(lateAfter/time.Microsecond)
}

// tell fills what is shown and not kept.
func (m *Module) tell(list []Receipt) {
	for i := range list {
		r := &list[i]
		r.Day, r.QR = r.SettledOn.String(), r.qr()
		r.Late = !r.settled() && r.MadeAt < m.lateLine()
		r.Advice = r.advice()
	}
}

// advice is what a person does about a receipt that is not printed.
func (r *Receipt) advice() string {
	switch {
	case r.State == StateDone || r.State == StateReplaced || r.Trouble == "":
		return ""
	case r.TroubleCode == "format":
		return "Исправьте данные поставщика или правила чеков и отправьте ещё раз."
	case r.TroubleCode == "foreign":
		return "Сверьте чек в личном кабинете кассы. Деньги не тронуты."
	case r.TroubleCode == "cashbox.access":
		return "Проверьте логин и пароль кассы."
	case strings.Contains(strings.ToLower(r.Trouble), "накопител") || strings.Contains(strings.ToLower(r.Trouble), "архив фн"):
		return "Замените фискальный накопитель. Чеки уйдут сами."
	case r.State == StateRefused && strings.HasPrefix(r.TroubleCode, "driver"):
		return "Устраните неисправность кассы и отправьте ещё раз."
	case r.State == StateRefused:
		return "Исправьте причину и отправьте ещё раз."
	}
	return "Ничего не нужно: спросим кассу ещё раз."
}

// count tells how many receipts are open and how many of them late.
func (m *Module) count(ctx context.Context, d *Done) error {
	return m.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT count(*), coalesce(sum(CASE WHEN made_at < $1 THEN 1 ELSE 0 END), 0) FROM fiscal_receipt WHERE state NOT IN ('done', 'replaced')", int64(m.lateLine())).Scan(&d.Open, &d.Late)
	})
}

// Counts tells how many receipts wait for a person and how many are late.
func (m *Module) Counts(ctx context.Context) (refused, late int, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT coalesce(sum(CASE WHEN state = 'refused' THEN 1 ELSE 0 END), 0), coalesce(sum(CASE WHEN made_at < $1 THEN 1 ELSE 0 END), 0)
			FROM fiscal_receipt WHERE state NOT IN ('done', 'replaced')`, int64(m.lateLine())).Scan(&refused, &late)
	})
	return refused, late, err
}

// Retry sends a refused receipt again, with what is known of its suppliers and rules now, under a new id: the old one is
// spent at the register. One that is under way is only asked about at once. A printed one is a Conflict.
func (m *Module) Retry(ctx context.Context, actor string, id int64) error {
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		r, err := findReceipt(ctx, tx, id)
		if err != nil {
			return err
		}
		if r.settled() {
			return fault.Newf(fault.Conflict, "receipt.settled", "Чек № %d уже напечатан. Второй раз его не печатают.", id)
		}
		external := r.ExternalID
		if r.State == StateRefused {
			r.State, external = StateWaiting, uuid.Must(uuid.NewV7()).String()
			if err := m.refresh(ctx, tx, &r); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, "UPDATE fiscal_receipt SET state = $2, external_id = $3, next_at = $4, attempts = 0, trouble_code = '', trouble = '', changed_at = $4 WHERE receipt_id = $1 AND state = $5",
			id, r.State, external, int64(m.Now()), was(&r, external))
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, m.Now(), actor, "receipt.retried", fmt.Sprintf("receipt:%d", id), nil)
	})
}

// was is the state a receipt had before it was made to wait again.
func was(r *Receipt, external string) string {
	if external != r.ExternalID {
		return StateRefused
	}
	return r.State
}

// RetryAll sends all refused receipts again and tells how many.
func (m *Module) RetryAll(ctx context.Context, actor string) (n int, err error) {
	list, err := m.List(ctx, Filter{State: StateRefused})
	for i := range list {
		if err == nil {
			err = m.Retry(ctx, actor, list[i].ID)
			n++
		}
	}
	return n, err
}

// Mark says how far the receipts of a payment are.
type Mark int

// Marks of payments.
const (
	MarkNone  Mark = iota // there is no receipt
	MarkWaits             // some are not printed yet
	MarkDone
)

// Marks tells how far the receipts of orders are, by their ids; what was replaced is left out.
func (m *Module) Marks(ctx context.Context, orders []int64) (marks map[int64]Mark, err error) {
	marks = map[int64]Mark{}
	if len(orders) == 0 {
		return marks, nil
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		var args []any
		in := db.In("order_id", orders, &args)
		return tx.Scan(ctx, "SELECT order_id, CAST(sum(CASE WHEN state = 'done' THEN 0 ELSE 1 END) AS BIGINT) FROM fiscal_receipt WHERE "+in+" AND state <> 'replaced' GROUP BY order_id", args,
			func(v []int64, _ []byte) error {
				if marks[v[0]] = MarkDone; v[1] > 0 {
					marks[v[0]] = MarkWaits
				}
				return nil
			})
	})
	return marks, err
}
