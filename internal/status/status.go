// Package status tells how the service does: its components as they were watched, 90 days of them, incidents in the
// centre's own words with the time of the next news, and messages on the first page.
//
// Owns: tables status_component, status_day, status_incident, status_news, status_message, status_subscriber. Does not own: how a
// component is examined – app does that and hands samples over –, how a letter travels (Write).
//
// Invariants: seconds nobody watched count as neither good nor bad, with one exception: while no server ran or
// none could write, pages stood still, and that is said; what was told of an incident is never changed, only added to.
package status

import (
	"context"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// State is how a component does.
type State string

// States, the worst last.
const (
	OK       State = "ok"
	Degraded State = "degraded"
	Stopped  State = "stopped"
)

// Components; an acquirer's begins with Payments and a hyphen, a way to people's with Messages and a hyphen.
const (
	Pages    = "pages"
	Database = "database"
	Intake   = "intake"
	Payments = "payments"
	GIS      = "gis"
	Messages = "messages"
)

// order is how components stand on the page.
var order = map[string]int{Pages: 0, Payments: 1, Intake: 2, Messages: 3, GIS: 4, Database: 5}

// worse gives the worse of two states.
func worse(a, b State) State {
	if rank[b] > rank[a] {
		return b
	}
	return a
}

var rank = map[State]int{OK: 0, Degraded: 1, Stopped: 2}

// Sample is how a component was found.
type Sample struct {
	Component string
	Title     string // for people
	State     State
	Note      string // what is wrong, in plain words; empty when nothing is
}

// Component is a part of the service with its last days, the oldest first.
type Component struct {
	Sample
	Since, SeenAt calendar.Micros
	Days          []Day
}

// Day is how many seconds of a day a component spent in each state.
type Day struct {
	Day                   calendar.Date
	OK, Degraded, Stopped int64
}

// Worst is the worst state of a day that lasted a minute; a day nobody watched has none.
func (d *Day) Worst() State {
	const least = 60
	switch {
	case d.Stopped >= least:
		return Stopped
	case d.Degraded >= least:
		return Degraded
	case d.OK+d.Degraded+d.Stopped > 0:
		return OK
	}
	return ""
}

// Days is how far back the page looks.
const Days = 90

// GoodShare is the part of the watched time a component was not stopped, in hundredths of a percent; -1 when it was
// never watched.
func (c *Component) GoodShare() int64 {
	var good, all int64
	for i := range c.Days {
		good += c.Days[i].OK + c.Days[i].Degraded
		all += c.Days[i].OK + c.Days[i].Degraded + c.Days[i].Stopped
	}
	if all == 0 {
		return -1
	}
	return good * 10000 / all
}

// Board is what the page shows.
type Board struct {
	State      State
	Components []Component
	Incidents  []Incident // that go on, the newest first
	Past       []Incident // that ended in the last Days
}

// Module holds the operations.
type Module struct {
	DB   *db.DB
	Now  func() calendar.Micros
	Zone *time.Location

	Secrets Secrets
	// Write orders a letter to a subscriber in the transaction it is about. Nil: there is no mail, and nobody may subscribe.
	Write func(ctx context.Context, tx *db.Tx, x Letter) error
}

// today is the day in the region's zone.
func (m *Module) today() calendar.Date { return dayOf(m.Now(), m.Zone) }

func dayOf(at calendar.Micros, zone *time.Location) calendar.Date {
	return calendar.DateOf(at.Time().In(zone))
}

// Board gives the components, the incidents and the whole. The whole is stopped when pages or the database are, or when
// the centre says so; anything else that is not in order makes it degraded.
func (m *Module) Board(ctx context.Context) (*Board, error) {
	b := &Board{State: OK}
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if b.Components, err = listComponents(ctx, tx, m.today()); err != nil {
			return err
		}
		b.Incidents, b.Past, err = m.listIncidents(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range b.Components {
		c := &b.Components[i]
		if c.State == Stopped && c.Component != Pages && c.Component != Database {
			b.State = worse(b.State, Degraded)
			continue
		}
		b.State = worse(b.State, c.State)
	}
	for i := range b.Incidents {
		b.State = worse(b.State, b.Incidents[i].State)
	}
	return b, nil
}
