package bot

import (
	"context"
	"slices"
	"strings"

	"kvit/internal/bot/chat"
	"kvit/internal/calendar"
	"kvit/internal/reading"
)

// fix is the answer to a doubt by which the figure is typed again.
const fix reading.Confirm = "fix"

// doubt asks about the first odd figure: nothing is written before it is answered.
func (t *talk) doubt(s *reading.Sheet, r *reading.Receipt, given []figure) {
	at := slices.IndexFunc(r.Lines, func(l reading.Line) bool { return l.State == reading.Asked })
	l := &r.Lines[at]
	t.ask(asked{Ask: askDoubt, Meter: l.Meter, Given: given, Reason: t.state.Reason})
	said, dial := doubtWords(r, l.Meter)
	if r.Effect != nil {
		for _, made := range r.Effect.Lines {
			if made.Service == l.Name {
				said = append(said, "За услугу выйдет "+made.After.Format()+" за месяц.")
			}
		}
	}
	t.say(strings.Join(said, " "), t.answers(dial)...)
}

// doubtWords are the figures of a meter and what is asked about them, each thing once; dial tells that one went back.
func doubtWords(r *reading.Receipt, meter int64) (said []string, dial bool) {
	var figures []string
	name := ""
	for i := range r.Lines {
		l := &r.Lines[i]
		if l.Meter != meter {
			continue
		}
		name, figures = inert(l.Name), append(figures, strings.TrimSpace(inert(l.ZoneName)+" "+comma(l.Value)))
		for _, d := range l.Doubts {
			says := strings.TrimRight(inert(d.Says), ".")
			if !strings.HasSuffix(says, "?") {
				says += "."
			}
			if !slices.Contains(said, says) {
				said = append(said, says)
			}
			dial = dial || d.Kind == reading.Lower || d.Kind == reading.Over
		}
	}
	return append([]string{name + ": " + strings.Join(figures, ", ") + "."}, said...), dial
}

// answers are what may be said to a doubt: of a figure lower than before, what happened to the meter.
func (t *talk) answers(dial bool) [][]chat.Button {
	if dial {
		return [][]chat.Button{row(t.button("Исправить", "doubt", fix)), row(t.button("Счётчик заменили", "doubt", reading.Replaced)), row(t.button("Прошёл через ноль", "doubt", reading.Rolled))}
	}
	return [][]chat.Button{row(t.button("Всё верно", "doubt", reading.Right), t.button("Исправить", "doubt", fix))}
}

// doubtAnswered goes on with the figures.
func (t *talk) doubtAnswered(ctx context.Context, answer reading.Confirm) error {
	sheet, err := t.sheet(ctx)
	if err != nil {
		return t.refusable(err)
	}
	meter, given := t.state.Meter, slices.Clone(t.state.Given)
	if t.state.Ask != askDoubt || !slices.Contains([]reading.Confirm{fix, reading.Right, reading.Rolled, reading.Replaced}, answer) {
		t.say("Этот вопрос уже закрыт. Что сделаем?", t.menu()...)
		return nil
	}
	if answer == fix {
		if c := cardOf(sheet, meter); c != nil {
			t.askFigure(c, slices.DeleteFunc(given, func(f figure) bool { return f.Meter == meter }))
			return nil
		}
	}
	for i := range given {
		if given[i].Meter == meter {
			given[i].Confirm = answer
		}
	}
	return t.give(ctx, sheet, given)
}

// receiptWords say what was taken, under which number, and in which bill it counts.
func receiptWords(r *reading.Receipt, m *Module) string {
	var lines []string
	said, same := "", true
	for i := range r.Lines {
		l := &r.Lines[i]
		line := "• " + inert(l.Name)
		if l.ZoneName != "" {
			line += ", " + inert(l.ZoneName)
		}
		line += ": " + comma(l.Value)
		if l.Volume != "" {
			line += ", расход " + comma(l.Volume) + "\u00a0" + l.Unit
		}
		for _, n := range l.Notes {
			line += ". " + inert(n)
		}
		lines = append(lines, line)
		same = same && l.State == reading.Same
		if said == "" {
			said, _ = l.CountsWords()
		}
	}
	head := "Показания приняты " + whenWords(r.At, m) + ", № " + r.Number + ". " + said
	if same {
		head = "Эти показания уже приняты"
		if r.Number != "" {
			head += ", № " + r.Number
		}
		head += "."
	}
	return head + "\n" + strings.Join(lines, "\n")
}

// comma writes a number as people do.
func comma(s string) string { return strings.Replace(s, ".", ",", 1) }

func whenWords(at calendar.Micros, m *Module) string {
	local := at.Time().In(m.Zone)
	return calendar.DateOf(local).Words() + " в " + local.Format("15:04")
}
