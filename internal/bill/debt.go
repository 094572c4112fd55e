package bill

import (
	"kvit/internal/calendar"
	"kvit/internal/charge/why"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// Split shares a payment over what the bills of one payer's homes owe, by the rules of the day. Ahead must have been
// called for each.
func Split(bills []*Bill, w payment.Wish) (payment.Plan, error) {
	debts, rules := chosen(bills, w)
	return payment.Split(debts, w, rules)
}

// Payable are the debts of bills with the rules of their day.
func Payable(bills []*Bill) (debts []payment.Debt, rules *payment.Rules) {
	for _, b := range bills {
		debts, rules = append(debts, b.Debts()...), b.rules
	}
	return debts, rules
}

// Debts is what the bill's accounts owe, as a payment is split over it: per account and service, principal of the
// month billed and of the months before, penalty apart. Inside an account an overpaid service covers the others;
// between accounts nothing is covered. Of who pays a part of every line it is his part of each.
func (b *Bill) Debts() []payment.Debt {
	debts := b.wholeDebts()
	if b.Part != nil {
		cut(debts, b.Total)
	}
	return debts
}

func (b *Bill) wholeDebts() []payment.Debt {
	if b.Status == StatusDraft {
		return nil // never paid
	}
	byAccount := map[int64][]*Line{}
	var order []int64
	for i := range b.Lines {
		l := &b.Lines[i]
		if byAccount[l.AccountID] == nil {
			order = append(order, l.AccountID)
		}
		byAccount[l.AccountID] = append(byAccount[l.AccountID], l)
	}
	var debts []payment.Debt
	for _, id := range order {
		debts = append(debts, b.accountDebts(byAccount[id])...)
	}
	return b.withAhead(debts)
}

func (b *Bill) accountDebts(lines []*Line) []payment.Debt {
	due := shareDue(lines)
	late := b.penalties(lines)
	debts := make([]payment.Debt, len(lines))
	for i, l := range lines {
		d := payment.Debt{BuildingID: b.BuildingID, AccountID: l.AccountID, SupplierID: l.SupplierID, ServiceID: l.ServiceID, Supplier: l.Supplier, Service: l.Service,
			Account: l.Account, Locality: b.locality, LastCharge: max(0, l.Charge)}
		d.Penalty = min(late[i], due[i])
		principal := due[i] - d.Penalty
		whole := max(0, l.Charge+l.Recalc-min(0, l.PutOff)) // what is put off was owed before
		current := min(principal, whole)
		month := l.BillMonth
		if !month.Valid() {
			month = calendar.Month(199001)
		}
		d.Buckets = b.earlier[serviceOf{l.AccountID, l.ServiceID}].aged(principal-current, month)
		if current > 0 {
			d.Buckets = append(d.Buckets, payment.Bucket{Month: month, Amount: current, Plan: planLeft(l.PutOff, whole, current)})
		}
		debts[i] = d
	}
	return debts
}

// planLeft is what is not paid of a month's part of an instalment plan: what was paid of the month, ahead or since, has kept the plan
// first.
func planLeft(putOff, whole, unpaid money.Amount) money.Amount {
	return min(unpaid, max(0, putOff-(whole-unpaid)))
}

// penalties are what lines of an account still owe as penalty: of a supplier's line what he says, of Kvit's what is not
// paid of all it charged.
func (b *Bill) penalties(lines []*Line) []money.Amount {
	sums, weights := make([]money.Amount, len(lines)), make([]int64, len(lines))
	known := false
	for i, l := range lines {
		if sums[i] = max(0, l.Penalty); l.Origin == why.ByKvit {
			charged, ok := b.penalized[serviceOf{l.AccountID, l.ServiceID}]
			weights[i], known = max(0, int64(charged)), known || ok
		}
	}
	if !known {
		return sums
	}
	for i, sum := range money.Split(max(0, b.unpaidPenalty[lines[0].AccountID]), weights) {
		if lines[i].Origin == why.ByKvit {
			sums[i] = sum
		}
	}
	return sums
}

// shareDue spreads what an account owes in all over the lines that owe, in proportion.
func shareDue(lines []*Line) []money.Amount {
	weights := make([]int64, len(lines))
	var total money.Amount
	for i, l := range lines {
		total += l.Due
		weights[i] = max(0, int64(l.Due))
	}
	if total <= 0 {
		return make([]money.Amount, len(lines))
	}
	return money.Split(total, weights)
}
