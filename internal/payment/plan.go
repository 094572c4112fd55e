package payment

import (
	"cmp"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// Kinds of parts of a payment.
const (
	PartDebt    = "debt"    // principal, of whatever age
	PartPenalty = "penalty" // пени
	PartAdvance = "advance" // above what is due
)

// SumMax is the most one payment may be.
const SumMax = money.Amount(100_000_000)

// Bucket is principal that fell due in a month.
type Bucket struct {
	Month  calendar.Month
	Amount money.Amount
}

// Debt is what one account owes for one service: principal by age, oldest first, and penalty apart.
type Debt struct {
	BuildingID int64
	AccountID  int64
	SupplierID int64
	ServiceID  int64
	Supplier   string // code
	Service    string // as the supplier names it
	Account    string // number as printed
	Buckets    []Bucket
	Penalty    money.Amount
	LastCharge money.Amount // of a month; a surplus is shared in proportion to it
}

func (d *Debt) principal() (sum money.Amount) {
	for _, b := range d.Buckets {
		sum += b.Amount
	}
	return sum
}

// Due is everything the debt holds.
func (d *Debt) Due() money.Amount { return d.principal() + d.Penalty }

// Wish is what the payer asks for. Exactly one of All, Sum and Lines is given.
type Wish struct {
	All   bool
	Sum   money.Amount
	Lines []WishLine
	Ahead bool // paying above what is due is meant
}

// WishLine is a sum for a supplier, or for one of its services.
type WishLine struct {
	Supplier string
	Account  string // '' is any account of the supplier
	Service  string // '' is any service of the supplier, unless Exact
	Exact    bool
	Sum      money.Amount
}

// chooses tells whether the line means a debt.
func (l *WishLine) chooses(d *Debt) bool {
	return d.Supplier == l.Supplier && (l.Account == "" || d.Account == l.Account) && (d.Service == l.Service || l.Service == "" && !l.Exact)
}

// PlanPart is one recipient of a payment.
type PlanPart struct {
	BuildingID int64        `json:"-"`
	AccountID  int64        `json:"-"`
	SupplierID int64        `json:"-"`
	ServiceID  int64        `json:"-"`
	Supplier   string       `json:"supplier"`
	Account    string       `json:"account"`
	Service    string       `json:"service"`
	Kind       string       `json:"kind"`
	Amount     money.Amount `json:"amount"`
}

// Plan is how a payment is split; its parts add up to Sum. What is shown is what is posted.
type Plan struct {
	Sum     money.Amount
	Advance money.Amount
	Parts   []PlanPart
}

// Split shares a payment over debts: the payer's choice first; else the oldest debt first, inside one month in
// proportion (ПП № 354 п. 118), penalty after all principal (ГК РФ ст. 319 as read by the Plenum of 22.11.2016
// № 54 п. 49); what is left is an advance in proportion to the last charges. Parts add up to the kopeck. The order
// of debts changes nothing. A sum above the debt without Ahead is refused.
func Split(debts []Debt, w Wish) (Plan, error) {
	debts = slices.Clone(debts)
	slices.SortFunc(debts, func(a, b Debt) int {
		return cmp.Or(cmp.Compare(a.BuildingID, b.BuildingID), cmp.Compare(a.AccountID, b.AccountID), cmp.Compare(a.ServiceID, b.ServiceID))
	})
	if len(debts) == 0 {
		return Plan{}, fault.New(fault.Invalid, "payment.nothing", "По этому счёту ещё ничего не начислено, платить нечего.")
	}
	s := &splitting{debts: debts, paid: make([]paid, len(debts))}
	var err error
	switch {
	case len(w.Lines) > 0:
		err = s.lines(w)
	case w.All:
		if total := s.due(nil); total > 0 {
			err = s.give(total, nil, w.Ahead)
		} else {
			err = fault.New(fault.Invalid, "payment.nothing_due", "Всё оплачено. Чтобы заплатить вперёд, укажите сумму.")
		}
	default:
		err = s.give(w.Sum, nil, w.Ahead)
	}
	if err != nil {
		return Plan{}, err
	}
	return s.plan()
}

// paid is what a debt gets.
type paid struct{ principal, penalty, advance money.Amount }

type splitting struct {
	debts []Debt
	paid  []paid
}

// due is what the debts chosen still owe after what earlier lines of the wish gave them; nil chooses all.
func (s *splitting) due(chosen func(*Debt) bool) (sum money.Amount) {
	for i := range s.debts {
		if chosen == nil || chosen(&s.debts[i]) {
			sum += s.debts[i].Due() - s.paid[i].principal - s.paid[i].penalty
		}
	}
	return sum
}

func (s *splitting) lines(w Wish) error {
	for _, l := range w.Lines {
		chosen := l.chooses
		if !slices.ContainsFunc(s.debts, func(d Debt) bool { return chosen(&d) }) {
			return fault.Newf(fault.Invalid, "payment.no_such_line", "В счёте нет строки %s:%s. Посмотрите строки: kvit bill show.", l.Supplier, l.Service).WithField("lines")
		}
		if err := s.give(l.Sum, chosen, w.Ahead); err != nil {
			return err
		}
	}
	return nil
}

// give shares a sum over the debts chosen: month after month, then penalty, then ahead.
func (s *splitting) give(sum money.Amount, chosen func(*Debt) bool, ahead bool) error {
	if sum <= 0 || sum > SumMax {
		return fault.Newf(fault.Invalid, "payment.sum", "Сумма должна быть от 0,01 ₽ до %s.", SumMax.Format()).WithField("sum")
	}
	if due := s.due(chosen); sum > due && !ahead {
		return fault.Newf(fault.Invalid, "payment.above_debt", "К оплате %s, а вы указали %s. Чтобы заплатить вперёд, выберите «вперёд» (--ahead).", due.Format(), sum.Format()).WithField("sum")
	}
	left := sum
	for _, month := range s.months(chosen) {
		left -= s.share(left, chosen, func(i int) money.Amount { return s.owedOf(i, month) }, func(i int, a money.Amount) { s.paid[i].principal += a })
	}
	left -= s.share(left, chosen, func(i int) money.Amount { return s.debts[i].Penalty - s.paid[i].penalty }, func(i int, a money.Amount) { s.paid[i].penalty += a })
	s.shareAhead(left, chosen)
	return nil
}

func (s *splitting) months(chosen func(*Debt) bool) (list []calendar.Month) {
	for i := range s.debts {
		if chosen != nil && !chosen(&s.debts[i]) {
			continue
		}
		for _, b := range s.debts[i].Buckets {
			list = append(list, b.Month)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// owedOf is what a debt still owes of a month, after what it got for earlier ones.
func (s *splitting) owedOf(i int, month calendar.Month) money.Amount {
	var upTo money.Amount
	for _, b := range s.debts[i].Buckets {
		if b.Month <= month {
			upTo += b.Amount
		}
	}
	return max(0, upTo-s.paid[i].principal)
}

// share gives each chosen debt what it owes, or its proportion when there is not enough; it returns what it gave.
func (s *splitting) share(left money.Amount, chosen func(*Debt) bool, owed func(int) money.Amount, add func(int, money.Amount)) money.Amount {
	weights := make([]int64, len(s.debts))
	var total money.Amount
	for i := range s.debts {
		if chosen == nil || chosen(&s.debts[i]) {
			o := max(0, owed(i))
			weights[i] = int64(o)
			total += o
		}
	}
	if left <= 0 || total == 0 {
		return 0
	}
	given := min(left, total)
	for i, part := range money.Split(given, weights) {
		add(i, part)
	}
	return given
}

// shareAhead shares a surplus in proportion to the last charges; equally when nothing was charged.
func (s *splitting) shareAhead(left money.Amount, chosen func(*Debt) bool) {
	if left <= 0 {
		return
	}
	weights := make([]int64, len(s.debts))
	any := false
	for i := range s.debts {
		if chosen == nil || chosen(&s.debts[i]) {
			weights[i] = max(0, int64(s.debts[i].LastCharge))
			any = any || weights[i] > 0
		}
	}
	for i := range s.debts {
		if !any && (chosen == nil || chosen(&s.debts[i])) {
			weights[i] = 1
		}
	}
	for i, part := range money.Split(left, weights) {
		s.paid[i].advance += part
	}
}

func (s *splitting) plan() (Plan, error) {
	var p Plan
	for i := range s.debts {
		for _, k := range [...]struct {
			kind   string
			amount money.Amount
		}{{PartDebt, s.paid[i].principal}, {PartPenalty, s.paid[i].penalty}, {PartAdvance, s.paid[i].advance}} {
			if k.amount == 0 {
				continue
			}
			d := &s.debts[i]
			p.Parts = append(p.Parts, PlanPart{d.BuildingID, d.AccountID, d.SupplierID, d.ServiceID, d.Supplier, d.Account, d.Service, k.kind, k.amount})
			p.Sum += k.amount
			if k.kind == PartAdvance {
				p.Advance += k.amount
			}
		}
	}
	if p.Sum > SumMax {
		return p, fault.Newf(fault.Invalid, "payment.sum", "За один раз можно заплатить не больше %s. Разделите платёж.", SumMax.Format()).WithField("sum")
	}
	return p, nil
}
