package device

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/device/profile"
	"kvit/internal/fault"
)

// Doors by which messages come.
const (
	DoorMQTT = "mqtt"
	DoorHTTP = "http"
)

// Incoming is a message at the door.
type Incoming struct {
	Door  string
	Login *Login
	Topic string // of MQTT; of HTTP «?event=up»
	Body  []byte
}

// Messages are committed in groups: so many at once, and so many may wait for their turn.
const (
	groupMax = 500
	queueMax = 4096
)

// waiting is a message on its way to the disk.
type waiting struct {
	Incoming
	id   int64
	at   calendar.Micros
	done chan error
}

var errStopping = fault.New(fault.Unavailable, "device.stopping", "Сервер останавливается. Повторите сообщение через минуту.")

// Accept keeps messages and comes back once all of them are on the disk. Collect must be running.
func (m *Module) Accept(ctx context.Context, list ...Incoming) (ids []int64, err error) {
	all := make([]*waiting, 0, len(list))
	for _, in := range list {
		if len(in.Body) > profile.BodyMax {
			return nil, fault.Newf(fault.Invalid, "device.large", "Сообщение длиннее %d КБ.", profile.BodyMax>>10)
		}
		all = append(all, &waiting{Incoming: in, at: m.Now(), done: make(chan error, 1)})
	}
	for _, w := range all {
		select {
		case m.queue <- w:
		case <-m.ended:
			return nil, errStopping
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	for _, w := range all {
		select {
		case e := <-w.done:
			if err = e; err != nil {
				return nil, err
			}
			ids = append(ids, w.id)
		case <-m.ended:
			return nil, errStopping
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return ids, nil
}

// Collect commits what is waiting at the doors, group after group, until the context ends.
func (m *Module) Collect(ctx context.Context) {
	defer close(m.ended)
	for {
		var group []*waiting
		select {
		case <-ctx.Done():
			return
		case w := <-m.queue:
			group = append(group, w)
		}
		for len(group) < groupMax && len(m.queue) > 0 {
			group = append(group, <-m.queue)
		}
		err := m.keep(context.WithoutCancel(ctx), group)
		if err != nil {
			m.Log.Error("messages of devices are not kept", "messages", len(group), "error", err)
		}
		for _, w := range group {
			w.done <- err
		}
		m.stir()
	}
}

// stir lets somebody look into what came.
func (m *Module) stir() {
	select {
	case m.stirred <- struct{}{}:
	default: // somebody will anyway
	}
}

var messageTable = []db.Column{
	{Name: "message_id", Kind: db.Int8}, {Name: "received_at", Kind: db.Int8}, {Name: "door", Kind: db.Text}, {Name: "login_id", Kind: db.Int8}, {Name: "topic", Kind: db.Text},
	{Name: "body", Kind: db.Bytes}, {Name: "state", Kind: db.Text}, {Name: "reason", Kind: db.Text}, {Name: "device_id", Kind: db.Int8},
}

// keep writes a group in one transaction.
func (m *Module) keep(ctx context.Context, group []*waiting) error {
	first, err := m.DB.NextIDs(ctx, len(group))
	if err != nil {
		return err
	}
	b := db.NewBulk("device_message", messageTable...)
	for i, w := range group {
		w.id = first + int64(i)
		b.Int(w.id)
		b.Int(int64(w.at))
		b.Text(w.Door)
		b.Int(w.Login.ID)
		b.Text(w.Topic)
		b.Bytes(w.Body)
		b.Text(string(Waiting))
		b.Text("")
		b.Int(0)
	}
	if err := m.write(ctx, func(tx *db.Tx) error { return tx.Load(ctx, b) }); err != nil {
		return fmt.Errorf("keep messages: %w", err)
	}
	return nil
}
