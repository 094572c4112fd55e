package bill

import (
	"context"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/why"
)

// explainOwn opens a line Kvit charged: the lines of the runs it is made of, and what they went by.
func (m *Module) explainOwn(ctx context.Context, b *Bill, l *Line, x *why.Explanation) error {
	for _, month := range [...]calendar.Month{l.BillMonth, l.BillMonth.Add(1)} { // corrections may be made in a month not charged yet
		told, err := m.tell(ctx, b, l, month, func(t *charge.ToldLine) bool { return !t.Beside && !t.Repeats() })
		if err != nil {
			return err
		}
		for i := range told {
			steps, err := m.steps(ctx, l, &told[i])
			if err != nil {
				return err
			}
			x.Steps = append(x.Steps, steps...)
		}
		if month == l.BillMonth && len(told) > 0 {
			if x.Facts, err = m.facts(ctx, l, month, &told[0]); err != nil {
				return err
			}
		}
	}
	return nil
}

// setBeside adds to a supplier's line what Kvit finds of it, where it computes the service to compare.
func (m *Module) setBeside(ctx context.Context, b *Bill, l *Line, x *why.Explanation) error {
	told, err := m.tell(ctx, b, l, l.BillMonth, func(t *charge.ToldLine) bool { return t.Beside && t.Formula != calc.FormulaRecalculation })
	if err != nil || len(told) == 0 {
		return err
	}
	x.Beside = &why.Beside{Supplier: l.Charge}
	for i := range told {
		steps, err := m.steps(ctx, l, &told[i])
		if err != nil {
			return err
		}
		x.Beside.Steps = append(x.Beside.Steps, steps...)
		for _, t := range told[i].Lines {
			if t.Kind != calc.ReliefShown {
				x.Beside.Kvit += t.Amount
			}
		}
	}
	x.Beside.Difference = x.Beside.Supplier - x.Beside.Kvit
	x.Facts, err = m.facts(ctx, l, l.BillMonth, &told[0])
	return err
}

// tell reads of a month the lines of a bill's line that are wanted, run by run.
func (m *Module) tell(ctx context.Context, b *Bill, l *Line, month calendar.Month, want func(*charge.ToldLine) bool) (told []charge.Told, err error) {
	for _, building := range b.homes(l.AccountID) {
		there, err := m.charges.Tell(ctx, building, l.AccountID, month, b.Moment)
		if err != nil {
			return nil, err
		}
		told = append(told, there...)
	}
	for i := range told {
		told[i].Lines = slices.DeleteFunc(told[i].Lines, func(t charge.ToldLine) bool { return t.ServiceID != l.ServiceID || !want(&t) })
	}
	return slices.DeleteFunc(told, func(t charge.Told) bool { return len(t.Lines) == 0 }), nil
}

// steps puts the lines of a run into words; a correction says what it is about and why.
func (m *Module) steps(ctx context.Context, l *Line, t *charge.Told) ([]why.Calculation, error) {
	found, err := m.charges.Readings(ctx, t.Building, l.AccountID, t.Lines)
	if err != nil {
		return nil, err
	}
	lines := make([]calc.Line, len(t.Lines))
	for i := range t.Lines {
		lines[i] = t.Lines[i].Line
	}
	steps := why.Computed(t.Engine, lines, func(id int64) *why.Reading { return found[id] })
	if err := m.addPenaltyDays(ctx, l, t, steps); err != nil {
		return nil, err
	}
	for i := range steps {
		if lines[i].Formula != calc.FormulaRecalculation {
			continue
		}
		steps[i].About = lines[i].Month.String()
		if steps[i].Cause, err = m.cause(ctx, l, t, lines[i].Month); err != nil {
			return nil, err
		}
	}
	return steps, nil
}

// cause is why a month was corrected: what the run was made for, else the facts that came after the month was charged.
func (m *Module) cause(ctx context.Context, l *Line, t *charge.Told, about calendar.Month) (string, error) {
	if t.Run.Cause != "" {
		return t.Run.Cause, nil
	}
	facts, err := m.facts(ctx, l, about, t)
	var late []string
	for _, f := range facts {
		if f.Late {
			late = append(late, strings.ToLower(f.Name[:len("П")])+f.Name[len("П"):]+" – "+f.Value)
		}
	}
	if len(late) == 0 {
		return "показания или цены стали известны после расчёта", err
	}
	return "стало известно после расчёта: " + strings.Join(late, "; "), err
}

func (m *Module) facts(ctx context.Context, l *Line, month calendar.Month, t *charge.Told) ([]why.Fact, error) {
	var codes []string
	for i := range t.Lines {
		if code := t.Engine.Of(t.Lines[i].Service).Code; !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	facts, err := m.charges.Facts(ctx, t.Building, l.AccountID, codes, month, &t.Run)
	for i := range facts {
		facts[i].RecordedAt = m.stamp(facts[i].Recorded)
	}
	return facts, err
}
