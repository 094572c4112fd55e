package device

import (
	"context"
	"errors"
	"strings"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/device/profile"
	"kvit/internal/fault"
)

// Bounds of a round and of a device's clock: it may be ahead by minutes, a message may come months late; a clock that says
// more has not been set.
const (
	roundMax   = 500
	aheadMax   = 10 * time.Minute
	behindMax  = 400 * 24 * time.Hour
	sweepPause = 5 * time.Second // messages kept by another server, or left by a crash
)

// Work looks into messages as they come, until the context ends.
func (m *Module) Work(ctx context.Context) {
	for {
		if _, err := m.Catch(ctx); err != nil && ctx.Err() == nil {
			m.Log.Error("messages of devices are not looked into", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-m.stirred:
		case <-time.After(sweepPause):
		}
	}
}

// Catch looks into everything that is waiting and gives readings of it. It tells how many messages there were.
func (m *Module) Catch(ctx context.Context) (messages int, err error) {
	m.catching.Lock()
	defer m.catching.Unlock()
	for {
		n, err := m.round(ctx)
		messages += n
		if err == nil {
			err = m.give(ctx)
		}
		if err != nil || n < roundMax {
			return messages, err
		}
	}
}

// message is one that is looked into.
type message struct {
	id       int64
	at       calendar.Micros
	login    int64
	topic    string
	body     []byte
	state    State
	reason   string
	device   *Device
	report   *profile.Report
	measured calendar.Micros
}

// round looks into the oldest messages that wait. Servers do it one after another.
func (m *Module) round(ctx context.Context) (n int, err error) {
	err = m.write(ctx, func(tx *db.Tx) error {
		if _, err := tx.ExecContext(ctx, "UPDATE device_round SET rounds = rounds + 1 WHERE round_id = 1"); err != nil {
			return err
		}
		list, err := listWaiting(ctx, tx)
		if n = len(list); err != nil || n == 0 {
			return errors.Join(err, errNothing)
		}
		k := &knowing{m: m, ctx: ctx, tx: tx, devices: map[any]*Device{}}
		if k.profiles, err = m.inForce(ctx, tx); err != nil {
			return err
		}
		for i := range list {
			if err := k.understand(&list[i]); err != nil {
				return err
			}
		}
		return k.write(list)
	})
	if errors.Is(err, errNothing) {
		return 0, nil
	}
	return n, err
}

// errNothing takes back a round that found nothing.
var errNothing = errors.New("no messages wait")

func listWaiting(ctx context.Context, tx *db.Tx) (list []message, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT message_id, received_at, login_id, topic, body FROM device_message WHERE state = 'waiting' ORDER BY message_id LIMIT $1", roundMax)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var x message
		if err := rows.Scan(&x.id, &x.at, &x.login, &x.topic, &x.body); err != nil {
			return nil, err
		}
		list = append(list, x)
	}
	return list, rows.Err()
}

// knowing is what a round goes by.
type knowing struct {
	m        *Module
	ctx      context.Context
	tx       *db.Tx
	profiles []*profile.Profile
	devices  map[any]*Device // by id and by outside id; nil is not there
	figures  []figureRow
}

// device finds a device once a round.
func (k *knowing) device(where string, key any) (*Device, error) {
	if d, seen := k.devices[key]; seen {
		return d, nil
	}
	d, err := find(k.ctx, k.tx, where, key)
	switch {
	case fault.Is(err, fault.NotFound):
		k.devices[key] = nil
		return nil, nil
	case err != nil:
		return nil, err
	}
	if same := k.devices[d.ID]; same != nil {
		k.devices[key] = same
		return same, nil
	}
	k.devices[d.ID], k.devices[d.OutsideID] = &d, &d
	return &d, nil
}

// understand decides what a message is; an error is the database's.
func (k *knowing) understand(x *message) error {
	login, err := k.device("device_id = $1", x.login)
	if err != nil {
		return err
	}
	if login == nil {
		x.state, x.reason = Stranger, "Прибор или шлюз, приславший сообщение, удалён"
		return nil
	}
	p := profile.Find(k.profiles, login.Profile)
	if p == nil || p.Message == nil {
		x.state, x.reason = Unreadable, "Профиля сообщений "+login.Profile+" нет"
		return nil
	}
	named := ""
	report, err := p.Read(input(x), func(outside string) *profile.Profile {
		named = outside
		return k.payload(login, outside)
	})
	if err != nil {
		return k.unread(x, login, named, err)
	}
	x.report = report
	return k.recognise(x, login)
}

func input(x *message) profile.Input {
	in := profile.Input{Body: x.body}
	if event, ok := strings.CutPrefix(x.topic, "event="); ok {
		in.Event = event
	} else {
		in.Topic = x.topic
	}
	return in
}

// payload is the profile of a device's payload; nil when its messages are read whole, or nobody knows it.
func (k *knowing) payload(login *Device, outside string) *profile.Profile {
	d := login
	if login.Gateway {
		d, _ = k.device("outside_id = $1", outside) // a fault is met again when the device is recognised
	}
	if d == nil || d.Payload == "" {
		return nil
	}
	return profile.Find(k.profiles, d.Payload)
}

// unread keeps why a message cannot be read, with the device it is of where that is known. A device lives even so.
func (k *knowing) unread(x *message, login *Device, named string, err error) error {
	f := fault.As(err)
	if f.Kind == fault.Internal {
		return err
	}
	x.state, x.reason = Unreadable, strings.TrimSuffix(f.Message, ".")
	if !login.Gateway {
		x.device = login
		return nil
	}
	d, err := k.device("outside_id = $1", named)
	if d != nil && login.brings(d) {
		x.device = d
	}
	return err
}

// brings tells whether a gateway may bring messages of a device: the centre's of any, a supplier's of his own.
func (d *Device) brings(of *Device) bool {
	return d.Gateway && !of.Gateway && (d.SupplierID == 0 || d.SupplierID == of.SupplierID)
}

// recognise finds whose report it is, and whether this sender may bring it.
func (k *knowing) recognise(x *message, login *Device) (err error) {
	outside := x.report.Device
	switch {
	case !login.Gateway && (outside == "" || outside == login.OutsideID):
		x.device = login
	case !login.Gateway:
		x.state, x.reason = Stranger, "Сообщение о приборе "+outside+", а прислал его "+login.OutsideID
		return nil
	default:
		if x.device, err = k.device("outside_id = $1", outside); err != nil {
			return err
		}
	}
	if d := x.device; d == nil || d.Gateway || login.Gateway && !login.brings(d) {
		x.device, x.state, x.reason = nil, Stranger, "Прибора "+outside+" нет в списке: заведите его и повторите сообщения"
		return nil
	}
	x.state = Alive
	if len(x.report.Figures) > 0 {
		x.state = Read
	}
	x.measured = x.moment()
	for i := range x.report.Figures {
		k.figures = append(k.figures, figureRow{message: x, figure: &x.report.Figures[i]})
	}
	return nil
}

// moment is when the figures were measured. A clock that was not set, or runs far ahead, tells nothing: then it is when
// they came.
func (x *message) moment() calendar.Micros {
	told := x.report.Time
	came := x.at.Time()
	if told.IsZero() || told.After(came.Add(aheadMax)) || told.Before(came.Add(-behindMax)) {
		return x.at
	}
	return min(calendar.MicrosOf(told), x.at)
}
