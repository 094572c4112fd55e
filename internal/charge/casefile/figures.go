package casefile

import (
	"fmt"
	"strings"

	"kvit/internal/charge/calc"
	"kvit/internal/decimal"
	"kvit/internal/money"
)

// ofCharge tells whether an expectation is about a charge, or about the case being refused, which charging may bring about.
func (e *Expect) ofCharge() bool {
	return e.Penalty == nil && e.PenaltySum == nil && e.Due == 0 && e.Paid == nil && e.Balance == nil && e.Subsidy == nil && e.Meeting == nil && e.Collection == nil && e.Instalment == nil
}

func (r *runner) compare(e *Expect) (Compared, error) {
	if !e.ofCharge() {
		return r.compareMoney(e)
	}
	if r.c.Account == nil {
		return Compared{}, fmt.Errorf("ожидание о начислении, а раздела account в случае нет")
	}
	lines, err := r.chosen(e)
	if err != nil {
		return Compared{}, err
	}
	x := comparison{Compared: Compared{Expected: map[string]any{}, Got: map[string]any{}, OK: true}}
	x.name("in", e.In.String(), e.In != r.c.Month)
	for _, k := range [...]struct{ key, value string }{{"service", e.Service}, {"supplier", e.Supplier}, {"component", e.Component}, {"kind", e.Kind}, {"zone", e.Zone}, {"party", e.Party}, {"method", e.Method}, {"formula", e.Formula}} {
		x.name(k.key, k.value, k.value != "")
	}
	x.name("band", e.Band, e.Band != 0)
	x.name("month", e.Month.String(), e.Month != 0)
	r.figures(e, lines, &x)
	return x.Compared, nil
}

// comparison collects figures expected and got.
type comparison struct{ Compared }

func (x *comparison) name(key string, value any, given bool) {
	if given {
		x.Expected[key], x.Got[key] = value, value
	}
}

func (x *comparison) figure(key string, expected, got any, ok bool) {
	x.Expected[key], x.Got[key] = expected, got
	x.OK = x.OK && ok
}

func same[T comparable](x *comparison, key string, expected, got T) {
	x.figure(key, expected, got, expected == got)
}

// figures compares every figure an expectation names.
func (r *runner) figures(e *Expect, lines []*calc.Line, x *comparison) {
	sum := sumOf(lines)
	if e.Amount != nil {
		same(x, "amount", money.Amount(*e.Amount), sum.amount)
	}
	if e.Lines != nil {
		same(x, "lines", *e.Lines, len(lines))
	}
	if e.Issue != "" {
		same(x, "issue", e.Issue, r.issue(e))
	}
	nothing := e.Amount != nil && *e.Amount == 0 || e.Lines != nil || e.Issue != ""
	if len(lines) == 0 && (!nothing || e.asksDetails()) {
		x.figure("line", "есть", "нет такой строки", false)
		return
	}
	if e.Volume != nil {
		x.number("volume", *e.Volume, e.Step, sum.volume.Exact())
	}
	if e.Price != nil {
		x.number("price", *e.Price, 0, r.price(e, lines))
	}
	if len(lines) > 0 {
		r.details(e, lines, x)
	}
}

// asksDetails tells whether an expectation names what only a line can answer.
func (e *Expect) asksDetails() bool {
	return e.Rate != nil || e.Factor != nil || e.Persons != nil || e.Days != nil || e.Price != nil || e.Clause != "" || e.Reason != ""
}

func (r *runner) details(e *Expect, lines []*calc.Line, x *comparison) {
	first := lines[0]
	if e.Rate != nil {
		same(x, "rate", e.Rate.String(), first.Rate.String())
	}
	if e.Factor != nil {
		x.number("factor", *e.Factor, 0, first.Factor.Exact())
	}
	if e.Persons != nil {
		x.number("persons", *e.Persons, 0, decimal.Int(int64(first.PersonDays)).OverInt(int64(max(1, first.DaysOf))))
	}
	if e.Days != nil {
		same(x, "days", *e.Days, first.Days)
	}
	if e.Clause != "" {
		clause := r.engine.ClauseOf(first)
		x.figure("clause", e.Clause, clause, strings.Contains(strings.ToLower(clause), strings.ToLower(e.Clause)))
	}
	if e.Reason != "" {
		words := calc.Words(r.engine, first)
		x.figure("reason", e.Reason, words, strings.Contains(strings.ToLower(words), strings.ToLower(e.Reason)))
	}
}

// number compares a figure with as many digits as it is written with, or by the step given.
func (x *comparison) number(key string, expected Figure, step decimal.Decimal, got decimal.Ratio) {
	if step != 0 {
		n, err := got.Over(step).Round(0)
		rounded := decimal.Int(n).Times(step).Decimal()
		x.figure(key, expected.Value.String(), rounded.String(), err == nil && rounded == expected.Value)
		return
	}
	a, errA := got.Round(expected.Digits)
	b, errB := expected.Value.Exact().Round(expected.Digits)
	x.figure(key, expected.Value.String(), got.Text(decimal.Digits), errA == nil && errB == nil && a == b)
}
