package webhook

import (
	"context"
	"fmt"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/event/feed"
	"kvit/internal/fault"
)

// Delivery is a message as it was, or is being, delivered.
type Delivery struct {
	Position  int64           `json:"position"`
	State     string          `json:"state" enum:"waiting,delivered"`
	Attempts  int             `json:"attempts"`
	Status    int             `json:"status" doc:"HTTP status of the last answer, 0 when there was none"`
	Answer    string          `json:"answer" doc:"Beginning of the last answer, or why there was none"`
	NextAt    calendar.Micros `json:"-"`
	TriedAt   calendar.Micros `json:"-"`
	Message   feed.Message    `json:"message"`
	AccountID int64           `json:"-"`
}

// Deliveries gives the deliveries of an endpoint of the actor's supplier before a position (0: the latest), newest
// first.
func (m *Module) Deliveries(ctx context.Context, actor access.Actor, id, before int64, limit int) (list []Delivery, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		if _, err := m.find(ctx, tx, actor, id); err != nil {
			return err
		}
		list, err = listDeliveries(ctx, tx, actor.SupplierID, "d.endpoint_id = $1 AND ($2 = 0 OR d.position < $2) ORDER BY d.position DESC LIMIT $3", id, before, limit)
		return err
	})
	return list, err
}

// FindDelivery gives one delivery.
func (m *Module) FindDelivery(ctx context.Context, actor access.Actor, id, position int64) (d Delivery, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		if _, err := m.find(ctx, tx, actor, id); err != nil {
			return err
		}
		list, err := listDeliveries(ctx, tx, actor.SupplierID, "d.endpoint_id = $1 AND d.position = $2", id, position)
		if err == nil && len(list) == 0 {
			err = fault.New(fault.NotFound, "webhook.no_delivery", "Такой доставки нет.")
		}
		if err == nil {
			d = list[0]
		}
		return err
	})
	return d, err
}

func listDeliveries(ctx context.Context, tx *db.Tx, supplierID int64, where string, args ...any) ([]Delivery, error) {
	rows, err := tx.QueryContext(ctx, "SELECT d.position, d.account_id, d.state, d.attempts, d.status, d.answer, d.next_at, d.tried_at FROM webhook_delivery d WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("list deliveries: %w", err)
	}
	defer rows.Close()
	list, positions := []Delivery{}, []int64{}
	for rows.Next() {
		var d Delivery
		if err := rows.Scan(&d.Position, &d.AccountID, &d.State, &d.Attempts, &d.Status, &d.Answer, &d.NextAt, &d.TriedAt); err != nil {
			return nil, err
		}
		list, positions = append(list, d), append(positions, d.Position)
	}
	if err := rows.Err(); err != nil || len(list) == 0 {
		return list, err
	}
	messages, err := feed.ListAt(ctx, tx, supplierID, positions)
	if err != nil {
		return nil, err
	}
	byPosition := map[int64]feed.Message{}
	for i := range messages {
		byPosition[messages[i].Position] = messages[i]
	}
	for i := range list {
		list[i].Message = byPosition[list[i].Position]
	}
	return list, nil
}

// replayMax is how many messages one replay sends again.
const replayMax = 10_000

// Replay sends again what was told after one place of the feed up to another (0: up to now), also what came before the
// endpoint was made. Ids are those of the first time. It tells how many.
func (m *Module) Replay(ctx context.Context, actor access.Actor, id, after, until int64) (n int, err error) {
	err = m.change(ctx, actor, id, "webhook.replayed", func(tx *db.Tx, e *Endpoint) error {
		if until == 0 || until > e.position {
			until = e.position // what is after it is on its way already
		}
		if until-after > replayMax {
			return fault.Newf(fault.Invalid, "webhook.replay", "За один раз повторяется не больше %d событий. Возьмите срок короче.", replayMax)
		}
		if _, err := tx.ExecContext(ctx, "UPDATE webhook_delivery SET state = 'waiting', attempts = 0, next_at = 0 WHERE endpoint_id = $1 AND position > $2 AND position <= $3", id, after, until); err != nil {
			return err
		}
		n, err = addMissing(ctx, tx, e, after, until)
		return err
	})
	return n, err
}

// addMissing gives messages of a stretch that have no delivery theirs, and counts those of the stretch.
func addMissing(ctx context.Context, tx *db.Tx, e *Endpoint, after, until int64) (n int, err error) {
	if after >= until {
		return 0, nil
	}
	have := map[int64]bool{}
	err = tx.Scan(ctx, "SELECT position FROM webhook_delivery WHERE endpoint_id = $1 AND position > $2 AND position <= $3", []any{e.ID, after, until}, func(v []int64, _ []byte) error {
		have[v[0]] = true
		return nil
	})
	if err != nil {
		return 0, err
	}
	page, err := feed.Page(ctx, tx, e.supplier, after, int(until-after))
	if err != nil {
		return 0, err
	}
	var missing []feed.Message
	for i := range page {
		if have[page[i].Position] || !e.wants(page[i].Kind) {
			continue
		}
		missing = append(missing, page[i])
	}
	return len(have) + len(missing), insertDeliveries(ctx, tx, e.ID, missing)
}
