// Package device is the door of meters that send their figures by themselves: the register of devices, the messages they
// send, and the readings these become.
//
// Owns: tables device, device_binding, device_message, device_figure, device_profile, device_round. Does not own: how
// messages are written (device/profile), brokers (device/broker), readings and their doubts (reading).
//
// Invariants: a message is kept, durably, before its sender hears that it was taken, and before anybody looks into it; it
// ends in one state with its reason; the same message again changes nothing; a figure and the reading it becomes are
// written together; of a day one figure becomes a reading, the earliest one, in whatever order they come; an odd one waits
// for a person; messages go after their term, what they told stays.
package device

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"sync"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/fault"
	"kvit/internal/reading"
)

// Deps are what the module works with.
type Deps struct {
	DB       *db.DB
	Readings *reading.Module
	Now      func() calendar.Micros
	Day      func(calendar.Micros) calendar.Date // in the region's zone
	Log      *slog.Logger
}

// Module holds the operations on devices.
type Module struct {
	Deps
	profiles profiles
	queue    chan *waiting
	stirred  chan struct{} // something is waiting to be looked into
	ended    chan struct{} // nobody keeps messages any more
	catching sync.Mutex
	tries    tries
}

// New makes the module.
func New(d Deps) *Module {
	return &Module{Deps: d, queue: make(chan *waiting, queueMax), stirred: make(chan struct{}, 1), ended: make(chan struct{})}
}

// Device is a device, or a gateway that brings messages of many.
type Device struct {
	ID         int64           `json:"-"`
	OutsideID  string          `json:"id"`
	Gateway    bool            `json:"gateway,omitempty"`
	Profile    string          `json:"profile"`
	Payload    string          `json:"payload,omitempty"`
	SupplierID int64           `json:"-"` // whose it is; 0 the centre's
	Owner      string          `json:"owner,omitempty"`
	Topic      string          `json:"topic,omitempty"`
	Name       string          `json:"name,omitempty"`
	Place      string          `json:"place,omitempty"`
	SilentDays int             `json:"silentDays,omitempty"`
	CreatedAt  calendar.Micros `json:"-"`
	LastAt     calendar.Micros `json:"-"`       // of the last message; Shown tells both
	Battery    int             `json:"battery"` // percent; -1 is not known
	BatteryLow bool            `json:"batteryLow,omitempty"`

	secret, code string // digests
}

// Binding says which register a channel counts. Channel "" is any that has no binding of its own.
type Binding struct {
	DeviceID   int64           `json:"-"`
	Channel    string          `json:"channel"`
	From       calendar.Date   `json:"from"`
	Until      calendar.Date   `json:"until,omitempty"` // the last day; 0 goes on
	SupplierID int64           `json:"-"`
	AccountID  int64           `json:"-"`
	Supplier   string          `json:"supplier"`
	Number     string          `json:"account"`
	House      string          `json:"house,omitempty"` // code of the house whose own meter it is, in place of an account
	Serial     string          `json:"meter"`
	Service    string          `json:"service"`
	Zone       string          `json:"zone,omitempty"`
	Unit       string          `json:"unit,omitempty"` // of the device, where its messages do not tell
	Measure    string          `json:"measure"`        // of the meter
	Scale      decimal.Decimal `json:"scale"`
	Offset     decimal.Decimal `json:"offset"`
	Actor      string          `json:"-"`
}

// State is what became of a message.
type State string

// States of messages.
const (
	Waiting    State = "waiting"
	Read       State = "read"       // its figures are kept
	Double     State = "double"     // all its figures were known
	Alive      State = "alive"      // no figures: a sign of life
	Unreadable State = "unreadable" // may be tried again with a better profile
	Stranger   State = "stranger"   // of a device nobody registered for this sender
)

// States of figures, beside those of readings.
const (
	figureNew     = "new"
	figureThinned = "thinned"
	FigureUnbound = "unbound" // nothing says which meter its channel counts
)

// digestOf is what is kept of a secret.
func digestOf(secret string) string {
	h := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(h[:])
}

func invalid(code, format string, args ...any) *fault.Error {
	return fault.Newf(fault.Invalid, code, format, args...)
}

var errUnknown = fault.New(fault.NotFound, "device.unknown", "Такого прибора нет.")

// write runs fn in a transaction of its own.
func (m *Module) write(ctx context.Context, fn func(tx *db.Tx) error) error {
	return m.DB.WriteLocal(ctx, fn)
}
