package settlement

import (
	"context"
	"fmt"
	"slices"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/ledger"
	"kvit/internal/money"
	"kvit/internal/restore"
	"kvit/internal/supplier"
)

// payoutIDs is how many ids a payout reserves: its own and those of its postings.
const payoutIDs = 4

// PrepareRequest is whom to pay and up to which closed day.
type PrepareRequest struct {
	Suppliers []string      // codes; none: all whose day it is
	Cutoff    calendar.Date // 0: the last closed day
}

// Prepared is what came of preparing payouts.
type Prepared struct {
	Payouts []Payout  `json:"payouts"`
	Skipped []Skipped `json:"skipped"`
}

// Skipped is a supplier who is not paid now, and why.
type Skipped struct {
	Supplier string `json:"supplier"`
	Why      string `json:"why"`
}

// Prepare works out payouts for all money counted up to a closed day and not paid yet. A supplier whose money does not add
// up is skipped, and why is told; the others are paid. It refuses with Conflict when an invariant is broken that may concern
// anybody, or no day is closed. A supplier named is paid whatever his schedule says.
func (m *Module) Prepare(ctx context.Context, actor string, req PrepareRequest) (*Prepared, error) {
	if err := restore.RefuseNow(ctx, m.DB, restore.StepReconcile); err != nil {
		return nil, err
	}
	stopped, err := m.findStopped(ctx)
	if err == nil {
		err = refuse(stopped.all, "payout.broken", "Перечислять нельзя")
	}
	if err != nil {
		return nil, err
	}
	if _, err := m.Suppliers.ApplyRequisites(ctx); err != nil {
		return nil, err
	}
	var all []supplier.Supplier
	err = m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = supplier.List(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	if all, err = chosen(all, req.Suppliers); err != nil {
		return nil, err
	}
	first, err := m.DB.NextIDs(ctx, payoutIDs*len(all)+1)
	if err != nil {
		return nil, err
	}
	var done *Prepared
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		done = &Prepared{Payouts: []Payout{}, Skipped: []Skipped{}}
		p, err := m.preparation(ctx, tx, actor, &req)
		if err != nil {
			return err
		}
		p.stopped = stopped
		for i := range all {
			if err := p.prepare(&all[i], first+int64(payoutIDs*i), done); err != nil {
				return err
			}
		}
		return nil
	})
	return done, err
}

// chosen are the suppliers of the codes, all when there are none.
func chosen(all []supplier.Supplier, codes []string) (list []supplier.Supplier, err error) {
	if len(codes) == 0 {
		return all, nil
	}
	for _, code := range codes {
		i := slices.IndexFunc(all, func(s supplier.Supplier) bool { return s.Code == code })
		if i < 0 {
			return nil, fault.Newf(fault.NotFound, "supplier.unknown", "Поставщика с кодом %q нет. Список: kvit suppliers list.", code)
		}
		list = append(list, all[i])
	}
	return list, nil
}

// preparation is one call of Prepare inside its transaction.
type preparation struct {
	ctx   context.Context //nolint:containedctx // it lives no longer than the call it serves
	tx    *db.Tx
	actor string
	now   calendar.Micros
	upTo  *Close
	terms contracts
	named bool
	*stopped
}

func (m *Module) preparation(ctx context.Context, tx *db.Tx, actor string, req *PrepareRequest) (*preparation, error) {
	cutoff := req.Cutoff
	if cutoff == 0 {
		cutoff = m.Today()
	}
	upTo, err := closedUpTo(ctx, tx, cutoff)
	if err != nil {
		return nil, err
	}
	if upTo == nil {
		return nil, fault.New(fault.Conflict, "payout.no_close", "Перечислять нечего: ни один день не закрыт. Сначала: kvit day close.")
	}
	terms, err := listContracts(ctx, tx, m.Now())
	return &preparation{ctx: ctx, tx: tx, actor: actor, now: m.Now(), upTo: upTo, terms: terms, named: len(req.Suppliers) > 0}, err
}

func (p *preparation) prepare(s *supplier.Supplier, id int64, done *Prepared) error {
	if why := p.why(s.ID); why != "" {
		done.Skipped = append(done.Skipped, Skipped{s.Code, why})
		return nil
	}
	x, why, err := p.work(s, id)
	if err != nil {
		return err
	}
	if why != "" {
		done.Skipped = append(done.Skipped, Skipped{s.Code, why})
	}
	if x == nil {
		return nil
	}
	if err := p.write(x); err != nil {
		return err
	}
	done.Payouts = append(done.Payouts, *x)
	return nil
}

// work finds what a supplier is to be paid; nil and why when he is not, nil and nothing when there is nothing of his.
func (p *preparation) work(s *supplier.Supplier, id int64) (x *Payout, why string, err error) {
	dues, err := listDues(p.ctx, p.tx, "WHERE supplier_id = $1 AND close_no <= $2 ORDER BY close_no", s.ID, p.upTo.No)
	if err != nil {
		return nil, "", err
	}
	past, err := listPayouts(p.ctx, p.tx, "WHERE p.supplier_id = $1 AND p.state <> 'cancelled' AND (p.state IN ('prepared', 'approved') OR p.state = 'returned' AND p.carried_by = 0 OR p.payout_id = (SELECT max(l.payout_id) FROM settlement_payout l WHERE l.supplier_id = $1 AND l.state <> 'cancelled')) ORDER BY p.payout_id", s.ID)
	if err != nil {
		return nil, "", err
	}
	terms := p.terms.at(s.ID, p.upTo.Day)
	x = &Payout{ID: id, SupplierID: s.ID, Supplier: s.Code, Name: s.Name, CloseNo: p.upTo.No, Cutoff: calendar.DayText(p.upTo.Day), PlannedOn: calendar.DayText(terms.Payout.PlannedOn(p.upTo.Day)), State: PayoutPrepared, Author: p.actor, PreparedAt: calendar.MomentText(p.now)}
	from, err := x.collect(p.ctx, p.tx, dues)
	if err != nil {
		return nil, "", err
	}
	x.carry(past)
	x.compute(terms.Hold.heldBack(dues, p.upTo.Day), terms.Payout.Threshold)
	x.Details = Details{Payee: payee(s), Purpose: x.purpose(&terms, from), Contract: terms.Number}
	switch {
	case len(past) > 0 && (past[len(past)-1].State == PayoutPrepared || past[len(past)-1].State == PayoutApproved):
		return nil, fmt.Sprintf("сначала отправьте или отмените перечисление № %d", past[len(past)-1].ID), nil
	case from == 0 && x.Paid == 0:
		return nil, "", nil
	case !p.named && x.PlannedOn.Date() > calendar.NextWorkday(p.upTo.Day.AddDays(1)):
		return nil, "по графику – " + x.PlannedOn.Date().Dotted(), nil
	case x.Paid > 0 && !x.Details.Payee.complete():
		return nil, "нет банковских реквизитов: kvit suppliers load", nil
	case x.Paid == 0:
		x.State = PayoutCarried
	}
	return x, "", nil
}

// collect adds up the closes that are in no payout yet, and gives the first payers' day in them; 0 when there are none.
func (p *Payout) collect(ctx context.Context, tx *db.Tx, dues []due) (from calendar.Date, err error) {
	var sum counted
	first := int64(0)
	for i := range dues {
		if dues[i].payout == 0 {
			sum.add(&dues[i].counted)
			if first == 0 {
				first = dues[i].closeNo
			}
		}
	}
	p.Payments, p.Collected, p.Refunded, p.Fee = sum.payments, sum.collected, sum.refunded, sum.fee
	if first == 0 {
		return 0, nil
	}
	err = tx.QueryRowContext(ctx, "SELECT min(day) FROM settlement_total WHERE supplier_id = $1 AND close_no BETWEEN $2 AND $3", p.SupplierID, first, p.CloseNo).Scan(&from)
	return from, err
}

// carry takes over what the last payout left and held, and what the bank gave back since.
func (p *Payout) carry(past []Payout) {
	for i := range past {
		if past[i].State == PayoutReturned && past[i].CarriedBy == 0 {
			p.Carried += past[i].Paid
		}
	}
	if len(past) > 0 {
		last := &past[len(past)-1]
		p.Previous = last.ID
		p.Carried += last.Left + last.Held
	}
}

// payee is the supplier with the bank details that are in force.
func payee(s *supplier.Supplier) Party {
	return Party{Name: s.Name, INN: s.INN, KPP: s.KPP, Bank: s.Bank, BIC: s.BIC, CorrAccount: s.CorrAccount, BankAccount: s.BankAccount}
}

// write stores a payout and takes what it pays out of the reach of others.
func (p *preparation) write(x *Payout) error {
	if err := insertPayout(p.ctx, p.tx, x); err != nil {
		return err
	}
	if _, err := p.tx.ExecContext(p.ctx, "UPDATE settlement_due SET payout_id = $1 WHERE supplier_id = $2 AND close_no <= $3 AND payout_id = 0", x.ID, x.SupplierID, x.CloseNo); err != nil {
		return err
	}
	if _, err := p.tx.ExecContext(p.ctx, "UPDATE settlement_payout SET carried_by = $1 WHERE supplier_id = $2 AND state = 'returned' AND carried_by = 0", x.ID, x.SupplierID); err != nil {
		return err
	}
	if x.State == PayoutCarried {
		held, err := x.holding(p.ctx, p.tx)
		if err != nil {
			return err
		}
		if err := x.post(p.ctx, p.tx, "carried", p.now, held); err != nil {
			return err
		}
	}
	return audit.Record(p.ctx, p.tx, p.now, p.actor, "payout."+x.State, fmt.Sprintf("payout:%d", x.ID), map[string]int64{"sum": int64(x.Paid), "close": x.CloseNo})
}

// holding are the entries that bring what is held of a supplier to what the payout holds.
func (p *Payout) holding(ctx context.Context, tx *db.Tx) ([]ledger.Entry, error) {
	held, err := heldOf(ctx, tx, p.SupplierID)
	if err != nil || held == p.Held {
		return nil, err
	}
	return []ledger.Entry{{Name: ledger.Payable(p.SupplierID), Amount: p.Held - held}, {Name: ledger.Held(p.SupplierID), Amount: held - p.Held}}, nil
}

// heldOf is what the centre's book holds back of a supplier.
func heldOf(ctx context.Context, tx *db.Tx, supplierID int64) (money.Amount, error) {
	list, err := ledger.ListNamed(ctx, tx, ledger.Centre)
	for _, b := range list {
		if b.Name == ledger.Held(supplierID) {
			return -b.Amount, err
		}
	}
	return 0, err
}
