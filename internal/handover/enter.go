package handover

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/event"
	"kvit/internal/housing"
	"kvit/internal/ledger"
	"kvit/internal/money"
)

// entering is a house on its way in: ids of the giver's led to ours.
type entering struct {
	measure    func(ctx context.Context, tx *db.Tx, building int64, at calendar.Micros) error
	m          *Module
	h          *Handover
	p          *Package
	at         calendar.Micros
	next       int64
	x          *places
	services   map[int64]int64
	accounts   map[int64]int64
	households map[int64]int64
	sources    map[int64]int64
	batch      int64
}

func (e *entering) id() int64 { e.next++; return e.next - 1 }

// idsOf is how many ids a package needs at most.
func (p *Package) idsOf() int {
	return 4*len(p.Accounts) + len(p.Households) + len(p.Sources) + len(p.Facts.Meters) + len(p.Facts.Stays) + len(p.Facts.Rare) + len(p.Facts.Readings) + 4
}

// enter takes the house in, in one transaction, and answers with what came into our book.
func (m *Module) enter(ctx context.Context, h *Handover, p *Package, actor string) error {
	first, err := m.DB.NextIDs(ctx, p.idsOf())
	if err != nil {
		return err
	}
	e := &entering{m: m, h: h, p: p}
	if err := m.DB.Read(ctx, func(tx *db.Tx) error {
		e.x, err = placesOf(ctx, tx, p)
		return err
	}); err != nil {
		return err
	}
	if err := e.findServices(ctx); err != nil {
		return err
	}
	if e.measure, err = m.Doors.Measuring(ctx); err != nil {
		return err
	}
	was, found := *h, *e.x
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		x := found
		*h, e.x = was, &x // the transaction may be run again
		h.MovedAt = m.Now()
		e.at, e.next = h.MovedAt, first
		e.accounts, e.households, e.sources = map[int64]int64{}, map[int64]int64{}, map[int64]int64{}
		for _, step := range []func(context.Context, *db.Tx) error{e.building, e.keepSources, e.openAccounts, e.charges, e.facts, e.balances} {
			if err := step(ctx, tx); err != nil {
				return fmt.Errorf("house %s enters: %w", h.House, err)
			}
		}
		if err := move(ctx, tx, h, Completed, e.at); err != nil {
			return err
		}
		return m.record(ctx, tx, h, actor, "handover.completed")
	})
	if err != nil {
		return err
	}
	return m.answerDone(ctx, h)
}

// findServices gives the services of the package their ids here; a name our supplier has not used is new.
func (e *entering) findServices(ctx context.Context) error {
	e.services = map[int64]int64{}
	for _, s := range e.p.Services {
		ours := e.x.suppliers[s.Supplier]
		if ours == nil {
			continue // of an account that is no more
		}
		id, err := e.m.Suppliers.ServiceID(ctx, ours.ID, s.Name)
		if err != nil {
			return err
		}
		e.services[s.ID] = id
	}
	return nil
}

// building finds or adds the house.
func (e *entering) building(ctx context.Context, tx *db.Tx) error {
	if e.x.building.ID == 0 {
		b := e.p.House.building()
		if _, err := housing.FindByCode(ctx, tx, b.Code); err == nil {
			b.Code = e.h.Peer + "-" + b.Code // another house has this code here
		}
		b.ID = e.id()
		if err := housing.Add(ctx, tx, b, e.at); err != nil {
			return err
		}
		e.x.building = b
	}
	e.h.BuildingID = e.x.building.ID
	return nil
}

// keepSources keeps what the lines stand on as files of one batch.
func (e *entering) keepSources(ctx context.Context, tx *db.Tx) error {
	rows := map[int64]int64{}
	for i := range e.p.Accounts {
		a := &e.p.Accounts[i]
		for k := range a.Lines {
			rows[a.Lines[k].Source]++
		}
		for k := range a.Earlier {
			rows[a.Earlier[k].Source]++
		}
	}
	var list []Handed
	for _, s := range e.p.Sources {
		id := e.id()
		e.sources[s.ID] = id
		list = append(list, Handed{ID: id, SupplierID: e.x.suppliers[s.Supplier].ID, Name: s.Name, Digest: e.h.PackageDigest, Month: e.p.Month, Day: s.Day, Months: s.Months, Received: s.Received, Rows: rows[s.ID]})
	}
	e.batch = e.id()
	return e.m.Doors.KeepHanded(ctx, tx, e.batch, "centre:"+e.h.Peer, list, e.at)
}

// openAccounts opens the accounts in their baskets. An account that is here keeps its id and its basket.
func (e *entering) openAccounts(ctx context.Context, tx *db.Tx) error {
	links, err := account.ListLinks(ctx, tx, e.x.building.ID, e.at)
	if err != nil {
		return err
	}
	for i := range e.p.Accounts { // baskets that are here
		a := &e.p.Accounts[i]
		if r, known := e.x.routes[a.ID]; known && r.BuildingID == e.x.building.ID {
			e.accounts[a.ID] = r.AccountID
			if l := links[r.AccountID]; l.HouseholdID != 0 {
				e.households[a.Household] = l.HouseholdID
			}
		}
	}
	b, events := account.Batch{}, []event.Event(nil)
	for _, x := range e.p.Households {
		if e.households[x.ID] == 0 {
			id := e.id()
			e.households[x.ID] = id
			b.Households = append(b.Households, account.Household{BuildingID: e.x.building.ID, HouseholdID: id, RecordedAt: e.at, Flat: x.Flat, Room: x.Room})
		}
	}
	delete(e.households, 0)
	for i := range e.p.Accounts {
		if a := &e.p.Accounts[i]; e.accounts[a.ID] == 0 {
			if err := e.open(ctx, tx, a, &b); err != nil {
				return err
			}
			events = append(events, event.Event{BuildingID: e.x.building.ID, AccountID: e.accounts[a.ID], At: e.at, Body: event.AccountOpened{}})
		}
	}
	if err := b.Write(ctx, tx); err != nil {
		return err
	}
	if err := keepAccounts(ctx, tx, e.h, e.x.building.ID, e.p.Accounts, func(a *Account) int64 { return e.accounts[a.ID] }); err != nil {
		return err
	}
	return event.Write(ctx, tx, events)
}

// open opens one account. One that left us with the house earlier, or whose house nobody knew here, comes under its old id.
func (e *entering) open(ctx context.Context, tx *db.Tx, a *Account, b *account.Batch) error {
	ours, building := e.x.suppliers[a.Supplier], e.x.building.ID
	opened := account.Account{BuildingID: building, SupplierID: ours.ID, Number: a.Number, OpenedAt: e.at}
	if r, known := e.x.routes[a.ID]; known {
		opened.AccountID, opened.MovedFrom = r.AccountID, r.BuildingID
		if err := account.Leave(ctx, tx, &account.Account{BuildingID: r.BuildingID, AccountID: r.AccountID, SupplierID: ours.ID, Number: r.Number}, building, e.at); err != nil {
			return err
		}
		if err := e.bring(ctx, tx, a, &r); err != nil {
			return err
		}
	} else {
		opened.AccountID = e.id()
		b.Routes = append(b.Routes, account.Route{SupplierID: ours.ID, Number: a.Number, AccountID: opened.AccountID, BuildingID: building})
	}
	e.accounts[a.ID] = opened.AccountID
	b.Accounts = append(b.Accounts, opened)
	b.Claims = append(b.Claims, account.Claim{BuildingID: building, AccountID: opened.AccountID, RecordedAt: e.at, FileID: e.anySource(), RowNo: 0, Printed: a.Printed, Status: account.StatusPlaced,
		Flat: a.Flat, Room: a.Room, Evidence: evidenceHere(a.Evidence, e.h.Number)})
	b.Links = append(b.Links, account.Link{BuildingID: building, AccountID: opened.AccountID, RecordedAt: e.at, HouseholdID: e.households[a.Household], Rule: a.Rule, Score: a.Score, Evidence: "передан с домом"})
	return nil
}

// evidenceHere makes the group of accounts under one heading ours: the giver's number of it may be another file's here.
func evidenceHere(text json.RawMessage, number int64) []byte {
	var e account.Evidence
	if json.Unmarshal(text, &e) != nil {
		return []byte("{}")
	}
	if e.Group != "" {
		e.Group = "h" + strconv.FormatInt(number, 10) + "/" + e.Group
	}
	return e.Encode()
}

// anySource is a file of the hand-over, for what needs one.
func (e *entering) anySource() int64 {
	for _, s := range e.p.Sources {
		return e.sources[s.ID]
	}
	return e.batch
}

// charges writes what is due and what was charged before. All lines of an account are of its last month, so that its next
// register or charge follows all of them.
func (e *entering) charges(ctx context.Context, tx *db.Tx) error {
	const all = charge.GivenOpening | charge.GivenCharge | charge.GivenRecalc | charge.GivenPenalty | charge.GivenPaid | charge.GivenDue
	var lines []charge.Line
	for i := range e.p.Accounts {
		a := &e.p.Accounts[i]
		base := charge.Line{BuildingID: e.x.building.ID, AccountID: e.accounts[a.ID], RecordedAt: e.at}
		taken := map[int64]bool{}
		for _, l := range a.Lines {
			taken[l.Service] = true
			base.Month, base.ServiceID, base.FileID, base.Given = a.LastMonth, e.services[l.Service], e.sources[l.Source], all
			base.Opening, base.Charge, base.Recalc, base.Penalty, base.Paid, base.Due, base.Volume, base.Rate = l.Opening, l.Charge, l.Recalc, l.Penalty, l.Claimed+l.PaidSince, l.Due, l.Volume, l.Rate
			base.RowNo++
			lines = append(lines, base)
		}
		for _, r := range a.Earlier {
			if r.Month == a.LastMonth {
				continue // the lines say it
			}
			base.Month, base.ServiceID, base.FileID, base.Given = r.Month, e.services[r.Service], e.sources[r.Source], r.Given
			base.Opening, base.Charge, base.Recalc, base.Penalty, base.Paid, base.Due, base.Volume, base.Rate = r.Opening, r.Charge, r.Recalc, r.Penalty, r.Paid, r.Due, r.Volume, r.Rate
			base.RowNo++
			lines = append(lines, base)
		}
	}
	return charge.Write(ctx, tx, lines)
}

// facts writes what charging knows: from the month after the last one on what is charged, and what it is computed of as it was.
func (e *entering) facts(ctx context.Context, tx *db.Tx) error {
	set := e.mapped()
	if set.Empty() {
		return nil
	}
	known, err := fact.Lock(ctx, tx, e.x.building.ID, e.at)
	if err != nil {
		return err
	}
	at := max(e.at, known+1)
	w := fact.NewWriter()
	if err := w.Add(set, at); err != nil {
		return err
	}
	if err := w.Write(ctx, tx); err != nil {
		return err
	}
	return e.measure(ctx, tx, e.x.building.ID, at)
}

// balances posts what came into our book.
func (e *entering) balances(ctx context.Context, tx *db.Tx) error {
	t := ledger.Transaction{ID: e.id(), BuildingID: e.x.building.ID, Key: e.h.key("in"), Kind: "handover", EffectiveOn: e.p.Month.Last(), RecordedAt: e.at, Reason: e.h.ID}
	var total money.Amount
	for i := range e.p.Accounts {
		a := &e.p.Accounts[i]
		for _, b := range a.Book {
			total += b.Amount
			t.Entries = append(t.Entries, ledger.Entry{Name: b.Name, AccountID: e.accounts[a.ID], SupplierID: e.x.suppliers[a.Supplier].ID, ServiceID: e.services[b.Service], Amount: b.Amount})
		}
	}
	if len(t.Entries) == 0 {
		return nil
	}
	t.Entries = append(t.Entries, ledger.Entry{Name: ledger.Handover(e.h.Number), Amount: -total})
	_, err := ledger.Post(ctx, tx, &t)
	return err
}
