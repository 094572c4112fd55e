package charge

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/event"
	"kvit/internal/ledger"
	"kvit/internal/money"
)

// wave is what some neighbouring buildings come to: rows ready to be written in one transaction. Its memory is used
// again.
type wave struct {
	first, last int64 // buildings
	lines       *db.Bulk
	issues      *db.Bulk
	done        *db.Bulk
	postings    *ledger.Batch
	sheets      []fact.Sheet
	news        []event.Event // corrections, as suppliers are told of them
	households  int64
	buildings   int64
	amount      money.Amount
}

func newWave() *wave {
	whole := func(kind db.Kind, names ...string) (list []db.Column) {
		for _, n := range names {
			list = append(list, db.Column{Name: n, Kind: kind})
		}
		return list
	}
	return &wave{
		lines: db.NewBulk("charge_line", slices.Concat(whole(db.Int8, "building_id", "account_id"), whole(db.Int4, "month"), whole(db.Int8, "run_id"), whole(db.Int4, "line_no"),
			whole(db.Int2, "service_no", "kind", "method", "formula", "component", "zone", "band", "party"), whole(db.Int4, "about"),
			whole(db.Int8, "service_id", "volume_e7", "rate_e7", "amount_kop"), whole(db.Bytes, "detail"))...),
		issues: db.NewBulk("charge_issue", slices.Concat(whole(db.Int8, "building_id", "account_id"), whole(db.Int4, "month"), whole(db.Int8, "run_id"), whole(db.Int4, "issue_no"),
			whole(db.Int2, "service_no"), whole(db.Int8, "service_id"), whole(db.Text, "code"))...),
		done: db.NewBulk("charge_building", slices.Concat(whole(db.Int8, "building_id"), whole(db.Int4, "month"), whole(db.Int8, "part", "run_id", "facts_at", "recorded_at"),
			whole(db.Int4, "households", "lines", "issues"), whole(db.Int8, "amount_kop"))...),
		postings: ledger.NewBatch(),
	}
}

func (w *wave) reset() {
	w.lines.Reset()
	w.issues.Reset()
	w.done.Reset()
	w.postings.Reset()
	w.sheets, w.news, w.households, w.buildings, w.amount = nil, nil, 0, 0, 0
}

// write writes the wave: the marks of buildings done go first, so that a second writer of one of them fails at once.
func (w *wave) write(ctx context.Context, tx *db.Tx, fresh bool) error {
	for _, b := range []*db.Bulk{w.done, w.lines, w.issues} {
		if err := tx.Load(ctx, b); err != nil {
			return err
		}
	}
	if err := w.postings.Write(ctx, tx, fresh); err != nil {
		return err
	}
	if err := fact.Store(ctx, tx, w.sheets); err != nil {
		return err
	}
	return event.Write(ctx, tx, w.news)
}

// posting is what an account owes more for a service.
type posting struct {
	account int64
	ref     uint16
	penalty bool
	amount  money.Amount
}

// name is the account of the book.
func (p *posting) name() string {
	if p.penalty {
		return ledger.Penalty
	}
	return ledger.Receivable
}

// filler computes buildings and fills waves. It is one worker's: its memory is used again.
type filler struct {
	run       *Run
	part      int64
	engine    *calc.Engine
	book      *calc.Book
	numbers   []int64
	suppliers map[int64]string // codes
	owners    map[int64]int64  // suppliers of their services
	heat      map[int64]int64  // services of suppliers that are the heat of another, by that other
	at        calendar.Micros  // the wave is recorded

	wave     *wave
	b        *fact.Building
	bill     calc.Bill
	was, now [sides]calc.Bill // of corrections
	recount  calc.Bill
	again    *fact.Loader
	only     []int64                                        // accounts asked about; nil is the whole building
	see      func(sub *fact.Sub, l *calc.Line, beside bool) // nil, or who looks at the lines besides
	overdue  *penalizer                                     // nil: no penalties are charged
	postings []posting
	detail   []byte
	seen     []bool // subscriptions of the household that have a line or an issue
	names    map[int64]string
	lineNo   int64
	issueNo  int64

	penaltyLines int64

	amount  money.Amount
	counted int64 // households of the building
}

// wants tells whether an account is asked about.
func (f *filler) wants(account int64) bool { return f.only == nil || slices.Contains(f.only, account) }

// begin begins a building.
func (f *filler) begin(w *wave, b *fact.Building) {
	f.wave, f.b = w, b
	f.postings, f.lineNo, f.issueNo, f.penaltyLines, f.amount, f.counted = f.postings[:0], 0, 0, 0, 0, int64(len(b.Households))
}

// household charges one household for the month and adds its lines.
func (f *filler) household(h *fact.Household) {
	f.book.Charge(&h.Premises, &f.bill)
	f.add(h)
	f.explainSilence(h)
}

// add writes the lines and issues of the bill.
func (f *filler) add(h *fact.Household) {
	f.seen = append(f.seen[:0], make([]bool, len(h.Subs))...)
	for i := range f.bill.Lines {
		l := &f.bill.Lines[i]
		f.seen[l.Sub] = true
		f.line(l, &h.Subs[l.Sub], isBeside(l, h.Subs[l.Sub].Mode))
	}
	for i := range f.bill.Issues {
		x := &f.bill.Issues[i]
		f.seen[x.Sub] = true
		f.issue(&h.Subs[x.Sub], x.Code)
	}
}

// explainSilence gives a reason to each subscription of the month that has no line and no issue.
func (f *filler) explainSilence(h *fact.Household) {
	first, last := f.run.Month.First(), f.run.Month.Last()
	for i := range h.Subs {
		switch {
		case f.seen[i]:
		case !f.b.Known(&h.Subs[i]):
			f.issue(&h.Subs[i], "charge.unknown_service")
		case h.Premises.Services[i].Days(first, last) > 0:
			f.issue(&h.Subs[i], "charge.nothing")
		}
	}
}

func (f *filler) line(l *calc.Line, sub *fact.Sub, beside bool) {
	f.lineNo++
	f.write(l, sub, beside, f.lineNo)
}

// write adds a line under a number.
func (f *filler) write(l *calc.Line, sub *fact.Sub, beside bool, no int64) {
	ref := f.refOf(l, sub)
	b := f.wave.lines
	b.Int(f.b.ID)
	b.Int(sub.AccountID)
	b.Int(int64(f.run.Month))
	b.Int(f.run.ID)
	b.Int(no)
	b.Int(f.number(l.Service))
	b.Int(storedKind(l.Kind, beside))
	for _, code := range [...]uint8{uint8(l.Method), uint8(l.Formula), uint8(l.Component), uint8(l.Zone), l.Band, l.Party} {
		b.Int(int64(code))
	}
	b.Int(int64(l.Month))
	b.Int(f.b.Refs[ref].ServiceID)
	b.Int(int64(l.Volume))
	b.Int(int64(l.Rate))
	b.Int(int64(l.Amount))
	f.detail = appendDetail(f.detail[:0], l)
	b.Bytes(f.detail)
	if f.see != nil {
		f.see(sub, l, beside)
	}
	if f.overdue != nil && f.notes(sub, l, beside) {
		f.overdue.fresh = append(f.overdue.fresh, freshLine{sub.AccountID, ref, f.number(l.Service), l.Month, l.Amount})
	}
	if l.Kind != calc.ReliefShown && !beside {
		f.owe(posting{sub.AccountID, ref, l.Kind == calc.Penalty, l.Amount})
	}
}

// refOf is the service a line belongs to: heat of hot water may be a service of its own for the supplier.
func (f *filler) refOf(l *calc.Line, sub *fact.Sub) uint16 {
	if l.Component != calc.Heat || len(f.heat) == 0 {
		return sub.Ref
	}
	r := f.b.Refs[sub.Ref]
	heat, ok := f.heat[r.ServiceID]
	if !ok {
		return sub.Ref
	}
	r.ServiceID = heat
	return f.b.RefOf(r)
}

func (f *filler) owe(p posting) {
	if n := len(f.postings); n > 0 && f.postings[n-1].account == p.account && f.postings[n-1].ref == p.ref && f.postings[n-1].penalty == p.penalty {
		f.postings[n-1].amount += p.amount
		return
	}
	f.postings = append(f.postings, p)
}

func (f *filler) issue(sub *fact.Sub, code string) {
	f.issueNo++
	b := f.wave.issues
	b.Int(f.b.ID)
	b.Int(sub.AccountID)
	b.Int(int64(f.run.Month))
	b.Int(f.run.ID)
	b.Int(f.issueNo)
	number := int64(0)
	if s, ok := f.engine.Service(f.b.Refs[sub.Ref].Code); ok {
		number = f.numbers[s]
	}
	b.Int(number)
	b.Int(f.b.Refs[sub.Ref].ServiceID)
	b.Text(code)
}

// end posts the building's lines and marks it done.
func (f *filler) end(txn int64) error {
	if err := f.post(txn); err != nil {
		return err
	}
	b := f.wave.done
	b.Int(f.b.ID)
	b.Int(int64(f.run.Month))
	b.Int(f.part)
	b.Int(f.run.ID)
	b.Int(int64(f.run.FactsAt))
	b.Int(int64(f.at))
	b.Int(f.counted)
	b.Int(f.lineNo + f.penaltyLines)
	b.Int(f.issueNo)
	b.Int(int64(f.amount))
	f.wave.buildings++
	f.wave.households += f.counted
	f.wave.amount += f.amount
	return nil
}

// post makes one transaction: what each account owes for each service, against what was charged for its supplier.
func (f *filler) post(txn int64) error {
	if len(f.postings) == 0 {
		return nil
	}
	refs := f.b.Refs
	slices.SortFunc(f.postings, func(a, b posting) int {
		return cmp.Or(cmp.Compare(a.account, b.account), cmp.Compare(refs[a.ref].ServiceID, refs[b.ref].ServiceID), cmp.Compare(a.name(), b.name()))
	})
	p := f.wave.postings
	p.Begin(ledger.Transaction{ID: txn, BuildingID: f.b.ID, Key: f.run.key(), Kind: "charge", EffectiveOn: f.run.Month.Last(), RecordedAt: f.at, Reason: f.run.Cause})
	f.credit(p)
	for i := 0; i < len(f.postings); {
		first, ref, sum := f.postings[i], &refs[f.postings[i].ref], money.Amount(0)
		for ; i < len(f.postings) && f.postings[i].account == first.account && f.postings[i].penalty == first.penalty && refs[f.postings[i].ref].ServiceID == ref.ServiceID; i++ {
			sum += f.postings[i].amount
		}
		p.Entry(first.name(), first.account, ref.SupplierID, ref.ServiceID, sum)
		f.amount += sum
		f.tell(first.account, sum)
	}
	if err := p.End(); err != nil {
		return fmt.Errorf("building %d: %w", f.b.ID, err)
	}
	return nil
}

// credit adds the other side: one entry for each service of a supplier.
func (f *filler) credit(p *ledger.Batch) {
	for i := range f.b.Refs {
		ref := &f.b.Refs[i]
		first := slices.IndexFunc(f.b.Refs, func(r fact.Ref) bool { return r.SupplierID == ref.SupplierID && r.ServiceID == ref.ServiceID }) == i
		sum, charged := money.Amount(0), false
		for k := range f.postings {
			if x := &f.b.Refs[f.postings[k].ref]; first && x.SupplierID == ref.SupplierID && x.ServiceID == ref.ServiceID {
				sum, charged = sum+f.postings[k].amount, true
			}
		}
		if charged {
			p.Entry(f.chargedName(ref.SupplierID), 0, ref.SupplierID, ref.ServiceID, -sum)
		}
	}
}

func (f *filler) chargedName(supplier int64) string {
	name, ok := f.names[supplier]
	if !ok {
		name = ledger.Charged(supplier)
		f.names[supplier] = name
	}
	return name
}
