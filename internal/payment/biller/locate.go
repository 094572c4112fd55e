package biller

import (
	"context"
	"strings"

	"kvit/internal/account"
	"kvit/internal/bill"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/payment/gateway/agent"
)

// target is what a payment to an account would pay.
type target struct {
	bill    *bill.Bill
	account int64 // 0: the whole basket
	debts   []payment.Debt
	rules   *payment.Rules // of the bill's day
}

// ask takes the debts of the bill.
func (t *target) ask() {
	t.debts, t.rules = bill.Payable([]*bill.Bill{t.bill})
	t.debts = of(t.debts, t.account)
}

// due is what the target owes.
func (t *target) due() (sum money.Amount) {
	for i := range t.debts {
		sum += t.debts[i].Due()
	}
	return sum
}

// locate finds what an agent's account means to a payment of a sum; zero asks what is due. An outcome other than OK says why it
// cannot be paid to.
func (m *Module) locate(ctx context.Context, a *Agent, number string, sum money.Amount) (*target, agent.Outcome, error) {
	if a.pattern != nil && !a.pattern.MatchString(number) {
		return nil, agent.BadAccount, nil
	}
	ref, id, outcome, err := m.findAccount(ctx, a, number)
	if fault.Is(err, fault.NotFound) {
		return nil, agent.NoAccount, nil
	}
	if err != nil || outcome != agent.OK {
		return nil, outcome, err
	}
	t := &target{}
	if a.Pays == PaysAccount {
		t.account = id
	}
	if t.bill, err = m.billOf(ctx, ref, id); err != nil {
		return nil, agent.Later, err
	}
	if err := m.askOf(ctx, t, sum); err != nil {
		return nil, agent.Later, err
	}
	switch {
	case len(t.debts) > 0:
		return t, agent.OK, nil
	case id != 0:
		outcome, err = m.silent(ctx, ref, id)
		return t, outcome, err
	}
	return t, agent.Unchecked, nil
}

// askOf learns what the target owes, and where a sum above it goes: to what will be charged.
func (m *Module) askOf(ctx context.Context, t *target, sum money.Amount) error {
	if sum <= t.bill.Total {
		if err := m.Bills.Owed(ctx, t.bill); err != nil {
			return err
		}
		if t.ask(); len(t.debts) > 0 && sum <= t.due() {
			return nil
		}
	}
	err := m.Bills.Ahead(ctx, t.bill)
	t.ask()
	return err
}

// findAccount gives the household of a number, and the account unless the number is a household's.
func (m *Module) findAccount(ctx context.Context, a *Agent, number string) (ref bill.Ref, id int64, outcome agent.Outcome, err error) {
	if a.Accounts == ByHousehold {
		code := bill.FoldCode(number)
		if _, err := account.ParseHouseholdCode(code); err != nil {
			return ref, 0, agent.BadAccount, nil //nolint:nilerr // its check sign is wrong: mistyped, not unknown
		}
		ref, err = m.Bills.FindByCode(ctx, code)
		return ref, 0, agent.OK, err
	}
	code := a.Supplier
	if a.Accounts == ByAny {
		named := false
		if code, number, named = strings.Cut(number, ":"); !named {
			return ref, 0, agent.BadAccount, nil
		}
	}
	if number = strings.TrimSpace(number); !strings.ContainsAny(number, "0123456789") {
		return ref, 0, agent.BadAccount, nil
	}
	ref, id, err = m.Bills.FindByAccount(ctx, strings.TrimSpace(code), number, 0)
	return ref, id, agent.OK, err
}

// billOf is the live bill of a household, or of an account in nobody's basket.
func (m *Module) billOf(ctx context.Context, ref bill.Ref, id int64) (*bill.Bill, error) {
	if ref.Household != 0 {
		return m.Bills.At(ctx, ref, 0)
	}
	return m.Bills.AtAccount(ctx, ref.Building, id, 0)
}

// silent tells why an account has no debts to pay: its premises are not there, or nothing was charged yet.
func (m *Module) silent(ctx context.Context, ref bill.Ref, id int64) (outcome agent.Outcome, err error) {
	outcome = agent.Unchecked
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		member, err := account.FindMember(ctx, tx, ref.Building, id, m.Now())
		if err == nil && member.Claim.Status == account.StatusRuledOut {
			outcome = agent.Inactive
		}
		return err
	})
	return outcome, err
}

// of narrows debts to those of one account; zero is all.
func of(debts []payment.Debt, account int64) (list []payment.Debt) {
	for _, d := range debts {
		if account == 0 || d.AccountID == account {
			list = append(list, d)
		}
	}
	return list
}

// info says who is paid and how much, without names.
func (t *target) info() string {
	var list []string
	for i := range t.bill.Suppliers {
		if s := &t.bill.Suppliers[i]; t.account == 0 || s.AccountID == t.account {
			list = append(list, s.Name+" "+max(0, s.Due).String())
		}
	}
	return strings.Join(list, " // ")
}
