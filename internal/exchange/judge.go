package exchange

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/decimal"
	"kvit/internal/exchange/register"
	"kvit/internal/money"
)

// Verdicts: every row of a file ends in exactly one.
const (
	VerdictApplied     = "applied"
	VerdictRepaired    = "repaired"
	VerdictIgnored     = "ignored"
	VerdictQuarantined = "quarantined"
)

// finding is what the judge has to say about one row.
type finding struct {
	Pos                                          int
	Unit                                         string // where it differs from the file's: house
	Account                                      string
	Code, Type, Verdict, Field, Value, Now, Hint string
	Row                                          string // text of the row, kept for fixing
}

// line is one charge of a judged account: a service, or ” for what is known only of the whole account.
type line struct {
	sums
	Service        string
	Month          int
	Pos            int
	Volume, Tariff decimal.Decimal
	Given          charge.Given
	Use            *use
}

// month is the row's own, else the file's.
func (l *line) month(f *file) calendar.Month {
	if m := calendar.Month(l.Month); m.Valid() {
		return m
	}
	return f.month
}

// judged is an account as one file tells of it, after duplicates, versions and reversals are settled.
type judged struct {
	identity
	Pos               int
	Applied, Repaired int // rows of each verdict, so that a later refusal of the account can take them back
	Lines             []line
	Doubled           []doubled
}

// judge settles the rows of one account: the highest version wins, equal rows count once, a reversal nets, a
// closing balance that does not follow from its parts is recomputed, rows that contradict each other are
// quarantined. The order of rows says nothing, except which of two equal rows is called the copy.
func judge(rows []row, emit func(finding)) judged {
	slices.SortFunc(rows, func(a, b row) int { return cmp.Compare(a.Pos, b.Pos) })
	out := judged{identity: rows[0].identity, Pos: rows[0].Pos}
	rows = dropDuplicates(reversals(dropOldVersions(rows, emit)), func(r *row) {
		out.addDoubled(r)
		emit(contradiction(r))
	}, emit)
	for i := range rows {
		out.identity.fill(&rows[i].identity)
		if rows[i].settle(emit) {
			out.Repaired++
		} else {
			out.Applied++
		}
		out.addRow(&rows[i])
	}
	return out
}

// fill takes from another row of the same account what this one leaves empty.
func (id *identity) fill(o *identity) {
	mine, theirs := id.texts(), o.texts()
	for i := range mine {
		if *mine[i] == "" {
			*mine[i] = *theirs[i]
		}
	}
	if !id.HasArea && o.HasArea {
		id.Area, id.HasArea = o.Area, true
	}
	if !id.HasResidents && o.HasResidents {
		id.Residents, id.HasResidents = o.Residents, true
	}
}

func dropOldVersions(rows []row, emit func(finding)) []row {
	top := rows[0].Version
	for i := range rows {
		if compareVersions(rows[i].Version, top) > 0 {
			top = rows[i].Version
		}
	}
	kept := rows[:0]
	for _, r := range rows {
		if r.Version == top {
			kept = append(kept, r)
			continue
		}
		emit(finding{Pos: r.Pos, Code: "row.superseded", Type: "corr_version", Verdict: VerdictIgnored, Field: "version", Value: r.Version, Now: top,
			Hint: fmt.Sprintf("Есть более новая версия %s этого счёта, строка не учтена.", top)})
	}
	return kept
}

// compareVersions compares numbers as numbers, everything else as text.
func compareVersions(a, b string) int {
	x, errX := strconv.ParseInt(a, 10, 64)
	y, errY := strconv.ParseInt(b, 10, 64)
	if errX == nil && errY == nil {
		return cmp.Compare(x, y)
	}
	return cmp.Compare(a, b)
}

// reversals marks the documents that reverse another of the account without saying so by their kind: they name it, and
// their charge is negative.
func reversals(rows []row) []row {
	for i := range rows {
		r := &rows[i]
		r.Storno = r.Storno || r.DocRef != "" && r.Charge < 0 && slices.ContainsFunc(rows, func(o row) bool { return o.DocNo == r.DocRef && o.Pos != r.Pos })
	}
	return rows
}

// settle recomputes what does not follow and says so; it reports whether the row counts as repaired.
func (r *row) settle(emit func(finding)) bool {
	repaired := r.Repaired
	full := r.Has&(register.HasOpening|register.HasCharge) == register.HasOpening|register.HasCharge
	hasDue := r.Has&register.HasDue != 0
	switch {
	case r.Storno:
		emit(finding{Pos: r.Pos, Code: "row.storno", Type: "storno", Verdict: VerdictRepaired, Field: "charge", Value: r.Charge.String(),
			Hint: "Сторно: сумма вычтена из начисления."})
		repaired = true
	case full && hasDue && r.Due != r.computed():
		emit(finding{Pos: r.Pos, Code: "row.due_mismatch", Type: "wrong_sum", Verdict: VerdictRepaired, Field: "due", Value: r.Due.String(), Now: r.computed().String(),
			Hint: "Итог не сходится с остатком, начислением и оплатой. Учтена сумма по частям."})
		repaired = true
	}
	if full || !hasDue {
		r.Due = r.computed()
	}
	return repaired
}

// given carries over which sums were printed.
func (r *row) given() (g charge.Given) {
	for _, pair := range [...]struct {
		has register.Mask
		bit charge.Given
	}{{register.HasOpening, charge.GivenOpening}, {register.HasCharge, charge.GivenCharge}, {register.HasRecalc, charge.GivenRecalc},
		{register.HasPenalty, charge.GivenPenalty}, {register.HasPaid, charge.GivenPaid}, {register.HasDue, charge.GivenDue}} {
		if r.Has&pair.has != 0 {
			g |= pair.bit
		}
	}
	return g
}

// addRow spreads a settled row over the account's lines. A document that lists its services keeps balances that
// are known only as a whole in the line ”.
func (j *judged) addRow(r *row) {
	if len(r.Lines) == 0 {
		j.addLine(line{sums: r.sums, Service: r.Service, Month: r.Month, Pos: r.Pos, Volume: r.Volume, Tariff: r.Tariff, Given: r.given(), Use: r.used()})
		return
	}
	whole := r.sums
	for _, l := range r.Lines {
		part := sums{Charge: l.Sum, Due: l.Sum}
		j.addLine(line{sums: part, Service: l.Service, Month: r.Month, Pos: r.Pos, Given: charge.GivenCharge, Use: r.Use.plain()})
		whole.Charge -= l.Sum
		whole.Due -= l.Sum
	}
	j.addLine(line{sums: whole, Service: "", Month: r.Month, Pos: r.Pos, Given: r.given()})
}

func (j *judged) addLine(l line) {
	for i := range j.Lines {
		if j.Lines[i].Service == l.Service && j.Lines[i].Month == l.Month {
			j.Lines[i].sums.add(&l.sums)
			j.Lines[i].Volume += l.Volume
			j.Lines[i].Given |= l.Given
			j.Lines[i].Use = j.Lines[i].Use.with(l.Use)
			return
		}
	}
	j.Lines = append(j.Lines, l)
}

func (j *judged) encode(e *encoder) {
	j.identity.encode(e)
	e.int(int64(j.Pos))
	e.int(int64(j.Applied))
	e.int(int64(j.Repaired))
	e.int(int64(len(j.Lines)))
	for i := range j.Lines {
		l := &j.Lines[i]
		l.sums.encode(e)
		e.text(l.Service)
		for _, v := range [...]int64{int64(l.Month), int64(l.Pos), int64(l.Volume), int64(l.Tariff), int64(l.Given)} {
			e.int(v)
		}
		l.Use.encode(e)
	}
	e.int(int64(len(j.Doubled)))
	for i := range j.Doubled {
		d := &j.Doubled[i]
		e.text(d.Service)
		for _, v := range [...]int64{int64(d.Month), int64(d.Pos), int64(d.Told), int64(d.Low), int64(d.High)} {
			e.int(v)
		}
	}
}

func decodeJudged(b []byte) (j judged, err error) {
	d := &decoder{b: b}
	j.identity.decode(d)
	j.Pos, j.Applied, j.Repaired = int(d.int()), int(d.int()), int(d.int())
	n := d.int()
	for i := int64(0); i < n && d.err == nil; i++ {
		var l line
		l.sums.decode(d)
		l.Service = d.text()
		l.Month, l.Pos, l.Volume, l.Tariff, l.Given = int(d.int()), int(d.int()), decimal.Decimal(d.int()), decimal.Decimal(d.int()), charge.Given(d.int())
		l.Use = decodeUse(d)
		j.Lines = append(j.Lines, l)
	}
	n = d.int()
	for i := int64(0); i < n && d.err == nil; i++ {
		x := doubled{Service: d.text()}
		x.Month, x.Pos, x.Told, x.Low, x.High = int(d.int()), int(d.int()), int(d.int()), money.Amount(d.int()), money.Amount(d.int())
		j.Doubled = append(j.Doubled, x)
	}
	return j, d.err
}
