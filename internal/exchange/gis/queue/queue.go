// Package queue tells ГИС ЖКХ what the centre posts for its suppliers: accounts, readings, payment documents, notices of
// payments.
//
// Owns: tables gis_object, gis_request, gis_alias, gis_code, gis_cursor; which objects there are, their order, retries,
// and the Excel templates filled with them. Does not own: the messages (exchange/gis), the facts themselves.
//
// Invariants: an object has one TransportGUID, stored before it is first sent and used again in every retry; a message
// whose receipt was lost is asked about before it is repeated, under the same GUIDs; objects of one entity go in their
// order, one at a time; nobody waits for this queue.
package queue

import (
	"context"
	"time"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/event/feed"
	"kvit/internal/exchange/gis"
)

// Deps are what the module needs.
type Deps struct {
	DB     *db.DB
	Bills  *bill.Module
	Feed   *feed.Module
	Client *gis.Client // nil: nothing is sent, files can be written
	Zone   *time.Location
	Now    func() calendar.Micros
}

// Module holds the operations.
type Module struct{ Deps }

// New makes the module.
func New(d Deps) *Module { return &Module{d} }

// States of an object.
const (
	stateWaiting = "waiting"
	stateSent    = "sent"
	stateDone    = "done"
	stateRefused = "refused"
)

// States of a message beyond those of ГИС ЖКХ.
const (
	requestMade    = 0 // whether it was taken is not known
	requestGivenUp = 4 // its objects wait again
)

// Aliases: identifiers of ГИС ЖКХ by our own keys.
const (
	aliasAccount     = "account"      // GUID by account id
	aliasUnified     = "unified"      // ЕЛС by account id
	aliasService     = "service"      // ИЖКУ by account id
	aliasDocument    = "document"     // ИПД by account id and month
	aliasMeter       = "meter"        // GUID by meter id
	aliasMeterNumber = "meter_number" // number by meter id
)

// today is the day in the region's zone.
func (m *Module) today() calendar.Date { return calendar.DateOf(m.Now().Time().In(m.Zone)) }

// since is the first day ГИС ЖКХ is told of: older facts are history of other systems.
func (m *Module) since() calendar.Date { return m.today().Month().Add(-1).First() }

// Backoff of what failed: it doubles up to an hour.
const (
	pauseFirst = 10 * time.Second
	pauseMax   = time.Hour
)

func backoff(attempts int) calendar.Micros {
	p := pauseMax
	if attempts < 9 {
		p = min(pauseMax, pauseFirst<<attempts)
	}
	return calendar.Micros(p / time.Microsecond)
}

// Send gathers what there is to tell and sends until nothing is ready; it gives how many objects were settled.
func (m *Module) Send(ctx context.Context) (settled int, err error) {
	if err := m.Gather(ctx); err != nil {
		return 0, err
	}
	return m.Round(ctx)
}
