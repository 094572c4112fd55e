package charge

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/money"
)

// lateMonths gives, for buildings charged before, the first month that facts recorded since then are about: months
// before this one that were charged already must be counted again.
func (m *Module) lateMonths(ctx context.Context, run *Run) (late map[int64]calendar.Month, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		late, err = listLate(ctx, tx, run, 0)
		return err
	})
	return late, err
}

// listLate is the same for one building; 0 is all.
func listLate(ctx context.Context, tx *db.Tx, run *Run, building int64) (map[int64]calendar.Month, error) {
	late := map[int64]calendar.Month{}
	where, args := "", []any{int64(run.FactsAt), int64(run.Month.First()), int64(run.Month)}
	if building != 0 {
		where, args = " AND t.building_id = $4", append(args, building)
	}
	err := tx.Scan(ctx, `SELECT t.building_id, min(t.from_day) FROM charge_touch t WHERE t.recorded_at <= $1 AND t.from_day < $2
		AND t.recorded_at > (SELECT max(b.facts_at) FROM charge_building b WHERE b.building_id = t.building_id AND b.part = 0 AND b.month < $3)`+where+`
		GROUP BY t.building_id`, args, func(v []int64, _ []byte) error {
		late[v[0]] = max(calendar.Date(v[1]).Month(), 1)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("late facts: %w", err)
	}
	return late, nil
}

// charged is what a building was charged for earlier months, by the month and account the lines are of. Corrections
// made later count to the month they correct.
type charged map[calendar.Month]map[int64][]chargedLine

type chargedLine struct {
	calc.Line
	run       int64
	serviceNo int64
	serviceID int64
	beside    bool
}

// listCharged reads what the building begun was charged for months from … to, penalties left out: they follow from what is
// owed and correct themselves. Of some accounts only, unless there is no scope.
func (f *filler) listCharged(ctx context.Context, tx *db.Tx, from, to calendar.Month, scope *fact.Scope) (charged, error) {
	list, args, and := charged{}, []any{f.b.ID, int64(from)}, ""
	if scope != nil {
		and = " AND " + db.In("account_id", scope.Accounts, &args)
	}
	rows := func(v []int64, _ []byte) error {
		l := chargedLine{run: v[2], serviceNo: v[4], serviceID: v[12]}
		of := calendar.Month(v[1])
		l.Kind, l.beside = readKind(v[5])
		l.Method, l.Formula = calc.Method(v[6]), calc.Formula(v[7])
		l.Component, l.Party, l.Month = calc.Component(v[8]), uint8(v[9]), calendar.Month(v[10])
		l.Volume, l.Amount = decimal.Decimal(v[11]), money.Amount(v[13])
		if l.Formula == calc.FormulaRecalculation {
			of = l.Month
		}
		if of < from || of > to {
			return nil
		}
		if list[of] == nil {
			list[of] = map[int64][]chargedLine{}
		}
		list[of][v[0]] = append(list[of][v[0]], l)
		return nil
	}
	err := tx.Scan(ctx, `SELECT account_id, month, run_id, line_no, service_no, kind, method, formula, component, party, about, volume_e7, service_id, amount_kop
		FROM charge_line WHERE building_id = $1 AND month >= $2 AND kind <> `+strconv.Itoa(int(calc.Penalty))+and+` ORDER BY account_id, month, run_id, line_no`, args, rows)
	if err != nil {
		return nil, fmt.Errorf("what building %d was charged: %w", f.b.ID, err)
	}
	return list, nil
}

// listMonths gives the months a building was charged in, from … to.
func listMonths(ctx context.Context, tx *db.Tx, building int64, from, to calendar.Month) (months []calendar.Month, err error) {
	err = tx.Scan(ctx, "SELECT month FROM charge_building WHERE building_id = $1 AND part = 0 AND month BETWEEN $2 AND $3 ORDER BY month",
		[]any{building, int64(from), int64(to)}, func(v []int64, _ []byte) error {
			months = append(months, calendar.Month(v[0]))
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("months of building %d: %w", building, err)
	}
	return months, nil
}

// correctMonths adds to the building begun the corrections of months charged before: what each comes to by what is
// known now, less what it was charged.
func (f *filler) correctMonths(ctx context.Context, tx *db.Tx, from, to calendar.Month) error {
	months, err := listMonths(ctx, tx, f.b.ID, from, to)
	if err != nil || len(months) == 0 {
		return err
	}
	of, err := f.recounted(ctx, tx, months)
	if err != nil || of != nil && len(of.Accounts) == 0 {
		return err
	}
	before, err := f.listCharged(ctx, tx, months[0], to, of)
	if err != nil {
		return err
	}
	b, err := f.loadAgain(ctx, tx, of)
	if err != nil || b == nil {
		return err
	}
	norms, err := f.normsKept(ctx, tx, months[0])
	if err != nil {
		return err
	}
	f.b = f.merged(b)
	for _, month := range months {
		b.In(f.engine, month)
		norms.in(b, month)
		if err := given(ctx, tx, b, month, f.run.FactsAt, f.heat); err != nil {
			return err
		}
		if err := sumFlats(ctx, tx, f.engine, b, month, f.run.FactsAt, f.heat, of == nil); err != nil {
			return err
		}
		f.correctMonth(month, before[month])
	}
	return nil
}

// loadAgain loads the building begun, or some households of it, with all readings.
func (f *filler) loadAgain(ctx context.Context, tx *db.Tx, of *fact.Scope) (*fact.Building, error) {
	if f.again == nil {
		f.again = &fact.Loader{}
	}
	f.again.Engine, f.again.Suppliers = f.engine, f.suppliers
	if of == nil {
		return f.again.LoadAll(ctx, tx, f.b.ID, f.run.FactsAt)
	}
	return f.again.LoadSome(ctx, tx, f.b.ID, of, f.run.FactsAt)
}

// recounted is the households to be counted again: of those that may have changed, the ones asked for.
func (f *filler) recounted(ctx context.Context, tx *db.Tx, months []calendar.Month) (*fact.Scope, error) {
	of, err := f.changed(ctx, tx, months)
	if err != nil || f.only == nil {
		return of, err
	}
	if of == nil || slices.ContainsFunc(of.Accounts, f.wants) {
		return &fact.Scope{Accounts: slices.Clone(f.only)}, nil
	}
	return &fact.Scope{}, nil
}

// changed is the households that months charged before may come to another sum for: those that facts or suppliers'
// figures recorded since then are about. Nil is all of them: the catalogue is not the one a run of these months went by.
func (f *filler) changed(ctx context.Context, tx *db.Tx, months []calendar.Month) (*fact.Scope, error) {
	first, last := int64(months[0]), int64(months[len(months)-1])
	var since calendar.Micros
	var others int64
	err := tx.QueryRowContext(ctx, `SELECT min(b.facts_at), sum(CASE WHEN r.catalog <> $4 THEN 1 ELSE 0 END) FROM charge_building b JOIN charge_run r ON r.run_id = b.run_id
		WHERE b.building_id = $1 AND b.month BETWEEN $2 AND $3`, f.b.ID, first, last, f.run.Catalog).Scan(&since, &others)
	if err != nil {
		return nil, fmt.Errorf("runs of building %d: %w", f.b.ID, err)
	}
	if others != 0 {
		return nil, nil
	}
	var accounts []int64
	err = tx.Scan(ctx, "SELECT DISTINCT account_id FROM charge WHERE building_id = $1 AND month BETWEEN $2 AND $3 AND recorded_at > $4 AND recorded_at <= $5",
		[]any{f.b.ID, first, last, int64(since), int64(f.run.FactsAt)}, func(v []int64, _ []byte) error {
			accounts = append(accounts, v[0])
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("charges of building %d: %w", f.b.ID, err)
	}
	return fact.Changed(ctx, tx, f.b.ID, since, f.run.FactsAt, accounts)
}

// merged makes the postings made so far go by the services of a building loaded again: the same ones, and maybe more.
func (f *filler) merged(b *fact.Building) *fact.Building {
	for i := range f.postings {
		f.postings[i].ref = b.RefOf(f.b.Refs[f.postings[i].ref])
	}
	f.counted = max(f.counted, int64(len(b.Households)))
	return b
}

// correctMonth adds the corrections of one month. What accounts were charged that are in no household any more is
// taken back.
func (f *filler) correctMonth(month calendar.Month, before map[int64][]chargedLine) {
	book := f.engine.Month(month)
	for i := range f.b.Households {
		h := &f.b.Households[i]
		book.Charge(&h.Premises, &f.recount)
		f.difference(h, before)
	}
	for _, account := range sortedKeys(before) {
		gone := &fact.Household{Subs: []fact.Sub{{AccountID: account}}}
		f.recount.Lines = f.recount.Lines[:0]
		f.difference(gone, before)
	}
}

// difference adds to the building what a household's month comes to now less what its accounts were charged for it. What
// is owed and what only stands beside a supplier's figure are two differences: a service may have passed from one to the
// other.
func (f *filler) difference(h *fact.Household, before map[int64][]chargedLine) {
	subs := len(h.Subs)
	f.takeCharged(h, before)
	for i := range f.recount.Lines {
		l := &f.recount.Lines[i]
		side := &f.now[sideOf(isBeside(l, h.Subs[l.Sub].Mode))]
		l.Sub = firstTerm(h, int(l.Sub))
		side.Lines = append(side.Lines, *l)
	}
	for side := range f.was {
		f.bill.Lines = f.bill.Lines[:0]
		calc.Correct(&f.was[side], &f.now[side], &f.bill)
		for i := range f.bill.Lines {
			l := &f.bill.Lines[i]
			f.line(l, &h.Subs[l.Sub], side == besideOwed)
		}
	}
	h.Subs = h.Subs[:subs]
}

// takeCharged takes what the accounts of a household were charged out of before.
func (f *filler) takeCharged(h *fact.Household, before map[int64][]chargedLine) {
	for side := range f.was {
		f.was[side].Lines, f.now[side].Lines = f.was[side].Lines[:0], f.now[side].Lines[:0]
	}
	for i := range h.Subs { // subOf may add more
		account := h.Subs[i].AccountID
		for _, l := range before[account] {
			l.Service, l.Sub = f.subOf(h, account, &l)
			side := &f.was[sideOf(l.beside)]
			side.Lines = append(side.Lines, l.Line)
		}
		delete(before, account)
	}
}

// The two sides of a month counted again.
const (
	owed       = iota
	besideOwed // beside a supplier's figure
	sides
)

func sideOf(beside bool) int {
	if beside {
		return besideOwed
	}
	return owed
}

// firstTerm is the first subscription of the same account and service: lines charged before do not tell the term.
func firstTerm(h *fact.Household, at int) uint16 {
	for i := range h.Premises.Services {
		if h.Subs[i].AccountID == h.Subs[at].AccountID && h.Premises.Services[i].Service == h.Premises.Services[at].Service {
			return uint16(i)
		}
	}
	return uint16(at)
}

// subOf finds the subscription of a line charged before; one that is no longer there is added for the time being.
func (f *filler) subOf(h *fact.Household, account int64, l *chargedLine) (calc.Service, uint16) {
	service := calc.Service(slices.Index(f.numbers, l.serviceNo))
	for i := range h.Premises.Services {
		if h.Subs[i].AccountID == account && h.Premises.Services[i].Service == service {
			return service, uint16(i)
		}
	}
	ref := f.b.RefOf(fact.Ref{ServiceID: l.serviceID, SupplierID: f.owners[l.serviceID], Code: f.codeOf(service)})
	for i := range h.Subs {
		if h.Subs[i].AccountID == account && h.Subs[i].Ref == ref {
			return service, uint16(i)
		}
	}
	h.Subs = append(h.Subs, fact.Sub{AccountID: account, Ref: ref})
	return service, uint16(len(h.Subs) - 1)
}

func (f *filler) codeOf(s calc.Service) string {
	if s < 0 {
		return ""
	}
	return f.engine.Of(s).Code
}

// number is the lasting number of a service; one the catalogue does not have any more is 0.
func (f *filler) number(s calc.Service) int64 {
	if s < 0 {
		return 0
	}
	return f.numbers[s]
}
