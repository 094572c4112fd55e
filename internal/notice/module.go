package notice

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/person"
)

// Deps are what messages stand on.
type Deps struct {
	DB     *db.DB
	Access *access.Module
	People *person.Module
	Ways   Ways
	// Ask gives the figures of the moment a message is sent, and whether there is nothing to say any more.
	Ask func(ctx context.Context, q Question) (Answer, error)
	// CheckBrowser judges a browser's subscription and gives it in its plain form.
	CheckBrowser func(raw string) (string, error)
	// OwnID is the id a way knows a message by before it is sent; '' where it has none.
	OwnID func(c Channel, key string) string
	// Held tells whether messages wait because the data came back from a copy.
	Held  func(ctx context.Context) (bool, error)
	Phone string // of the centre, said in messages
	Zone  *time.Location
	Now   func() calendar.Micros
	Log   *slog.Logger
}

// Question is what a message asks at the moment it is sent.
type Question struct {
	Ask       string
	Person    int64
	Building  int64
	Household int64
	Words     map[string]string // of the order
}

// Answer is what it gets: the figures as words, and whether all is done already.
type Answer struct {
	Done  bool
	Words map[string]string
}

// Module holds the operations on messages.
type Module struct {
	Deps
	mu     sync.Mutex
	paused map[Channel]calendar.Micros // until when a way is left alone: it was away or busy
}

// New makes the module.
func New(d Deps) *Module {
	if d.OwnID == nil {
		d.OwnID = func(Channel, string) string { return "" }
	}
	return &Module{Deps: d, paused: map[Channel]calendar.Micros{}}
}
