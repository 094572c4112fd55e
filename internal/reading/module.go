package reading

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/blob"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/event"
	"kvit/internal/fault"
	"kvit/internal/supplier"
)

// Deps are what the module works with.
type Deps struct {
	DB      *db.DB
	Charges *charge.Module
	Photos  *blob.Store // of meters, and nothing else
	Now     func() calendar.Micros
	Today   func() calendar.Date // in the region's zone
}

// Module holds the operations on readings.
type Module struct {
	Deps
	photos *sync.Mutex // nobody counts on bytes that are being removed
}

// New makes the module.
func New(d Deps) *Module { return &Module{Deps: d, photos: new(sync.Mutex)} }

// Home is a household, and the building it is in.
type Home struct{ Building, Household int64 }

// Request is figures of one household given at once.
type Request struct {
	Home
	Origin
	Given  []Given
	DryRun bool // say what would become of them, write nothing
}

// errUnwritten takes back a transaction whose figures are only supposed.
var errUnwritten = errors.New("figures are not written")

// may refuses whom the household is not open to.
func may(actor access.Actor, action string, h Home) error {
	switch actor.Reach("reading", action) {
	case access.All:
		return nil
	case access.Own:
		if actor.BuildingID == h.Building && actor.HouseholdID == h.Household {
			return nil
		}
		return fault.New(fault.NotFound, "household.unknown", "Такого абонента нет.")
	}
	if err := actor.Require("reading", action); err != nil {
		return err
	}
	return fault.New(fault.Forbidden, "reading.by_account", "Поставщик передаёт показания по своим лицевым счетам.")
}

// Give takes the figures of a household: all of them, or, while one is asked about or cannot be, none. Sent again under
// its key a request gives the first answer.
func (m *Module) Give(ctx context.Context, actor access.Actor, r Request) (*Receipt, error) {
	if err := may(actor, "write", r.Home); err != nil {
		return nil, err
	}
	if actor.Reach("reading", "write") == access.Own && slices.ContainsFunc(r.Given, func(g Given) bool { return g.Control }) {
		return nil, fault.New(fault.Forbidden, "reading.control", "Контрольное показание снимает инспектор поставщика.")
	}
	if len(r.Given) == 0 {
		return nil, invalid("reading.nothing", "Введите хотя бы одно показание.")
	}
	work, err := m.begin(ctx)
	if err != nil {
		return nil, err
	}
	var receipt *Receipt
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) (err error) {
		receipt, err = work.household(ctx, tx, &r)
		return err
	})
	switch {
	case errors.Is(err, errUnwritten) && receipt.Number == work.number:
		receipt.Number = ""
	case err != nil && !errors.Is(err, errUnwritten):
		return nil, fmt.Errorf("readings of household %d: %w", r.Household, err)
	}
	return receipt, nil
}

// work is what one call goes by.
type work struct {
	m         *Module
	engine    *calc.Engine
	reader    *charge.Reader
	number    string
	suppliers map[int64]*supplier.Supplier
}

func (m *Module) begin(ctx context.Context) (*work, error) {
	w, err := m.look(ctx)
	if err != nil {
		return nil, err
	}
	id, err := m.DB.NextIDs(ctx, 1)
	w.number = receiptNumber(id)
	return w, err
}

// look begins work that writes nothing.
func (m *Module) look(ctx context.Context) (*work, error) {
	w := &work{m: m}
	var err error
	if w.engine, err = m.Charges.Engine(ctx); err == nil {
		w.reader, err = m.Charges.Reader(ctx, m.Now())
	}
	if err != nil {
		return nil, err
	}
	return w, m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err := supplier.List(ctx, tx)
		w.suppliers = map[int64]*supplier.Supplier{}
		for i := range list {
			w.suppliers[list[i].ID] = &list[i]
		}
		return err
	})
}

func (w *work) household(ctx context.Context, tx *db.Tx, r *Request) (*Receipt, error) {
	at, err := fact.Lock(ctx, tx, r.Building, w.m.Now())
	if err != nil {
		return nil, err
	}
	if earlier, err := findByKey(ctx, tx, r.Building, r.Household, r.Key); earlier != nil || err != nil {
		if earlier != nil {
			earlier.Repeated = true
		}
		return earlier, err
	}
	stock, err := w.loadStock(ctx, tx, r.Building, &fact.Scope{Households: []int64{r.Household}}, at)
	if err != nil {
		return nil, err
	}
	d := &decision{stock: stock, today: w.m.Today(), set: fact.Set{Building: r.Building}}
	out := &Receipt{Number: w.number, Building: r.Building, Household: r.Household, At: at, Channel: r.Channel, Author: r.Author, Device: r.Device}
	for _, g := range r.Given {
		out.Lines = append(out.Lines, d.decide(g, &r.Origin, w.number, true)...)
	}
	return out, w.conclude(ctx, tx, r, d, out)
}

// keep leaves the meters of one household: its accounts may have been in others before.
func (s *stock) keep(household int64) {
	s.list = slices.DeleteFunc(s.list, func(m *Meter) bool {
		if m.Household != household {
			delete(s.byID, m.ID)
		}
		return m.Household != household
	})
}

// conclude writes what was decided, with its effect; what is asked about or only supposed is taken back.
func (w *work) conclude(ctx context.Context, tx *db.Tx, r *Request, d *decision, out *Receipt) error {
	if out.Refuses() {
		return errUnwritten
	}
	if d.set.Empty() && len(d.events) == 0 {
		out.sameAs(d.stock)
		return errUnwritten
	}
	err := w.effect(ctx, tx, out, func() error { return w.record(ctx, tx, d, out.At) })
	switch {
	case err != nil:
		return err
	case out.Asks() || r.DryRun:
		return errUnwritten
	}
	if err := insert(ctx, tx, []*Receipt{out}, r.Key); err != nil {
		return err
	}
	return tell(ctx, tx, d.events, out.At)
}

func writeFacts(ctx context.Context, tx *db.Tx, set *fact.Set, at calendar.Micros) error {
	if set.Empty() {
		return nil
	}
	w := fact.NewWriter()
	if err := w.Add(set, at); err != nil {
		return err
	}
	return w.Write(ctx, tx)
}

func tell(ctx context.Context, tx *db.Tx, events []event.Event, at calendar.Micros) error {
	for i := range events {
		events[i].At = at
	}
	if slices.ContainsFunc(events, func(e event.Event) bool { return e.AccountID == 0 }) {
		var err error
		if events, err = fact.ToSellers(ctx, tx, events[0].BuildingID, events); err != nil {
			return err
		}
	}
	return event.Write(ctx, tx, events)
}

// month is the earliest bill the figures count in.
func (r *Receipt) month() (month calendar.Month) {
	for i := range r.Lines {
		if m, err := calendar.ParseMonth(r.Lines[i].Month); err == nil && (month == 0 || m < month) {
			month = m
		}
	}
	return month
}

// sameAs makes the answer to figures that are known the receipt they were given with.
func (r *Receipt) sameAs(s *stock) {
	r.Number = ""
	for i := range r.Lines {
		day, _ := calendar.ParseDate(r.Lines[i].Day) // as it was written by us
		if x := s.byID[r.Lines[i].Meter].around(r.Lines[i].Kind, day).today; x != nil {
			r.Number = numberOf(x.Source)
		}
	}
}

// month computes what a month of the household comes to as the transaction sees its facts.
func (w *work) month(ctx context.Context, tx *db.Tx, h Home, month calendar.Month, at calendar.Micros) ([]charge.Service, error) {
	members, err := account.ListMembers(ctx, tx, h.Building, h.Household, at)
	if err != nil || len(members) == 0 {
		return nil, err
	}
	ids := make([]int64, 0, len(members))
	for i := range members {
		ids = append(ids, members[i].AccountID)
	}
	return w.reader.Ahead(ctx, tx, h.Building, ids, month, at)
}

// difference is what changed between two computations of a month.
func difference(month calendar.Month, before, after []charge.Service) *Effect {
	e := &Effect{Month: month.String(), Lines: []Made{}}
	was := map[[2]int64]*charge.Service{}
	for i := range before {
		e.Before += before[i].Sum()
		was[[2]int64{before[i].AccountID, before[i].ServiceID}] = &before[i]
	}
	for i := range after {
		s := &after[i]
		e.After += s.Sum()
		made := Made{Service: s.Name, Unit: s.Unit, Volume: s.Volume.String(), After: s.Sum()}
		if old := was[[2]int64{s.AccountID, s.ServiceID}]; old != nil {
			if made.Before = old.Sum(); made.Before == made.After && old.Volume == s.Volume {
				continue
			}
		}
		e.Lines = append(e.Lines, made)
	}
	if len(after) == 0 {
		return nil
	}
	return e
}
