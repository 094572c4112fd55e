package losses

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/housing"
)

// trendMonths is how many months a trend shows: a year, and the same month of the year before.
const trendMonths = 13

// smallHouse is the fewest flats of a house whose totals are open data.
const smallHouse = 10

// Deps are what the module works with.
type Deps struct {
	DB      *db.DB
	Charges *charge.Module
	Zone    *time.Location // of the region: its nights
}

// Module holds the operations on balances of houses.
type Module struct{ Deps }

// New makes the module.
func New(d Deps) *Module { return &Module{d} }

// House is the balance of a house of the register in a month, with its flats that stand out.
func (m *Module) House(ctx context.Context, actor access.Actor, code string, month calendar.Month) (*Balance, error) {
	scope, err := actor.Scope("house", "read")
	if err != nil {
		return nil, err
	}
	return m.read(ctx, month, func(tx *db.Tx) (housing.Building, error) { return housing.FindByCode(ctx, tx, code) }, &scope)
}

// Own is the balance of the house of a resident, who has been found: totals without flats.
func (m *Module) Own(ctx context.Context, building int64, month calendar.Month) (*Balance, error) {
	return m.read(ctx, month, func(tx *db.Tx) (housing.Building, error) { return housing.FindBuilding(ctx, tx, building) }, nil)
}

// read counts a house; without a scope flats are left out.
func (m *Module) read(ctx context.Context, month calendar.Month, find func(*db.Tx) (housing.Building, error), scope *access.Scope) (r *Balance, err error) {
	engine, err := m.Charges.Engine(ctx)
	if err != nil {
		return nil, err
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		house, err := find(tx)
		if err != nil {
			return err
		}
		w := &work{m: m, tx: tx, engine: engine, res: resourcesOf(engine), month: month, scope: scope}
		r, err = w.house(ctx, &house)
		return err
	})
	return r, err
}

// work is one count in one snapshot.
type work struct {
	m      *Module
	tx     *db.Tx
	engine *calc.Engine
	res    *resources
	month  calendar.Month
	scope  *access.Scope
	open   bool // months charged only: anybody may ask, so nothing is computed for it
}

// count reads buildings first … last over months up to the one asked for. used, where it is wanted, takes each account's
// figures of the month that is not charged yet.
func (w *work) count(ctx context.Context, first, last int64, from calendar.Month, used func(*charge.Used)) (*counted, error) {
	c := newCounted(w.res)
	charged, err := charge.ListChargedIn(ctx, w.tx, first, last, w.month)
	if err != nil {
		return nil, err
	}
	list, err := charge.ListUsed(ctx, w.tx, first, last, from, w.month)
	if err != nil {
		return nil, err
	}
	for i := range list {
		c.addUsed(&list[i], false)
	}
	list, err = w.m.Charges.UsedSoFar(ctx, w.tx, w.engine, first, last, w.month, func(building int64) bool { return !charged[building] && !w.open })
	if err != nil {
		return nil, err
	}
	for i := range list {
		if c.addUsed(&list[i], true); used != nil {
			used(&list[i])
		}
	}
	house, err := fact.ListHouseUse(ctx, w.tx, first, last, from, w.month)
	if err != nil {
		return nil, err
	}
	for i := range house {
		c.addHouse(&house[i])
	}
	if err := w.registers(ctx, c, first, last, from); err != nil {
		return nil, err
	}
	c.settle()
	return c, nil
}

// registers takes the flats' figures of suppliers' registers for months that Kvit knows the house's figure of alone.
func (w *work) registers(ctx context.Context, c *counted, first, last int64, from calendar.Month) error {
	bare := map[at]bool{}
	for k, m := range c.months {
		if m.House != nil && m.Flats() == 0 {
			bare[k] = true
		}
	}
	if len(bare) == 0 {
		return nil
	}
	list, err := charge.ListRegistered(ctx, w.tx, first, last, from, w.month)
	for i := range list {
		u := &list[i]
		if bare[at{u.Building, w.res.of[u.Service], u.Month}] {
			c.addUsed(u, false)
		}
	}
	return err
}

// seen are the resources of buildings that whoever asks may see: a supplier those it sells; nil is all.
func (w *work) seen(ctx context.Context, first, last int64) (map[int64]map[string]bool, error) {
	if w.scope == nil || w.scope.All {
		return nil, nil
	}
	sold, err := fact.ListSold(ctx, w.tx, first, last)
	if err != nil {
		return nil, err
	}
	seen := map[int64]map[string]bool{}
	for _, s := range sold {
		if s.Supplier != w.scope.SupplierID {
			continue
		}
		if seen[s.Building] == nil {
			seen[s.Building] = map[string]bool{}
		}
		seen[s.Building][w.res.of[s.Service]] = true
	}
	return seen, nil
}

func (w *work) house(ctx context.Context, house *housing.Building) (*Balance, error) {
	seen, err := w.seen(ctx, house.ID, house.ID)
	if err != nil {
		return nil, err
	}
	if seen != nil && seen[house.ID] == nil {
		return nil, fault.New(fault.NotFound, "house.unknown", "В этом доме вы ничего не поставляете.")
	}
	r := &Balance{Code: house.Code, Address: house.Address(), Month: w.month.String(), Services: []Service{}}
	var now []charge.Used
	c, err := w.count(ctx, house.ID, house.ID, w.month.Add(1-trendMonths), func(u *charge.Used) { now = append(now, *u) })
	if err != nil {
		return nil, err
	}
	known, err := w.learn(ctx, house)
	if err != nil {
		return nil, err
	}
	for _, code := range w.res.order {
		if seen != nil && !seen[house.ID][code] {
			continue
		}
		if s, ok := c.service(house.ID, code, w.month, known); ok {
			r.Services = append(r.Services, s)
		}
	}
	if w.scope != nil {
		if r.Flats, err = w.flats(ctx, house.ID, now); err != nil {
			return nil, err
		}
		r.explain()
	}
	return r, nil
}

// service puts the months of a resource together; false when nothing of it is known.
func (c *counted) service(building int64, code string, month calendar.Month, of *known) (Service, bool) {
	info := c.res.info[code]
	s := Service{Service: code, Name: info.Name, Unit: string(info.Unit), Anomalies: []Anomaly{}}
	found := false
	for n := range trendMonths {
		k := at{building, code, month.Add(n + 1 - trendMonths)}
		m := Month{Month: k.month.String()}
		if x := c.months[k]; x != nil {
			m = *x
		}
		found = found || m.House != nil || m.Flats() != 0
		s.Trend = append(s.Trend, m)
	}
	s.Now = s.Trend[trendMonths-1]
	s.CommonNorm, s.Night = of.norms[code], of.nights[code]
	s.Says = s.sentence(month)
	s.Anomalies = append(s.Anomalies, s.anomalies()...)
	for i := range s.Night {
		s.Anomalies = append(s.Anomalies, s.Night[i].leak(s.Unit)...)
	}
	return s, found || s.Now.Gap != ""
}

// List is what Houses takes.
type List struct {
	Month   calendar.Month
	Service string // of the catalogue; empty is all
	Limit   int    // 0 is all
	Open    bool   // for anybody: houses of few flats and months not charged yet are left out
}

// stretch is how many buildings are counted at once.
const stretch = 200

// Houses lists services of houses by what was lost, most roubles first. Houses without a figure of their own are left out.
func (m *Module) Houses(ctx context.Context, actor access.Actor, l List) ([]Loss, error) {
	scope := access.Scope{All: true}
	if !l.Open {
		var err error
		if scope, err = actor.Scope("house", "read"); err != nil {
			return nil, err
		}
		if _, err := m.Charges.Prepare(ctx); err != nil { // sheets ready, or a month not charged yet is read row by row
			return nil, err
		}
	}
	engine, err := m.Charges.Engine(ctx)
	if err != nil {
		return nil, err
	}
	rows := []Loss{}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		rows = rows[:0]
		w := &work{m: m, tx: tx, engine: engine, res: resourcesOf(engine), month: l.Month, scope: &scope, open: l.Open}
		houses, err := housing.ListBuildings(ctx, tx)
		if err != nil {
			return err
		}
		for part := range slices.Chunk(houses, stretch) {
			if rows, err = w.list(ctx, rows, part, &l); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("losses of houses: %w", err)
	}
	slices.SortFunc(rows, func(a, b Loss) int {
		return cmp.Or(cmp.Compare(b.lost(), a.lost()), cmp.Compare(*b.Loss, *a.Loss), cmp.Compare(a.building, b.building), cmp.Compare(a.Service, b.Service))
	})
	if l.Limit > 0 && len(rows) > l.Limit {
		rows = rows[:l.Limit]
	}
	return rows, nil
}

// lost is what the loss costs; unknown prices stand last.
func (r *Loss) lost() int64 {
	if r.LossSum == nil {
		return -1 << 62
	}
	return int64(*r.LossSum)
}

// list adds the rows of some houses.
func (w *work) list(ctx context.Context, rows []Loss, houses []housing.Building, l *List) ([]Loss, error) {
	first, last := houses[0].ID, houses[len(houses)-1].ID
	c, err := w.count(ctx, first, last, l.Month, nil)
	if err != nil {
		return nil, err
	}
	seen, err := w.seen(ctx, first, last)
	if err != nil {
		return nil, err
	}
	for i := range houses {
		h := &houses[i]
		if l.Open && h.Flats < smallHouse {
			continue
		}
		for _, code := range w.res.order {
			m := c.months[at{h.ID, code, l.Month}]
			if m == nil || m.Loss == nil || l.Open && !m.told || l.Service != "" && l.Service != code || seen != nil && !seen[h.ID][code] {
				continue
			}
			info := w.res.info[code]
			rows = append(rows, Loss{Code: h.Code, Address: h.Address(), Service: code, Name: info.Name, Unit: string(info.Unit), Month: *m, building: h.ID})
		}
	}
	return rows, nil
}
