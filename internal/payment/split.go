package payment

import (
	"cmp"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/tariff"
)

// Split shares a payment over debts. The payer's choice is first: the supplier, service, month or penalty named. What is
// left goes by the rules of the payer's day: court costs; the debt due earliest, inside one month in proportion (ПП № 354
// п. 118), but nothing past limitation; penalty after all principal; the rest is an advance. A supplier with rules of his
// own shares what he gets by them. Parts add up to the kopeck, the largest remainders first, ties in the order of debts;
// the order debts are given in changes nothing. A sum above the debt without Ahead is refused.
func Split(debts []Debt, w Wish, rules *Rules) (Plan, error) {
	if len(debts) == 0 {
		return Plan{}, errNothing
	}
	s := newSplitting(debts, rules)
	var err error
	switch {
	case len(w.Lines) > 0:
		err = s.lines(w)
	case w.All:
		err = s.all(w)
	default:
		err = s.give(w.Sum, choice{month: w.Month, ahead: w.Ahead})
	}
	if err != nil {
		return Plan{}, err
	}
	return s.plan()
}

// rank is a place in the queue of debts.
type rank struct{ class, when, turn int }

// Classes of debts, in their order.
const (
	classCosts = iota
	classPrincipal
	classPenalty
)

func (a rank) compare(b rank) int {
	return cmp.Or(cmp.Compare(a.class, b.class), cmp.Compare(a.when, b.when), cmp.Compare(a.turn, b.turn))
}

// piece is one thing owed: a month's principal, the month's part of an instalment plan, or the penalty.
type piece struct {
	debt   int
	kind   string
	month  calendar.Month
	plan   bool
	owed   money.Amount // still
	queue  rank         // among all debts
	own    rank         // among those of its account, by its supplier's rules
	old    bool         // past limitation
	marked bool         // a penalty that is paid by name only
}

// gift is what a piece, or an advance, got.
type gift struct {
	debt   int
	piece  int // of an advance it says nothing
	kind   string
	month  calendar.Month // when it is told
	reason string
	amount money.Amount
}

type splitting struct {
	debts     []Debt
	rules     *Rules
	everybody rule
	of        []rule // by debt
	pieces    []piece
	gifts     []gift
}

func newSplitting(debts []Debt, rules *Rules) *splitting {
	debts = slices.Clone(debts)
	slices.SortStableFunc(debts, func(a, b Debt) int {
		return cmp.Or(cmp.Compare(a.BuildingID, b.BuildingID), cmp.Compare(a.AccountID, b.AccountID), cmp.Compare(a.ServiceID, b.ServiceID))
	})
	s := &splitting{debts: debts, rules: rules, everybody: rules.of("", commonLocality(debts)), of: make([]rule, len(debts))}
	for i := range debts {
		s.of[i] = rules.of(debts[i].Supplier, debts[i].Locality)
		s.addPieces(i)
	}
	return s
}

// commonLocality is where all debts are; the rule of a town is no rule for debts of two.
func commonLocality(debts []Debt) string {
	for i := range debts {
		if debts[i].Locality != debts[0].Locality {
			return ""
		}
	}
	return debts[0].Locality
}

func (s *splitting) addPieces(i int) {
	d, own := &s.debts[i], &s.of[i]
	newest, newestOwn := newestMonth(s.debts, func(*Debt) bool { return true }), newestMonth(s.debts, func(x *Debt) bool { return x.AccountID == d.AccountID })
	class := classPrincipal
	if own.court(d.Service) {
		class = classCosts
	}
	for _, b := range d.Buckets {
		for _, half := range [...]struct {
			plan bool
			sum  money.Amount
		}{{true, b.Plan}, {false, b.Amount - b.Plan}} {
			if half.sum > 0 {
				s.pieces = append(s.pieces, piece{
					debt: i, kind: PartDebt, month: b.Month, plan: half.plan, owed: half.sum, old: s.rules.expired(own.limitation, &b),
					queue: s.everybody.rank(class, &b, d.Service, half.plan, newest), own: own.rank(class, &b, d.Service, half.plan, newestOwn),
				})
			}
		}
	}
	if d.Penalty > 0 {
		r := rank{class: classPenalty}
		s.pieces = append(s.pieces, piece{debt: i, kind: PartPenalty, owed: d.Penalty, queue: r, own: r, marked: own.penalty == tariff.PenaltyMarked})
	}
}

func newestMonth(debts []Debt, chosen func(*Debt) bool) (newest calendar.Month) {
	for i := range debts {
		if chosen(&debts[i]) {
			for _, b := range debts[i].Buckets {
				newest = max(newest, b.Month)
			}
		}
	}
	return newest
}

// rank is the place of a month's debt by a rule.
func (o *rule) rank(class int, b *Bucket, service string, plan bool, newest calendar.Month) rank {
	r := rank{class: class, when: int(b.Month), turn: 2 * o.turn(service)}
	if o.months == tariff.AllTogether || o.months == tariff.NewestFirst && b.Month == newest {
		r.when = 0
	}
	if !plan || o.instalments != tariff.PlanFirst {
		r.turn++
	}
	return r
}

// choice is what a sum is for.
type choice struct {
	of    func(*Debt) bool // nil: all debts
	month calendar.Month   // named: first
	only  string           // PartDebt, PartPenalty; '' is both
	named bool             // the payer chose the debts themselves
	ahead bool
	whole bool // everything, also what is paid by name only
}

// takes tells whether a piece may be paid by the choice.
func (c *choice) takes(s *splitting, p *piece) bool {
	switch {
	case p.owed <= 0, c.of != nil && !c.of(&s.debts[p.debt]), c.only != "" && c.only != p.kind:
		return false
	case c.whole, c.only == PartPenalty && p.kind == PartPenalty:
		return true
	case p.old:
		return c.month != 0 && c.month == p.month
	}
	return !p.marked
}

// due is what a choice may pay.
func (s *splitting) due(c choice) (sum money.Amount) {
	for i := range s.pieces {
		if c.takes(s, &s.pieces[i]) {
			sum += s.pieces[i].owed
		}
	}
	return sum
}

// all pays everything there is, or everything of the month named.
func (s *splitting) all(w Wish) error {
	c := choice{whole: true, ahead: w.Ahead, month: w.Month}
	total := s.due(c)
	if w.Month != 0 {
		total = 0
		for i := range s.pieces {
			if s.pieces[i].kind == PartDebt && s.pieces[i].month == w.Month {
				total += s.pieces[i].owed
			}
		}
	}
	if total == 0 {
		return fault.New(fault.Invalid, "payment.nothing_due", "Всё оплачено. Чтобы заплатить вперёд, укажите сумму.")
	}
	return s.give(total, c)
}

func (s *splitting) lines(w Wish) error {
	for _, l := range w.Lines {
		if !slices.ContainsFunc(s.debts, func(d Debt) bool { return l.chooses(&d) }) {
			return fault.Newf(fault.Invalid, "payment.no_such_line", "В счёте нет строки %s:%s. Посмотрите строки: kvit bill show.", l.Supplier, l.Service).WithField("lines")
		}
		if err := s.give(l.Sum, choice{of: l.chooses, month: cmp.Or(l.Month, w.Month), only: l.Only, named: true, ahead: w.Ahead}); err != nil {
			return err
		}
	}
	return nil
}

// give shares a sum over the debts chosen.
func (s *splitting) give(sum money.Amount, c choice) error {
	if sum <= 0 || sum > SumMax {
		return fault.Newf(fault.Invalid, "payment.sum", "Сумма должна быть от 0,01 ₽ до %s.", SumMax.Format()).WithField("sum")
	}
	everything := c
	everything.whole = true
	c.whole = c.whole || sum == s.due(everything) // who pays exactly everything means everything
	if due := s.due(c); sum > due && !c.ahead {
		return s.above(sum, due, s.due(everything))
	}
	left := sum
	if c.month != 0 {
		named := c
		named.named = true
		left -= s.inTurn(left, s.chosen(&named, func(p *piece) bool { return p.kind == PartDebt && p.month == c.month }), &named)
	}
	from := len(s.gifts)
	left -= s.inTurn(left, s.chosen(&c, nil), &c)
	s.reshare(from, &c)
	if left == 0 {
		return nil
	}
	return s.surplus(left, &c)
}

// above refuses a sum that is more than may be paid without paying ahead.
func (s *splitting) above(sum, due, everything money.Amount) error {
	if everything > due {
		return fault.Newf(fault.Invalid, "payment.above_debt", "К оплате %s, а вы указали %s. Ещё %s платят отдельно, по названию: это пени или долг старше срока давности. Чтобы заплатить вперёд, выберите «вперёд» (--ahead).",
			due.Format(), sum.Format(), (everything - due).Format()).WithField("sum")
	}
	return fault.Newf(fault.Invalid, "payment.above_debt", "К оплате %s, а вы указали %s. Чтобы заплатить вперёд, выберите «вперёд» (--ahead).", due.Format(), sum.Format()).WithField("sum")
}

// chosen are the pieces of a choice, by their places in the queue.
func (s *splitting) chosen(c *choice, also func(*piece) bool) (list []int) {
	for i := range s.pieces {
		if p := &s.pieces[i]; c.takes(s, p) && (also == nil || also(p)) {
			list = append(list, i)
		}
	}
	slices.SortStableFunc(list, func(a, b int) int { return s.pieces[a].queue.compare(s.pieces[b].queue) })
	return list
}

// inTurn pays pieces sorted by their places, those of one place in proportion, and says how much it gave.
func (s *splitting) inTurn(left money.Amount, list []int, c *choice) (given money.Amount) {
	for len(list) > 0 && given < left {
		n := 1
		for n < len(list) && s.pieces[list[n]].queue == s.pieces[list[0]].queue {
			n++
		}
		given += s.together(left-given, list[:n], c)
		list = list[n:]
	}
	return given
}

// plan puts the gifts of each debt together by kind and month told.
func (s *splitting) plan() (Plan, error) {
	slices.SortStableFunc(s.gifts, func(a, b gift) int {
		return cmp.Or(cmp.Compare(a.debt, b.debt), cmp.Compare(order(a.kind), order(b.kind)), cmp.Compare(a.month, b.month))
	})
	var p Plan
	for i := 0; i < len(s.gifts); {
		first, n := s.gifts[i], i
		var sum money.Amount
		for n < len(s.gifts) && s.gifts[n].debt == first.debt && s.gifts[n].kind == first.kind && s.gifts[n].month == first.month {
			sum += s.gifts[n].amount
			n++
		}
		if sum > 0 {
			d := &s.debts[first.debt]
			p.Parts = append(p.Parts, PlanPart{d.BuildingID, d.AccountID, d.SupplierID, d.ServiceID, d.Supplier, d.Account, d.Service, first.kind, first.month, s.reasonOf(s.gifts[i:n]), sum})
		}
		if p.Sum += sum; first.kind == PartAdvance {
			p.Advance += sum
		}
		i = n
	}
	if p.Sum > SumMax {
		return p, fault.Newf(fault.Invalid, "payment.sum", "За один раз можно заплатить не больше %s. Разделите платёж.", SumMax.Format()).WithField("sum")
	}
	return p, nil
}

func order(kind string) int { return slices.Index([]string{PartDebt, PartPenalty, PartAdvance}, kind) }
