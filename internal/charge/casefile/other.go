package casefile

import (
	"fmt"

	"kvit/internal/analytics"
	"kvit/internal/benefit"
	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/money"
	"kvit/internal/penalty"
	"kvit/internal/poll"
)

// compareOther compares subsidies, meetings, collection and instalments.
func (r *runner) compareOther(e *Expect, x *comparison) error {
	switch {
	case e.Subsidy != nil && r.c.Subsidy != nil:
		sum, err := r.c.Subsidy.sum()
		same(x, "subsidy", money.Amount(*e.Subsidy), sum)
		return err
	case e.Meeting != nil && r.c.Meeting != nil:
		return r.c.Meeting.compare(e.Meeting, x)
	case e.Collection != nil && r.c.Collection != nil:
		r.c.Collection.compare(e.Collection, x)
		return nil
	case e.Instalment != nil && r.c.Instalment != nil:
		return r.compareInstalment(e.Instalment, x)
	}
	return fmt.Errorf("ожиданию не хватает раздела случая: subsidy, meeting, collection или instalment")
}

func (s *Subsidy) sum() (money.Amount, error) {
	f := benefit.Family{Members: s.Persons, Standard: money.Amount(s.Standard), Income: money.Amount(s.Income), Minimum: money.Amount(s.Minimum) * money.Amount(s.Persons), Share: s.Share}
	a, err := benefit.Subsidy(f)
	if err == nil && s.Expenses != 0 {
		a = a.Within(money.Amount(s.Expenses))
	}
	return a.Sum, err
}

// majorities are the words of cases; any other word is a question of the book of majorities.
var majorities = map[string]poll.Majority{
	"majority":    {Of: poll.OfParticipants, Votes: 1, Out: 2, More: true},
	"half_of_all": {Of: poll.OfAll, Votes: 1, Out: 2, More: true},
	"two_thirds":  {Of: poll.OfAll, Votes: 2, Out: 3},
	"unanimous":   {Of: poll.OfAll, Votes: 1, Out: 1},
}

func (m *Meeting) compare(want *Resolution, x *comparison) error {
	outcome, err := m.decide("", "majority", 0)
	if err != nil {
		return err
	}
	if want.Quorum != nil {
		same(x, "quorum", *want.Quorum, outcome.Quorum)
	}
	if want.Carried == nil {
		return nil
	}
	for _, q := range m.Questions {
		if q.Name == want.Question {
			if outcome, err = m.decide(q.Name, q.Rule, q.For); err != nil {
				return err
			}
			x.name("question", q.Name, true)
			same(x, "carried", *want.Carried, outcome.Carried)
			return nil
		}
	}
	return fmt.Errorf("вопроса %q в собрании нет", want.Question)
}

func (m *Meeting) decide(name, rule string, votes decimal.Decimal) (o poll.Outcome, err error) {
	book := poll.Standard()
	q := poll.Question{Name: name}
	var ok bool
	if q.Majority, ok = majorities[rule]; !ok {
		if q, err = book.Question(rule); err != nil {
			return o, err
		}
	}
	var cast []poll.Vote
	if votes != 0 {
		cast = append(cast, poll.Vote{Area: votes, Choice: poll.For})
	}
	tally, err := poll.Count(m.Area, m.Participants, cast)
	if err != nil {
		return o, err
	}
	return book.Decide(q, tally), nil
}

func (c *Collection) compare(want *Rates, x *comparison) {
	of := analytics.Collection{Charged: money.Amount(c.Charged), Received: money.Amount(c.Received), OldDebt: money.Amount(c.Old), Advance: money.Amount(c.Advance)}
	for _, k := range [...]struct {
		key  string
		want *Figure
		rate analytics.Rate
	}{{"gross", want.Gross, of.Gross()}, {"current", want.Current, of.Current()}} {
		if k.want == nil {
			continue
		}
		percent, known := k.rate.Percent()
		x.number(k.key, *k.want, 0, percent.Exact())
		x.OK = x.OK && known
	}
}

// tryOther computes what stands apart from charges and debts, for a case that expects to be refused.
func (r *runner) tryOther() error {
	if r.c.Subsidy != nil {
		if _, err := r.c.Subsidy.sum(); err != nil {
			return err
		}
	}
	if r.c.Instalment != nil {
		if _, err := r.schedule(); err != nil {
			return err
		}
	}
	return nil
}

// schedule is the instalment plan of the case.
func (r *runner) schedule() ([]penalty.Instalment, error) {
	p := r.c.Instalment
	rules, err := penalty.Compile(r.catalog, calendar.DayOff)
	if err != nil {
		return nil, err
	}
	key, err := rules.KeyRate(p.From.First())
	if err != nil {
		return nil, err
	}
	return penalty.Schedule(penalty.Plan{Sum: money.Amount(p.Amount), First: p.From, Months: p.Months, Rate: p.Rate}, key)
}

func (r *runner) compareInstalment(want *PlanMonth, x *comparison) error {
	if p := r.c.Instalment; want.Offered != nil {
		same(x, "offered", *want.Offered, penalty.Jumped(money.Amount(p.Amount), money.Amount(p.YearAgo)))
	}
	if want.Month == 0 {
		if want.Offered == nil {
			return fmt.Errorf("ожиданию рассрочки не хватает month или offered")
		}
		return nil
	}
	list, err := r.schedule()
	if err != nil {
		return err
	}
	x.name("month", want.Month.String(), true)
	for i := range list {
		if list[i].Month == want.Month {
			if want.Amount != nil {
				same(x, "amount", money.Amount(*want.Amount), list[i].Part)
			}
			if want.Interest != nil {
				same(x, "interest", money.Amount(*want.Interest), list[i].Interest)
			}
			return nil
		}
	}
	x.figure("instalment", "есть", "нет такого месяца", false)
	return nil
}
