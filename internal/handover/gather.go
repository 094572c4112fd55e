package handover

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/housing"
	"kvit/internal/ledger"
	"kvit/internal/supplier"
)

// neverCounts is the cutoff, in months, of what no payment to come is counted in: the giver's own charges.
const neverCounts = -1200

// earlierMonths is how far back what was charged goes with a house: debts are as old as the limitation period (ГК РФ ст. 196).
const earlierMonths = 36

// gathering is a package in the making.
type gathering struct {
	m        *Module
	building int64
	at       calendar.Micros
	p        *Package
	members  map[int64]*Account // by account
	sources  map[Source]int64
	used     struct{ suppliers, services map[int64]bool }
}

// gather makes the package of a house as of a moment.
func (m *Module) gather(ctx context.Context, building int64, month calendar.Month, at calendar.Micros) (*Package, error) {
	g := &gathering{m: m, building: building, at: at, members: map[int64]*Account{}, sources: map[Source]int64{}}
	g.used.suppliers, g.used.services = map[int64]bool{}, map[int64]bool{}
	g.p = &Package{Format: packageFormat, Giver: m.party(), Month: month, CutAt: at, Suppliers: []Supplier{}, Services: []Service{}, Sources: []Source{}, Households: []Household{}, Accounts: []Account{}}
	for _, step := range []func(context.Context, *db.Tx) error{g.readHouse, g.readAccounts, g.readFacts, g.readBook, g.readRows} {
		if err := m.DB.Read(ctx, func(tx *db.Tx) error { return step(ctx, tx) }); err != nil {
			return nil, fmt.Errorf("package of building %d: %w", building, err)
		}
	}
	if err := g.readBills(ctx); err != nil {
		return nil, fmt.Errorf("bills of building %d: %w", building, err)
	}
	return g.p, m.DB.Read(ctx, func(tx *db.Tx) error { return g.readNames(ctx, tx) })
}

func (g *gathering) readHouse(ctx context.Context, tx *db.Tx) error {
	b, err := housing.FindBuilding(ctx, tx, g.building)
	g.p.House = houseOf(&b)
	return err
}

func houseOf(b *housing.Building) House {
	return House{Code: b.Code, GUID: b.GUID, Postcode: b.Postcode, Locality: b.Locality, StreetType: b.StreetType, Street: b.Street, Alias: b.Alias, House: b.House, Letter: b.Letter,
		Korp: b.Korp, Year: b.Year, Floors: b.Floors, Flats: b.Flats, Cadastral: b.Cadastral, Kind: b.Kind}
}

// readAccounts reads the accounts of the house with their claims and baskets.
func (g *gathering) readAccounts(ctx context.Context, tx *db.Tx) error {
	live, err := account.ListLive(ctx, tx, g.building, g.at)
	if err != nil {
		return err
	}
	claims, err := account.ListClaims(ctx, tx, g.building, g.at)
	if err != nil {
		return err
	}
	links, err := account.ListLinks(ctx, tx, g.building, g.at)
	if err != nil {
		return err
	}
	g.p.Accounts = make([]Account, 0, len(live))
	for i := range live {
		a, c, l := &live[i], claims[live[i].AccountID], links[live[i].AccountID]
		g.used.suppliers[a.SupplierID] = true
		g.p.Accounts = append(g.p.Accounts, Account{ID: a.AccountID, Supplier: a.SupplierID, Number: a.Number, Printed: c.Printed, Household: l.HouseholdID, Flat: c.Flat, Room: c.Room,
			Evidence: json.RawMessage(c.Evidence), Rule: l.Rule, Score: l.Score, LastMonth: g.p.Month, Lines: []Line{}, Earlier: []Row{}, Paid: []Paid{}, Debts: []Debt{}, Book: []Book{}, Movements: []Movement{}})
	}
	for i := range g.p.Accounts {
		g.members[g.p.Accounts[i].ID] = &g.p.Accounts[i]
	}
	return g.readHouseholds(ctx, tx)
}

func (g *gathering) readHouseholds(ctx context.Context, tx *db.Tx) error {
	known, err := account.ListHouseholds(ctx, tx, g.building, g.building, g.at)
	if err != nil {
		return err
	}
	lived := map[int64]bool{}
	for i := range g.p.Accounts {
		lived[g.p.Accounts[i].Household] = true
	}
	for id, h := range known {
		if lived[id] {
			g.p.Households = append(g.p.Households, Household{ID: id, Code: account.HouseholdCode(id), Flat: h.Flat, Room: h.Room})
		}
	}
	slices.SortFunc(g.p.Households, func(a, b Household) int { return cmp.Compare(a.ID, b.ID) })
	return nil
}

// readFacts reads what charging knows, with readings and volumes of the whole history: later corrections need them.
func (g *gathering) readFacts(ctx context.Context, tx *db.Tx) error {
	set, err := fact.Gather(ctx, tx, g.building, g.at)
	if err != nil {
		return err
	}
	if set.Readings, err = fact.ListReadings(ctx, tx, g.building, 0, g.at); err != nil {
		return err
	}
	if set.Volumes, err = fact.ListVolumes(ctx, tx, g.building, 0, g.at); err != nil {
		return err
	}
	for _, x := range set.Subscriptions {
		g.used.suppliers[x.SupplierID], g.used.services[x.ServiceID] = true, true
	}
	g.p.Facts = *set
	return nil
}

func (g *gathering) readBook(ctx context.Context, tx *db.Tx) error {
	balances, err := ledger.ListAt(ctx, tx, g.building, g.at)
	if err != nil {
		return err
	}
	for _, e := range balances {
		a := g.members[e.AccountID]
		if a == nil {
			return fmt.Errorf("account %d is in the book of building %d and does not live there", e.AccountID, g.building)
		}
		g.used.services[e.ServiceID] = true
		a.Book = append(a.Book, Book{Name: e.Name, Service: e.ServiceID, Amount: e.Amount})
	}
	moves, err := ledger.ListMovements(ctx, tx, g.building, g.at)
	for _, v := range moves {
		if a := g.members[v.AccountID]; a != nil {
			g.used.services[v.ServiceID] = true
			a.Movements = append(a.Movements, Movement{Name: v.Name, Service: v.ServiceID, Kind: v.Kind, Month: v.Month, Amount: v.Amount})
		}
	}
	return err
}

// readRows reads what was charged in earlier months: suppliers' rows, and what the giver charged.
func (g *gathering) readRows(ctx context.Context, tx *db.Tx) error {
	ids := make([]int64, 0, len(g.members))
	for i := range g.p.Accounts {
		ids = append(ids, g.p.Accounts[i].ID)
	}
	rows, err := charge.ListAll(ctx, tx, g.building, ids, g.at)
	if err != nil {
		return err
	}
	from := g.p.Month.Add(-earlierMonths)
	for i := range rows {
		r := &rows[i]
		source, err := g.fileSource(ctx, tx, r)
		if err != nil {
			return err
		}
		g.used.services[r.ServiceID] = true
		if r.Month >= from {
			a := g.members[r.AccountID]
			a.Earlier = append(a.Earlier, Row{Service: r.ServiceID, Month: r.Month, Source: source, Opening: r.Opening, Charge: r.Charge, Recalc: r.Recalc, Penalty: r.Penalty, Paid: r.Paid, Due: r.Due, Volume: r.Volume, Rate: r.Rate, Given: r.Given})
		}
	}
	return nil
}

// fileSource is the source of a supplier's row.
func (g *gathering) fileSource(ctx context.Context, tx *db.Tx, r *charge.Line) (int64, error) {
	s := Source{Supplier: g.members[r.AccountID].Supplier}
	err := tx.QueryRowContext(ctx, "SELECT name, cutoff_day, cutoff_months, created_at FROM v_intake_file WHERE file_id = $1", r.FileID).Scan(&s.Name, &s.Day, &s.Months, &s.Received)
	return g.source(s), db.Fold(err)
}

// source numbers a source; of equal ones the first holds.
func (g *gathering) source(s Source) int64 {
	id, known := g.sources[s]
	if !known {
		id = int64(len(g.sources) + 1)
		g.sources[s] = id
		s.ID = id
		g.p.Sources = append(g.p.Sources, s)
	}
	return id
}

// readNames reads the suppliers and services that are named.
func (g *gathering) readNames(ctx context.Context, tx *db.Tx) error {
	all, err := supplier.List(ctx, tx)
	if err != nil {
		return err
	}
	for i := range all {
		if s := &all[i]; g.used.suppliers[s.ID] {
			g.p.Suppliers = append(g.p.Suppliers, Supplier{ID: s.ID, Code: s.Code, Name: s.Name, INN: s.INN, Mode: s.Mode})
		}
	}
	owners, err := supplier.ListServices(ctx, tx)
	if err != nil {
		return err
	}
	names, err := supplier.ListServiceNames(ctx, tx)
	for _, id := range sorted(g.used.services) {
		if id != 0 {
			g.p.Services = append(g.p.Services, Service{ID: id, Supplier: owners[id], Name: names[id]})
		}
	}
	return err
}

func sorted(set map[int64]bool) []int64 {
	list := make([]int64, 0, len(set))
	for id := range set {
		list = append(list, id)
	}
	slices.Sort(list)
	return list
}
