// Package queue tells ГИС ЖКХ what the centre posts for its suppliers: accounts, readings, payment documents, notices of
// payments.
//
// Owns: tables gis_object, gis_request, gis_identifier, gis_code, gis_cursor, gis_house; which objects there are, their order, retries,
// and the Excel templates filled with them. Does not own: the messages (exchange/gis), the facts themselves.
//
// Invariants: an object has one TransportGUID, stored before it is first sent and used again in every retry; a message
// whose receipt was lost is asked about before it is repeated, under the same GUIDs; objects of one entity go in their
// order, one at a time; what is there already is asked for and compared; nobody waits for this queue.
package queue

import (
	"context"
	"time"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/event/feed"
	"kvit/internal/exchange/gis"
	"kvit/internal/reading"
)

// Deps are what the module needs.
type Deps struct {
	DB       *db.DB
	Bills    *bill.Module
	Feed     *feed.Module
	Readings *reading.Module // takes those of filled templates
	Client   *gis.Client     // nil: nothing is sent, files can be written
	Zone     *time.Location
	Now      func() calendar.Micros
}

// Module holds the operations.
type Module struct{ Deps }

// New makes the module.
func New(d Deps) *Module { return &Module{d} }

// States of an object.
const (
	stateWaiting = "waiting"
	stateSent    = "sent"
	stateCompare = "compare" // it is there already: what is there has to be asked for
	stateDone    = "done"
	stateRefused = "refused"
)

// States of a message beyond those of ГИС ЖКХ.
const (
	requestMade    = 0 // whether it was taken is not known
	requestGivenUp = 4 // its objects wait again
)

// Purposes of a message.
const (
	purposeTell    = "tell"
	purposeCompare = "compare"
	purposeFetch   = "fetch" // identifiers of the house in batch
)

// Where an identifier was learnt from.
const (
	fromAnswer = "answer"
	fromExport = "export"
	fromFile   = "file"
)

// Aliases: identifiers of ГИС ЖКХ by our own keys.
const (
	aliasAccount      = "account"       // GUID by account id
	aliasUnified      = "unified"       // ЕЛС by account id
	aliasService      = "service"       // ИЖКУ by account id
	aliasPremises     = "premises"      // GUID of the flat by account id
	aliasDocument     = "document"      // ИПД by account id and month
	aliasMeter        = "meter"         // GUID by meter id
	aliasMeterNumber  = "meter_number"  // number by meter id
	aliasMeterVersion = "meter_version" // GUID of its version by meter id
	aliasMeterSerial  = "meter_serial"  // number on it as ГИС ЖКХ has it, by meter id
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

// Tick is a turn of a server: it reads the houses something was said of, and a few others, and sends what is ready.
func (m *Module) Tick(ctx context.Context) error {
	if err := m.Gather(ctx, false); err != nil {
		return err
	}
	_, err := m.Round(ctx)
	return err
}
