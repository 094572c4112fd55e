package bot

import (
	"context"
	"slices"
	"strings"

	"kvit/internal/bot/chat"
	"kvit/internal/decimal"
	"kvit/internal/reading"
)

// bareFigure takes a figure without a name: of the only meter, else it is asked which.
func (t *talk) bareFigure(ctx context.Context, value decimal.Decimal) error {
	sheet, err := t.sheet(ctx)
	if err != nil {
		return t.refusable(err)
	}
	switch len(sheet.Cards) {
	case 0:
		t.say("На этом счёте нет счётчиков, по которым нужны показания.", t.menu()...)
		return nil
	case 1:
		t.ask(asked{Ask: askFigure, Meter: sheet.Cards[0].ID})
		return t.figureOf(ctx, sheet, value)
	}
	t.ask(asked{Value: value.String()})
	t.say("Чьё это показание – "+comma(value.String())+"?", t.meters(sheet)...)
	return nil
}

// meters are buttons of the meters of a home.
func (t *talk) meters(sheet *reading.Sheet) [][]chat.Button {
	rows := make([][]chat.Button, 0, len(sheet.Cards))
	for i := range sheet.Cards {
		c := &sheet.Cards[i]
		rows = append(rows, row(t.button(short(cardTitle(c)+sentWord(c)), "meter", c.ID)))
	}
	return rows
}

// taken says what was taken, and on a line of several homes, of which.
func (t *talk) taken(ctx context.Context, said string) error {
	if t.channel == SMS && len(t.homes) > 1 {
		name, err := t.homeWords(ctx)
		if err != nil {
			return err
		}
		said = name + ". " + said
	}
	t.say(said, t.menu()...)
	return nil
}

// asksReason asks why a figure differs from what a device tells by itself.
func (t *talk) asksReason(s *reading.Sheet, given []figure) bool {
	for _, f := range given {
		c := cardOf(s, f.Meter)
		if c == nil || c.Automatic() == 0 {
			continue
		}
		t.ask(asked{Ask: askReason, Meter: f.Meter, Given: given})
		t.say(cardTitle(c)+": этот счётчик передаёт показания сам. Напишите, почему ваша цифра другая.", row(command("Отмена", "help")))
		return true
	}
	return false
}

func (t *talk) reasonTyped(ctx context.Context) error {
	sheet, err := t.sheet(ctx)
	if err != nil {
		return t.refusable(err)
	}
	t.state.Reason = inert(t.Text)
	return t.give(ctx, sheet, t.state.Given)
}

// refused asks anew for the figure that cannot be one of its meter.
func (t *talk) refused(s *reading.Sheet, r *reading.Receipt, given []figure) {
	for i := range r.Lines {
		l := &r.Lines[i]
		if l.State != reading.Refused {
			continue
		}
		t.say("Показание " + comma(l.Value) + " не приняли. " + inert(strings.Join(l.Notes, ". ")) + ".")
		if c := cardOf(s, l.Meter); c != nil {
			t.askFigure(c, slices.DeleteFunc(slices.Clone(given), func(f figure) bool { return f.Meter == l.Meter }))
		}
		return
	}
}
