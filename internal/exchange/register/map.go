package register

import (
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/money"
)

// mapper turns cells into a Row. It belongs to one reading.
type mapper struct {
	*plan
	row    Row
	texts  []textSpan
	arena  []byte
	memory memory
	guards bool // texts may be guarded by an apostrophe: files spreadsheets open
}

type textSpan struct {
	field    *field
	from, to int
}

// memory keeps what repeats from row to row, so that it is understood and allocated once.
type memory struct {
	period  string
	month   calendar.Month
	dateRaw string
	date    calendar.Date
	service string
	text    string // the period as printed
	group   string // address of the group
}

func newMapper(pl *plan) *mapper {
	m := &mapper{plan: pl, guards: pl.p.Kind == KindCSV || pl.p.Kind == KindXLSX || pl.p.Kind == KindXLSXGrouped}
	m.row.reset(pl.unit)
	return m
}

// begin makes the row ready for the record at pos.
func (m *mapper) begin(pos int) {
	m.row.reset(m.unit)
	m.row.Pos = pos
	m.row.GroupAddress = m.p.HouseAddress
	m.texts, m.arena = m.texts[:0], m.arena[:0]
}

// apply understands the cells of one record.
func (m *mapper) apply(cells []cell) {
	if len(m.fixes) > 0 {
		m.mend(cells)
	}
	for i := range m.fields {
		f := &m.fields[i]
		switch {
		case f.role.money():
			m.money(f, cells)
		case f.role.decimal():
			m.decimal(f, cells)
		case f.role == roleResidents:
			m.residents(f, cells)
		case f.role == roleDate:
			m.date(f, cells)
		case f.role == rolePeriod:
			m.periodOf(f, cells)
		case f.role == roleMeters || f.role.zone():
			m.zones(f, cells)
		default:
			m.text(f, cells)
		}
	}
	m.settle()
	m.stampDay()
	m.account()
	m.storno()
}

// cell is the value of a slot with the role's transforms applied.
func (m *mapper) cell(f *field, slot int, cells []cell) cell {
	c := cells[slot]
	if c.kind == textCell {
		c.raw = trimSpace(c.raw)
	}
	if len(f.steps) > 0 && c.kind != absent {
		return runSteps(f.steps, c, m.enc)
	}
	return c
}

func trimSpace(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\t') {
		b = b[:len(b)-1]
	}
	return b
}

func (m *mapper) show(c cell) string {
	if c.kind == textCell {
		return strings.TrimSpace(m.enc.Text(c.raw))
	}
	return string(c.raw)
}

func (m *mapper) money(f *field, cells []cell) {
	target, bit := m.row.sum(f.role)
	for _, slot := range f.slots {
		c := m.cell(f, slot, cells)
		v, how := readMoney(c, m.p.Money, m.enc)
		switch how {
		case empty:
			continue
		case bad:
			m.reject("row.money_bad", f.name, m.show(c), "Сумму не разобрать. Ожидается, например, "+example(m.p.Money)+".")
			continue
		case odd:
			m.repair("row.amount_format", "amount_format", f.name, m.show(c), writeMoney(v, m.p.Money), "Сумма записана не так, как в остальном файле; прочитана без изменения величины.")
		}
		*target += v
		m.row.Has |= bit
	}
	if *target > money.Max || *target < -money.Max {
		m.reject("row.money_bad", f.name, target.String(), "Сумма больше допустимой.")
	}
}

func example(form string) string {
	switch form {
	case RubComma:
		return "1234,56"
	case KopeckInt:
		return "123456 (в копейках)"
	}
	return "1234.56"
}

// sum is the money field of a role and its bit of presence.
func (r *Row) sum(at role) (*money.Amount, Mask) {
	switch at {
	case roleOpening:
		return &r.Opening, HasOpening
	case roleCharge:
		return &r.Charge, HasCharge
	case roleRecalc:
		return &r.Recalc, HasRecalc
	case rolePenalty:
		return &r.Penalty, HasPenalty
	case rolePaid:
		return &r.Paid, HasPaid
	case roleDue:
		return &r.Due, HasDue
	case roleAmount:
		return &r.Amount, HasAmount
	case roleNet:
		return &r.Net, HasNet
	}
	return &r.Commission, HasCommission
}

func (r *Row) number(at role) (*decimal.Decimal, Mask) {
	switch at {
	case roleArea:
		return &r.Area, HasArea
	case roleVolume:
		return &r.Volume, HasVolume
	case roleTariff:
		return &r.Tariff, HasTariff
	case roleReadingPrev:
		return &r.ReadingPrev, HasReadingPrev
	}
	return &r.ReadingCur, HasReadingCur
}

func (m *mapper) decimal(f *field, cells []cell) {
	target, bit := m.row.number(f.role)
	for _, slot := range f.slots {
		c := m.cell(f, slot, cells)
		v, how := readDecimal(c, m.enc)
		switch how {
		case empty:
			continue
		case bad:
			m.reject("row.number_bad", f.name, m.show(c), "Число не разобрать. Исправьте его или оставьте поле пустым.")
			continue
		}
		*target += v
		m.row.Has |= bit
	}
}

func (m *mapper) residents(f *field, cells []cell) {
	c := m.cell(f, f.slots[0], cells)
	v, how := readDecimal(c, m.enc)
	switch {
	case how == empty:
	case how == bad || v < 0 || v > decimal.FromInt(1000):
		m.reject("row.number_bad", f.name, m.show(c), "Число жильцов не разобрать.")
	default:
		m.row.Residents = int(v / decimal.Scale)
		m.row.Has |= HasResidents
	}
}

func (r *Row) extra(name, value string) {
	if r.Extra == nil {
		r.Extra = map[string]string{}
	}
	r.Extra[name] = value
}

// means tells whether the value of the storno column says that the row reverses another.
func (m *mapper) means(s string) bool {
	if s == m.p.Storno {
		return true
	}
	switch strings.ToLower(s) {
	case "1", "true", "да", "y", "yes", "+", "t", "истина", "сторно":
		return true
	}
	return false
}

func (m *mapper) storno() {
	if m.p.Storno != "" && m.row.DocKind == m.p.Storno {
		m.row.Storno = true
	}
}
