package device

import (
	"context"
	"fmt"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
)

// MessageRow is a message in a list.
type MessageRow struct {
	ID     int64           `json:"id"`
	At     calendar.Micros `json:"-"`
	Came   string          `json:"at"`
	Door   string          `json:"door"`
	Topic  string          `json:"topic,omitempty"`
	Device string          `json:"device,omitempty"`
	State  State           `json:"state"`
	Reason string          `json:"reason,omitempty"`
	Body   string          `json:"body"`
}

// Replayed is what came of messages that were looked into again.
type Replayed struct {
	Messages int `json:"messages"`
	Read     int `json:"read"`
	Still    int `json:"still"` // not read this time either
}

const messageColumns = `m.message_id, m.received_at, m.door, m.topic, coalesce((SELECT d.outside_id FROM device d WHERE d.device_id = m.device_id), ''), m.state, m.reason, m.body`

// Unread gives the latest messages that could not be read or are of strangers.
func (m *Module) Unread(ctx context.Context, actor access.Actor, limit int) ([]MessageRow, error) {
	return m.messages(ctx, actor, "m.state IN ('unreadable', 'stranger') ORDER BY m.message_id DESC LIMIT $1", limit)
}

// MessagesOf gives the latest messages of a device.
func (m *Module) MessagesOf(ctx context.Context, actor access.Actor, d *Device, limit int) ([]MessageRow, error) {
	return m.messages(ctx, actor, "m.device_id = $1 OR m.login_id = $1 ORDER BY m.message_id DESC LIMIT $2", d.ID, limit)
}

func (m *Module) messages(ctx context.Context, actor access.Actor, where string, args ...any) (list []MessageRow, err error) {
	if err := actor.Require("device", "read"); err != nil {
		return nil, err
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list = []MessageRow{}
		rows, err := tx.QueryContext(ctx, "SELECT "+messageColumns+" FROM device_message m WHERE "+where, args...)
		if err != nil {
			return fmt.Errorf("messages of devices: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var x MessageRow
			var body []byte
			if err := rows.Scan(&x.ID, &x.At, &x.Door, &x.Topic, &x.Device, &x.State, &x.Reason, &body); err != nil {
				return err
			}
			x.Body, x.Came = string(body), moment(x.At)
			list = append(list, x)
		}
		return rows.Err()
	})
	return list, err
}

// verdict tells what became of a message.
func (m *Module) verdict(ctx context.Context, id int64) (state State, reason string, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		return db.Fold(tx.QueryRowContext(ctx, "SELECT state, reason FROM device_message WHERE message_id = $1", id).Scan(&state, &reason))
	})
	return state, reason, err
}

// Replay looks again into messages that could not be read and those of devices nobody knew.
func (m *Module) Replay(ctx context.Context, actor access.Actor) (r Replayed, err error) {
	if err := actor.Require("device", "manage"); err != nil {
		return r, err
	}
	var last int64
	err = m.write(ctx, func(tx *db.Tx) error {
		res, err := tx.ExecContext(ctx, "UPDATE device_message SET state = 'waiting', reason = '' WHERE state IN ('unreadable', 'stranger')")
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		r.Messages = int(n)
		if err == nil {
			err = tx.QueryRowContext(ctx, "SELECT coalesce(max(message_id), 0) FROM device_message").Scan(&last)
		}
		return err
	})
	if err == nil {
		_, err = m.Catch(ctx)
	}
	if err != nil {
		return r, err
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT count(*) FROM device_message WHERE state IN ('unreadable', 'stranger') AND message_id <= $1", last).Scan(&r.Still)
	})
	r.Read = max(0, r.Messages-r.Still)
	return r, err
}
