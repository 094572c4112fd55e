package city

import (
	"fmt"
	"slices"
	"strings"
)

// payDays is how payments spread over a month with the due day on the 15th, tenths of a percent; plausible.
var payDays = []int{22, 20, 24, 26, 41, 38, 36, 40, 44, 63, 46, 48, 58, 79, 96, 30, 24, 22, 20, 22, 20, 18, 17, 17, 24, 22, 18, 16, 15, 19, 18}

// payHours is how payments spread over a day, tenths of a percent; plausible.
var payHours = []int{6, 3, 2, 2, 3, 8, 20, 40, 60, 82, 88, 84, 78, 70, 64, 58, 54, 54, 60, 66, 62, 48, 30, 18}

// payment is one line of a register of payments.
type payment struct {
	day, hour, minute, second int
	operation                 string
	supplier, account         string
	amount                    int64
	defect                    *defect
}

// Rates of damaged payments per million lines.
const (
	repeatedPayments = 900
	unknownPayments  = 600
	reversedPayments = 500
)

// cashbook collects the payments of the month.
type cashbook struct {
	town     *town
	truth    *truth
	doors    []door
	lines    [][]payment
	supplier map[string]int64
	rates    []chance
	pending  []string
	seen     int
	sequence int
}

func newCashbook(t *town, tr *truth, defects float64) *cashbook {
	c := &cashbook{town: t, truth: tr, doors: t.set.doors, lines: make([][]payment, len(t.set.doors)), supplier: map[string]int64{}}
	for _, r := range []chance{{"pay_dup", repeatedPayments}, {"pay_unknown_account", unknownPayments}, {"pay_reversal", reversedPayments}} {
		c.rates = append(c.rates, chance{r.kind, int(float64(r.per) * defects)})
		if defects > 0 {
			c.pending = append(c.pending, r.kind)
		}
	}
	return c
}

// pay pays what the household's accounts say was paid: in one visit, or in two with a part of the basket each.
func (c *cashbook) pay(accounts []*account, r *rng) {
	paid := slices.DeleteFunc(slices.Clone(accounts), func(a *account) bool { return a.paid <= 0 })
	if len(paid) == 0 {
		return
	}
	weights := make([]int, len(c.doors))
	for i, d := range c.doors {
		weights[i] = d.share
	}
	at := r.weighted(weights...)
	visits := 1
	if r.percent(13) && len(paid) > 1 {
		visits = 2
	}
	for v := range visits {
		visit := c.visit(&c.doors[at], r)
		for i := v; i < len(paid); i += visits {
			c.put(at, visit, paid[i], r)
		}
	}
}

// visit draws when somebody pays and numbers the operation.
func (c *cashbook) visit(d *door, r *rng) payment {
	hour := r.weighted(payHours...)
	if d.office {
		hour = 9 + hour%10
	}
	return payment{day: 1 + r.weighted(payDays[:c.town.month.Last().Day()]...), hour: hour, minute: r.below(60), second: r.below(60), operation: c.operation(d)}
}

func (c *cashbook) operation(d *door) string {
	c.sequence++
	return fmt.Sprintf("%s%09d", d.prefix, (c.sequence*104_743+23)%1_000_000_000)
}

func (c *cashbook) put(at int, p payment, a *account, r *rng) {
	p.supplier, p.account, p.amount = c.town.set.layouts[a.trade].code, a.number, a.paid
	c.lines[at] = append(c.lines[at], p)
	c.supplier[p.supplier] += p.amount
	if c.doors[at].clean {
		return
	}
	kind := drawn(c.rates, r)
	if c.seen++; c.seen%97 == 0 && len(c.pending) > 0 {
		kind = c.pending[0]
	}
	if kind == "" {
		return
	}
	c.pending = slices.DeleteFunc(c.pending, func(k string) bool { return k == kind })
	c.spoil(kind, at, p, a)
}

// spoil adds what goes wrong with payments: the same line twice, a number nobody has, a payment taken back.
func (c *cashbook) spoil(kind string, at int, p payment, a *account) {
	more := func(q payment) { c.lines[at] = append(c.lines[at], q) }
	record := func(action string, q payment) *defect {
		d := c.truth.report(kind, q.supplier, a, action)
		d.Account, d.Operation, d.Amount = q.account, q.operation, &q.amount
		return d
	}
	switch kind {
	case "pay_dup":
		p.defect = record("ignore", p)
		more(p)
	case "pay_unknown_account":
		p.operation, p.account, p.amount = c.operation(&c.doors[at]), strangeNumber(p.account), 5000
		p.defect = record("suspense", p)
		p.defect.Household = ""
		more(p)
	case "pay_reversal":
		p.operation, p.amount = c.operation(&c.doors[at]), 10000
		more(p)
		p.amount = -10000
		p.defect = record("net", p)
		more(p)
	}
}

// strangeNumber is a number like that of an account but of nobody: numbers of one length lose a digit, and those
// of house and flat get a flat that is in no house.
func strangeNumber(number string) string {
	if i := strings.LastIndexAny(number, "-/"); i >= 0 {
		return number[:i+1] + "9999"
	}
	return number[:len(number)-1]
}

// sort puts the payments of a door in the order of time; equal times keep the order of the operation.
func sortPayments(list []payment) {
	slices.SortStableFunc(list, func(a, b payment) int {
		x := [...]int{a.day, a.hour, a.minute, a.second}
		y := [...]int{b.day, b.hour, b.minute, b.second}
		if c := slices.Compare(x[:], y[:]); c != 0 {
			return c
		}
		return strings.Compare(a.operation, b.operation)
	})
}
