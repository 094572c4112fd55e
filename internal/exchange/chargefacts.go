package exchange

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/supplier"
)

// recordedFacts are facts of charging of a building, recorded at one moment.
type recordedFacts struct {
	*fact.Set
	at   calendar.Micros
	news bool // something was known of the building before
}

// factRows is about how many rows the facts of a building come to, where a transaction is measured.
const factRows = 200

// writeFacts appends facts of charging.
func writeFacts(ctx context.Context, tx *db.Tx, list []recordedFacts) error {
	if len(list) == 0 {
		return nil
	}
	w := fact.NewWriter()
	for _, f := range list {
		if err := w.Add(f.Set, f.at); err != nil {
			return err
		}
	}
	return w.Write(ctx, tx)
}

// filed begins the source of a fact that a file brought: facts of other sources are not changed by files.
const filed = "file:"

func sourceOf(f *file, pos int) string { return fmt.Sprintf("%s%d:%d", filed, f.id, pos) }

// charging turns what files say of a building's accounts into facts of charging.
type charging struct {
	b     *batch
	ctx   context.Context
	st    *stored
	known *knownFacts
	told  toldOf
	twice []charge.Doubled // what is doubled now and was not, or is no more
}

// chargeFacts makes facts of charging of what a building's files say, for suppliers whose services are mapped into the
// catalogue; subscriptions follow their accounts into other households.
func (b *batch) chargeFacts(ctx context.Context, c *chunk, st *stored, came []*arrived) error {
	if b.req.DryRun || came != nil && !b.mapsAny(st, came) {
		return nil
	}
	w := &charging{b: b, ctx: ctx, st: st, told: newToldOf()}
	err := b.m.db.Read(ctx, func(tx *db.Tx) (err error) {
		w.known, err = loadKnown(ctx, tx, st.building, firstMonth(came), b.recorded)
		return err
	})
	if err != nil {
		return err
	}
	for _, a := range came {
		if m := b.mapped[a.supplier]; m != nil && st.links[a.account].HouseholdID != 0 {
			if err := w.account(m, a); err != nil {
				return err
			}
		}
	}
	if err := w.end(); err != nil {
		return err
	}
	w.follow()
	if err := w.people(came); err != nil {
		return err
	}
	c.doubled = append(c.doubled, w.twice...)
	set := w.known.changes(st.building)
	if err := w.number(set); err != nil || set.Empty() {
		return err
	}
	c.facts = append(c.facts, recordedFacts{set, w.known.at, w.known.any})
	return nil
}

// mapsAny tells whether a building has accounts of suppliers whose services are mapped.
func (b *batch) mapsAny(st *stored, came []*arrived) bool {
	if len(b.mapped) == 0 {
		return false
	}
	for _, a := range came {
		if b.mapped[a.supplier] != nil {
			return true
		}
	}
	for i := range st.accounts {
		if b.mapped[st.accounts[i].SupplierID] != nil {
			return true
		}
	}
	return false
}

// firstMonth is the earliest month that files talk of.
func firstMonth(came []*arrived) (first calendar.Month) {
	for _, a := range came {
		for i := range a.told {
			for k := range a.told[i].Lines {
				if m := a.told[i].Lines[k].month(a.files[i]); m.Valid() && (first == 0 || m < first) {
					first = m
				}
			}
		}
	}
	if first == 0 {
		return lastMonth
	}
	return first
}

// lastMonth is later than any month billed.
const lastMonth calendar.Month = 999912

// account takes what the files say of one account, in the order they were declared.
func (w *charging) account(m *mapped, a *arrived) error {
	for i := range a.told {
		if err := w.doubled(m, a, i); err != nil {
			return err
		}
		f, done := a.files[i], map[volumeKey]bool{}
		for k := range a.told[i].Lines {
			l := &a.told[i].Lines[k]
			month := l.month(f)
			if !month.Valid() {
				continue
			}
			for _, x := range m.behind(l.Service) {
				if whole := m.WholeOf(x); whole != nil {
					if err := w.part(a, i, l, whole); err != nil {
						return err
					}
					continue
				}
				of := volumeKey{account: a.account, service: x.Catalog, month: month}
				if done[of] {
					continue // another line of the service: its first one stands for it
				}
				done[of] = true
				t := telling{m: m, a: a, f: f, l: l, x: x, month: month, source: sourceOf(f, l.Pos)}
				if err := w.service(&t); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// part notes that the service of a line is the heat of another line of the account: both are charged as one service of the
// catalogue. Where the other line is missing, the service is taken all the same.
func (w *charging) part(a *arrived, file int, l *line, whole *supplier.Service) error {
	lines := a.told[file].Lines
	at := slices.IndexFunc(lines, func(o line) bool { return whole.Names(o.Service) })
	of := line{Service: whole.Name, Pos: l.Pos, Month: l.Month}
	if at >= 0 {
		of = lines[at]
	}
	partID, err := w.b.service(w.ctx, a.supplier, l.Service)
	if err != nil {
		return err
	}
	wholeID, err := w.b.service(w.ctx, a.supplier, of.Service)
	if err != nil {
		return err
	}
	if err := w.b.m.suppliers.JoinPart(w.ctx, partID, wholeID); err != nil {
		return err
	}
	f := a.files[file]
	t := telling{m: w.b.mapped[a.supplier], a: a, f: f, l: &of, x: whole, month: l.month(f), source: sourceOf(f, l.Pos)}
	if at < 0 {
		err = w.service(&t)
	}
	w.noteFigure(&t, partID)
	return err
}

// telling is what a file says of one service of the catalogue of an account in a month.
type telling struct {
	m      *mapped
	a      *arrived
	f      *file
	l      *line
	x      *supplier.Service
	month  calendar.Month
	source string
}

func (w *charging) service(t *telling) error {
	w.noteTold(t)
	id, err := w.b.service(w.ctx, t.a.supplier, t.l.Service)
	if err != nil {
		return err
	}
	s := fact.Subscription{Household: w.st.links[t.a.account].HouseholdID, AccountID: t.a.account, Service: t.x.Catalog, SupplierID: t.a.supplier, ServiceID: id,
		Category: t.x.CategoryOf(t.m.column(t.l.Use)), Mode: t.m.ModeOf(t.x), MeterOK: t.x.MeterOK, Included: t.x.Included}
	w.take(s, t.month, t.source)
	w.noteFigure(t, id)
	if t.l.Use != nil && len(t.l.Use.Measures) > 0 {
		w.measures(t)
	}
	return nil
}

// number gives readings ids of their own.
func (w *charging) number(s *fact.Set) error {
	if len(s.Readings) == 0 {
		return nil
	}
	first, err := w.b.ids(w.ctx, len(s.Readings))
	for i := range s.Readings {
		s.Readings[i].ID = first + int64(i)
	}
	return err
}

// fromFile tells whether a fact came with a file.
func fromFile(source string) bool { return strings.HasPrefix(source, filed) }
