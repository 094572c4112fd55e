package appeal

import (
	"testing"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/charge/why"
	"kvit/internal/fault"
)

// TestTerms: working days of the production calendar, and plain days moved off a day off.
func TestTerms(t *testing.T) {
	for _, c := range []struct {
		name    string
		days    int
		working bool
		from    calendar.Date
		want    calendar.Date
	}{
		{"ten working days from a Monday", 10, true, 20261123, 20261207},
		{"three working days over a weekend", 3, true, 20261126, 20261201},
		{"over the holidays of January", 3, true, 20251230, 20260114},
		{"ten plain days end on a Sunday", 10, false, 20261126, 20261207},
	} {
		term := Term{Days: c.days, Working: c.working}
		if got := term.By(c.from); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestReasonsFitTheLine: what cannot be wrong with a line is not asked.
func TestReasonsFitTheLine(t *testing.T) {
	given := why.Calculation{Method: "given"}
	for _, c := range []struct {
		name     string
		x        why.Explanation
		has, not []string
	}{
		{"water by meter", why.Explanation{Origin: why.ByKvit, Title: "Холодная вода", Steps: []why.Calculation{{Method: "meter", Unit: "м³"}}}, []string{"reading", "rate", "quality", "other"}, []string{"norm", "average", "area", "persons", "penalty", "recalc"}},
		{"water by norm with factor", why.Explanation{Origin: why.ByKvit, Title: "Горячая вода", Steps: []why.Calculation{{Method: "normative", NormUnit: "m3/person/month", Persons: "2"}, {Kind: "surcharge", Factor: "1.5"}}}, []string{"norm", "factor", "persons"}, []string{"area"}},
		{"average", why.Explanation{Origin: why.ByKvit, Title: "Газ", Steps: []why.Calculation{{Method: "average"}}}, []string{"average", "reading"}, []string{"norm"}},
		{"upkeep by area", why.Explanation{Origin: why.BySupplier, Title: "Содержание жилого помещения", Steps: []why.Calculation{given}}, []string{"area", "rate"}, []string{"reading", "factor"}},
		{"a supplier's water", why.Explanation{Origin: why.BySupplier, Title: "ХВС", Steps: []why.Calculation{given}}, []string{"reading", "norm", "average", "factor"}, []string{"area", "common"}},
		{"common needs", why.Explanation{Origin: why.BySupplier, Title: "Холодная вода на общее имущество", Steps: []why.Calculation{given}}, []string{"common"}, nil},
		{"waste", why.Explanation{Origin: why.BySupplier, Title: "Обращение с ТКО", Steps: []why.Calculation{given}}, []string{"persons", "area"}, []string{"reading"}},
		{"recalculation and penalty", why.Explanation{Origin: why.BySupplier, Title: "Взнос", Steps: []why.Calculation{given}, Recalc: -5, Penalty: 7}, []string{"recalc", "penalty"}, nil},
		{"payments alone", why.Explanation{Origin: why.ByPayer}, []string{"paid", "other"}, []string{"rate", "quality"}},
	} {
		fits := map[string]bool{}
		for _, r := range Fit(&c.x) {
			fits[r.Code] = true
		}
		for _, code := range c.has {
			if !fits[code] {
				t.Errorf("%s: %s is not offered", c.name, code)
			}
		}
		for _, code := range c.not {
			if fits[code] {
				t.Errorf("%s: %s is offered", c.name, code)
			}
		}
	}
}

// TestStates walks every state with every press: what moves it, what is done already, what is refused.
func TestStates(t *testing.T) {
	explained := &Reply{Outcome: Explained, Words: "верно"}
	presses := map[string]func(*Appeal) (*Step, error){
		"send":     func(a *Appeal) (*Step, error) { return a.send(1, 20261207, "") },
		"accept":   func(a *Appeal) (*Step, error) { return a.accept() },
		"answer":   func(a *Appeal) (*Step, error) { return a.reply(explained, 1) },
		"reopen":   func(a *Appeal) (*Step, error) { return a.reopen("нет", 19700115, 20261207, "", time.UTC) },
		"solve":    func(a *Appeal) (*Step, error) { return a.solve() },
		"withdraw": func(a *Appeal) (*Step, error) { return a.withdraw() },
	}
	want := map[State]map[string]State{ // '': refused; the state itself: done already
		Draft:     {"send": Sent, "accept": "", "answer": "", "reopen": "", "solve": "", "withdraw": Withdrawn},
		Sent:      {"send": Sent, "accept": Accepted, "answer": Answered, "reopen": "", "solve": "", "withdraw": Withdrawn},
		Accepted:  {"send": Accepted, "accept": Accepted, "answer": Answered, "reopen": "", "solve": "", "withdraw": Withdrawn},
		Answered:  {"send": "", "accept": "", "answer": "", "reopen": Reopened, "solve": Solved, "withdraw": ""},
		Reopened:  {"send": "", "accept": Accepted, "answer": Answered, "reopen": Reopened, "solve": "", "withdraw": Withdrawn},
		Solved:    {"send": "", "accept": "", "answer": "", "reopen": "", "solve": Solved, "withdraw": ""},
		Withdrawn: {"send": "", "accept": "", "answer": "", "reopen": "", "solve": "", "withdraw": Withdrawn},
	}
	for _, s := range States {
		for press, fn := range presses {
			a := &Appeal{State: s, Round: 1, Answer: "другое", Outcome: Explained, AnsweredAt: 1}
			if s == Draft {
				a.Round = 0
			}
			if s == Reopened {
				a.Round = 2
			}
			step, err := fn(a)
			next := want[s][press]
			switch {
			case next == "" && !fault.Is(err, fault.Conflict):
				t.Errorf("%s of %s: %v", press, s, err)
			case next != "" && (err != nil || a.State != next || (step == nil) != (next == s)):
				t.Errorf("%s of %s: %s, step %v, %v", press, s, a.State, step, err)
			}
		}
	}
}

// TestAnswersAreToTheirRound: an answer written before an appeal was reopened does not close it.
func TestAnswersAreToTheirRound(t *testing.T) {
	a := &Appeal{State: Reopened, Round: 2}
	if _, err := a.reply(&Reply{Round: 1, Outcome: Explained, Words: "верно"}, 1); !fault.Is(err, fault.Conflict) || a.State != Reopened {
		t.Errorf("an answer to the first round: %v, %s", err, a.State)
	}
	if step, err := a.reply(&Reply{Round: 2, Outcome: Explained, Words: "верно"}, 1); err != nil || step == nil {
		t.Errorf("an answer to the second: %v", err)
	}
	if step, err := a.reply(&Reply{Round: 2, Outcome: Explained, Words: "верно"}, 2); err != nil || step != nil || a.AnsweredAt != 1 {
		t.Errorf("the same again: %v %v", step, err)
	}
}

// TestReopenEnds: «not solved» is taken for 30 days.
func TestReopenEnds(t *testing.T) {
	at := calendar.MicrosOf(calendar.Date(20261101).Time(time.UTC))
	for day, code := range map[calendar.Date]string{20261201: "", 20261202: "appeal.reopen_late"} {
		a := &Appeal{State: Answered, AnsweredAt: at}
		if _, err := a.reopen("нет", day, 20261215, "", time.UTC); err == nil && code != "" || err != nil && fault.CodeOf(err) != code {
			t.Errorf("%s: %v", day, err)
		}
	}
}

// TestEscalation: once a round, and only what is late.
func TestEscalation(t *testing.T) {
	a := &Appeal{State: Sent, AnswerBy: 20261207}
	if a.escalate(20261207, 1) != nil || a.escalate(20261208, 1) == nil || a.escalate(20261209, 1) != nil {
		t.Error("escalation is not once, the day after the term")
	}
	done := &Appeal{State: Answered, AnswerBy: 20261207}
	if done.escalate(20261209, 1) != nil {
		t.Error("an answered appeal is late")
	}
}

// TestTemplatesPutWordsIn: a fixed set, put in once, nothing computed (reliability.md S11).
func TestTemplatesPutWordsIn(t *testing.T) {
	words := map[string]string{"услуга": "{{сумма}}", "сумма": "5 ₽"}
	for text, want := range map[string]string{
		"{{услуга}}: {{сумма}}": "{{сумма}}: 5 ₽", "{{ сумма }}": "5 ₽", "{{.}} {{printf \"%s\" 1}} ${7*7} {{чужое}}": "{{.}} {{printf \"%s\" 1}} ${7*7} {{чужое}}", "{{{сумма}}}": "{5 ₽}",
	} {
		if got := Fill(text, words); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	for _, tpl := range templates {
		if got := (&Appeal{Service: "Вода", Month: 202610, Account: "1", Sum: 5}).Fill(tpl); placeholder.MatchString(got) {
			t.Errorf("%s leaves %s", tpl.Code, got)
		}
	}
}

// TestNumbersAreRead: nine digits, and told in groups.
func TestNumbersAreRead(t *testing.T) {
	n, err := newNumber()
	if err != nil || len(n) != numberDigits || len(ShowNumber(n)) != numberDigits+2 {
		t.Errorf("%s, %v", n, err)
	}
}
