package status

import (
	"context"
	"fmt"
	"strings"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Message is what the centre tells on the first page from one moment until another.
type Message struct {
	ID          int64
	Title, Text string
	From, Until calendar.Micros
	Actor       string
}

// Say puts a message on the first page. Invalid names the field.
func (m *Module) Say(ctx context.Context, x Message) (int64, error) {
	if err := checkText(x.Title, titleMax, "title"); err != nil {
		return 0, err
	}
	if err := checkText(x.Text, textMax, "text"); err != nil {
		return 0, err
	}
	now := m.Now()
	if x.Until <= x.From || x.Until <= now {
		return 0, fault.New(fault.Invalid, "status.until", "Укажите, до какого времени показывать: оно должно быть впереди и позже начала.").WithField("until")
	}
	id, err := m.DB.NextIDs(ctx, 1)
	if err != nil {
		return 0, err
	}
	return id, m.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO status_message (message_id, title, text, from_at, until_at, actor, recorded_at, withdrawn_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0)",
			id, strings.TrimSpace(x.Title), strings.TrimSpace(x.Text), int64(x.From), int64(x.Until), x.Actor, int64(now))
		if err != nil {
			return fmt.Errorf("say a message: %w", err)
		}
		return audit.Record(ctx, tx, now, x.Actor, "status.said", fmt.Sprintf("message:%d", id), map[string]any{"title": x.Title, "text": x.Text, "from": x.From, "until": x.Until})
	})
}

// Withdraw takes a message off the first page; one taken off before stays so.
func (m *Module) Withdraw(ctx context.Context, id int64, actor string) error {
	now := m.Now()
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		done, err := tx.ExecContext(ctx, "UPDATE status_message SET withdrawn_at = $2 WHERE message_id = $1 AND withdrawn_at = 0", id, int64(now))
		if err != nil {
			return fmt.Errorf("withdraw a message: %w", err)
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return audit.Record(ctx, tx, now, actor, "status.unsaid", fmt.Sprintf("message:%d", id), nil)
	})
}

// ListMessages gives messages that stand: those told at the moment, with ahead also those that wait for theirs.
func (m *Module) ListMessages(ctx context.Context, ahead bool) (list []Message, err error) {
	now := m.Now()
	latest := now
	if ahead {
		latest = calendar.Micros(1<<62 - 1)
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, `SELECT message_id, title, text, from_at, until_at FROM status_message
			WHERE withdrawn_at = 0 AND until_at > $1 AND from_at <= $2 ORDER BY from_at, message_id`, int64(now), int64(latest))
		if err != nil {
			return fmt.Errorf("list messages of the service: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var x Message
			if err := rows.Scan(&x.ID, &x.Title, &x.Text, &x.From, &x.Until); err != nil {
				return err
			}
			list = append(list, x)
		}
		return rows.Err()
	})
	return list, err
}
