package exchange

import (
	"kvit/internal/decimal"
	"kvit/internal/exchange/register"
	"kvit/internal/money"
)

// sums are the six figures of a register's row.
type sums struct{ Opening, Charge, Recalc, Penalty, Paid, Due money.Amount }

func (s *sums) add(o *sums) {
	s.Opening += o.Opening
	s.Charge += o.Charge
	s.Recalc += o.Recalc
	s.Penalty += o.Penalty
	s.Paid += o.Paid
	s.Due += o.Due
}

// computed is what the parts say is due.
func (s *sums) computed() money.Amount { return s.Opening + s.Charge + s.Recalc + s.Penalty - s.Paid }

// identity is what a row says of whose account it is.
type identity struct {
	Number, Printed                       string
	Numeric                               bool
	GroupPos                              int
	GroupAddress                          string
	ELS, FIO, Share                       string
	Address, Locality, Street, StreetType string
	House, Korp, Flat, Room               string
	Area                                  decimal.Decimal
	Residents                             int
	HasArea, HasResidents                 bool
}

// row is a register's row on its way through the spool.
type row struct {
	identity
	sums
	Pos                             int
	Service, Version, DocNo, DocRef string
	Meter                           string // number on the meter the row is about
	Storno, Repaired                bool
	Month                           int
	Volume, Tariff                  decimal.Decimal
	Has                             register.Mask
	Lines                           []register.Line
	Use                             *use
}

func fromRegister(r *register.Row, m *mapped) row {
	return row{
		identity: identity{Number: r.Account, Printed: r.Printed, Numeric: r.AccountNumeric, GroupPos: r.GroupPos, GroupAddress: r.GroupAddress,
			ELS: r.ELS, FIO: r.FIO, Share: r.Share, Address: r.Address, Locality: r.Locality, Street: r.Street, StreetType: r.StreetType,
			House: r.House, Korp: r.Korp, Flat: r.Flat, Room: r.Room, Area: r.Area, Residents: r.Residents,
			HasArea: r.Has&register.HasArea != 0, HasResidents: r.Has&register.HasResidents != 0},
		sums: sums{r.Opening, r.Charge, r.Recalc, r.Penalty, r.Paid, r.Due},
		Pos:  r.Pos, Service: r.Service, Version: r.Version, DocNo: r.DocNo, DocRef: r.DocRef, Meter: r.Extra[meterRole], Storno: r.Storno,
		Repaired: len(r.Findings) > 0, Month: int(r.Month), Volume: r.Volume, Tariff: r.Tariff, Has: r.Has, Lines: r.Lines,
		Use: m.use(r),
	}
}

func (id *identity) encode(e *encoder) {
	for _, s := range id.texts() {
		e.text(*s)
	}
	e.bool(id.Numeric)
	e.bool(id.HasArea)
	e.bool(id.HasResidents)
	e.int(int64(id.GroupPos))
	e.int(int64(id.Area))
	e.int(int64(id.Residents))
}

func (id *identity) decode(d *decoder) {
	for _, s := range id.texts() {
		*s = d.text()
	}
	id.Numeric, id.HasArea, id.HasResidents = d.bool(), d.bool(), d.bool()
	id.GroupPos, id.Area, id.Residents = int(d.int()), decimal.Decimal(d.int()), int(d.int())
}

func (id *identity) texts() [14]*string {
	return [...]*string{&id.Number, &id.Printed, &id.GroupAddress, &id.ELS, &id.FIO, &id.Share, &id.Address, &id.Locality, &id.Street,
		&id.StreetType, &id.House, &id.Korp, &id.Flat, &id.Room}
}

func (s *sums) encode(e *encoder) {
	for _, v := range [...]money.Amount{s.Opening, s.Charge, s.Recalc, s.Penalty, s.Paid, s.Due} {
		e.int(int64(v))
	}
}

func (s *sums) decode(d *decoder) {
	for _, v := range [...]*money.Amount{&s.Opening, &s.Charge, &s.Recalc, &s.Penalty, &s.Paid, &s.Due} {
		*v = money.Amount(d.int())
	}
}

func (r *row) encode(e *encoder) {
	r.identity.encode(e)
	r.sums.encode(e)
	e.int(int64(r.Pos))
	for _, s := range [...]string{r.Service, r.Version, r.DocNo, r.DocRef, r.Meter} {
		e.text(s)
	}
	e.bool(r.Storno)
	e.bool(r.Repaired)
	e.int(int64(r.Month))
	e.int(int64(r.Volume))
	e.int(int64(r.Tariff))
	e.int(int64(r.Has))
	e.int(int64(len(r.Lines)))
	for _, l := range r.Lines {
		e.text(l.Service)
		e.int(int64(l.Sum))
	}
	r.Use.encode(e)
}

func decodeRow(b []byte) (r row, err error) {
	d := &decoder{b: b}
	r.identity.decode(d)
	r.sums.decode(d)
	r.Pos = int(d.int())
	r.Service, r.Version, r.DocNo, r.DocRef, r.Meter = d.text(), d.text(), d.text(), d.text(), d.text()
	r.Storno, r.Repaired = d.bool(), d.bool()
	r.Month, r.Volume, r.Tariff, r.Has = int(d.int()), decimal.Decimal(d.int()), decimal.Decimal(d.int()), register.Mask(d.int())
	n := d.int()
	for i := int64(0); i < n && d.err == nil; i++ {
		r.Lines = append(r.Lines, register.Line{Service: d.text(), Sum: money.Amount(d.int())})
	}
	r.Use = decodeUse(d)
	return r, d.err
}
