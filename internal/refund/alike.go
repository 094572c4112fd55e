package refund

import (
	"context"
	"fmt"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/payment"
)

// Verdicts about two equal payments.
const (
	Same      = "same"      // paid twice: the second goes back
	Different = "different" // both are meant
)

// Alike are two equal payments of one home within payment.AlikeDays.
type Alike struct{ First, Second payment.Order }

// ListAlike gives pairs of equal payments since a day that nobody has looked at, the latest first.
func (m *Module) ListAlike(ctx context.Context, since calendar.Date, limit int) (list []Alike, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list = nil
		pairs, err := payment.ListAlike(ctx, tx, since, limit)
		if err != nil {
			return err
		}
		for _, p := range pairs {
			var looked int
			err := tx.QueryRowContext(ctx, "SELECT count(*) FROM refund_alike WHERE first_id = $1 AND second_id = $2", p[0].PublicID, p[1].PublicID).Scan(&looked)
			if err != nil {
				return fmt.Errorf("verdict about equal payments: %w", err)
			}
			if looked == 0 {
				list = append(list, Alike{p[0], p[1]})
			}
		}
		return nil
	})
	return list, err
}

// Judge notes what two equal payments are. The same ones make a request to give the second back, in the centre's name.
func (m *Module) Judge(ctx context.Context, actor, first, second, verdict string) error {
	if verdict != Same && verdict != Different {
		return fault.New(fault.Invalid, "alike.verdict", "Решите: один платёж дважды или два разных.").WithField("verdict")
	}
	o, err := m.Payments.Find(ctx, second)
	if err != nil {
		return err
	}
	if _, err := m.Payments.Find(ctx, first); err != nil {
		return err
	}
	if verdict == Same {
		room, err := m.Room(ctx, second)
		if err != nil {
			return err
		}
		if room.All > 0 {
			ask := Request{PublicID: second, Kind: Doubled, Sum: room.All, Comment: "Такой же платёж по этому адресу: № " + first, Actor: actor}
			if _, err := m.Ask(ctx, "alike:"+first+":"+second, ask); err != nil {
				return err
			}
		}
	}
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO refund_alike (first_id, second_id, verdict, actor, decided_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (first_id, second_id) DO NOTHING",
			first, second, verdict, actor, int64(m.Now()))
		if err != nil {
			return fmt.Errorf("verdict about equal payments: %w", err)
		}
		return audit.Record(ctx, tx, m.Now(), actor, "payments.alike", "order:"+o.PublicID, map[string]string{"first": first, "verdict": verdict})
	})
}
