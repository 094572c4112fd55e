package exchange

import (
	"cmp"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/exchange/register"
	"kvit/internal/supplier"
)

// mapped is a supplier whose services are mapped into the catalogue: his rows make facts of charging.
type mapped struct {
	supplier.Supplier
	columns []string                       // of his registers that a service is chosen by
	found   map[string][]*supplier.Service // by his names of services
}

func newMapped(s *supplier.Supplier) *mapped {
	m := &mapped{Supplier: *s, found: map[string][]*supplier.Service{}}
	for i := range s.Mapping {
		m.columns = append(m.columns, s.Mapping[i].Columns()...)
	}
	slices.Sort(m.columns)
	m.columns = slices.Compact(m.columns)
	return m
}

// behind gives the services of the catalogue behind a service as he names it.
func (m *mapped) behind(name string) []*supplier.Service {
	list, ok := m.found[name]
	if ok {
		return list
	}
	list = m.Behind(name)
	m.found[name] = list
	return list
}

// at is when the mapping last changed.
func (m *mapped) at() calendar.Micros {
	if m == nil {
		return 0
	}
	return m.MappedAt
}

// use is what a row tells of how much was used, as the file names things.
type use struct {
	Columns  []string // values, in the order of mapped.columns
	Measures []measure
}

// measure is two readings of a register of a meter, or a volume of a zone.
type measure struct {
	Meter, Register   string
	Prev, Cur, Volume decimal.Decimal
	HasPrev, HasCur   bool // otherwise only the volume is known
}

// meterRole is the role of the number on the meter that a row is about.
const meterRole = "meter"

// use takes from a row what facts of charging are made of; a supplier without a mapping costs nothing.
func (m *mapped) use(r *register.Row) *use {
	if m == nil {
		return nil
	}
	u := &use{}
	for _, name := range m.columns {
		u.Columns = append(u.Columns, columnOf(r, name))
	}
	serial := r.Extra[meterRole]
	for _, z := range r.Zones {
		if z.HasCur || !z.HasPrev {
			u.Measures = append(u.Measures, measure{Meter: cmp.Or(z.Meter, serial), Register: z.Name, Prev: z.Prev, Cur: z.Cur, Volume: z.Volume, HasPrev: z.HasPrev, HasCur: z.HasCur})
		}
	}
	if r.Has&register.HasReadingCur != 0 {
		u.Measures = append(u.Measures, measure{Meter: serial, Prev: r.ReadingPrev, Cur: r.ReadingCur, HasPrev: r.Has&register.HasReadingPrev != 0, HasCur: true})
	}
	if r.Has&register.HasVolume != 0 {
		u.Measures = append(u.Measures, measure{Volume: r.Volume})
	}
	return u
}

// columnOf is the value of a row's column by the name of its role.
func columnOf(r *register.Row, name string) string {
	switch name {
	case "service":
		return r.Service
	case "measure", "unit":
		return r.Measure
	case "share":
		return r.Share
	case "doc_kind":
		return r.DocKind
	}
	return r.Extra[name]
}

// column gives the values of a use by the names of columns.
func (m *mapped) column(u *use) func(string) string {
	return func(name string) string {
		if i := slices.Index(m.columns, name); i >= 0 && u != nil && i < len(u.Columns) {
			return strings.TrimSpace(u.Columns[i])
		}
		return ""
	}
}

// used is a row's use; what a reversal shows is taken back.
func (r *row) used() *use {
	if r.Use == nil || !r.Storno {
		return r.Use
	}
	back := r.Use.plain()
	for _, m := range r.Use.Measures {
		if !m.HasCur {
			m.Volume = -max(m.Volume, -m.Volume)
			back.Measures = append(back.Measures, m)
		}
	}
	return back
}

// plain is a use without its measures: those are of the account's own line, not of each service a document lists.
func (u *use) plain() *use {
	if u == nil {
		return nil
	}
	return &use{Columns: u.Columns}
}

// with adds what another row of the same account, service and month tells: volumes add up, of readings the later row's
// hold.
func (u *use) with(o *use) *use {
	switch {
	case u == nil:
		return o
	case o == nil:
		return u
	}
	sum := &use{Columns: u.Columns, Measures: slices.Clone(u.Measures)}
	for _, m := range o.Measures {
		at := slices.IndexFunc(sum.Measures, func(x measure) bool { return x.Meter == m.Meter && x.Register == m.Register && x.HasCur == m.HasCur })
		switch {
		case at < 0:
			sum.Measures = append(sum.Measures, m)
		case m.HasCur:
			sum.Measures[at] = m
		default:
			sum.Measures[at].Volume += m.Volume
		}
	}
	return sum
}

func (u *use) encode(e *encoder) {
	e.bool(u != nil)
	if u == nil {
		return
	}
	e.int(int64(len(u.Columns)))
	for _, s := range u.Columns {
		e.text(s)
	}
	e.int(int64(len(u.Measures)))
	for _, m := range u.Measures {
		e.text(m.Meter)
		e.text(m.Register)
		for _, v := range [...]decimal.Decimal{m.Prev, m.Cur, m.Volume} {
			e.int(int64(v))
		}
		e.bool(m.HasPrev)
		e.bool(m.HasCur)
	}
}

func decodeUse(d *decoder) *use {
	if !d.bool() {
		return nil
	}
	u := &use{}
	for i, n := int64(0), d.int(); i < n && d.err == nil; i++ {
		u.Columns = append(u.Columns, d.text())
	}
	for i, n := int64(0), d.int(); i < n && d.err == nil; i++ {
		m := measure{Meter: d.text(), Register: d.text()}
		m.Prev, m.Cur, m.Volume = decimal.Decimal(d.int()), decimal.Decimal(d.int()), decimal.Decimal(d.int())
		m.HasPrev, m.HasCur = d.bool(), d.bool()
		u.Measures = append(u.Measures, m)
	}
	return u
}
