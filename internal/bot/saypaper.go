package bot

import (
	"context"
	"slices"
	"strings"

	"kvit/internal/access"
	"kvit/internal/bot/chat"
	"kvit/internal/calendar"
)

// documents offers papers.
func (t *talk) documents() {
	if !t.mayPapers() {
		t.say("Справки по этому адресу открыты собственнику. Войдите на сайте по телефону или попросите его открыть их вам.", t.menu()...)
		return
	}
	var rows [][]chat.Button
	for _, d := range t.m.Documents {
		rows = append(rows, row(t.button(d.Title, "paper", d.Kind)))
	}
	t.say("Что прислать?", append(rows, row(command("Отмена", "help")))...)
}

// mayPapers tells whether the person may have papers of the home.
func (t *talk) mayPapers() bool {
	return len(t.m.Documents) > 0 && t.actor.Rights.Has(access.Documents)
}

// paperChosen warns before a paper is sent: names and addresses are in it, and the messenger will keep it.
func (t *talk) paperChosen(kind string) error {
	at := slices.IndexFunc(t.m.Documents, func(d Document) bool { return d.Kind == kind })
	if at < 0 {
		t.say("Такого документа нет.", t.menu()...)
		return nil
	}
	d := t.m.Documents[at]
	says, rows := "В файле есть имя и адрес, и он останется в мессенджере. Прислать?", [][]chat.Button{}
	if d.Period {
		for _, p := range periods(t.m.Today().Month()) {
			rows = append(rows, row(t.button(p.title, "send", d.Kind+":"+p.months)))
		}
		says = "За какое время? " + says
	} else {
		rows = append(rows, row(t.button("Прислать", "send", d.Kind)))
	}
	t.say(d.Title+". "+says, append(rows, row(command("Не надо", "help")))...)
	return nil
}

// period is some months up to the one before.
type period struct{ title, months string }

func periods(now calendar.Month) []period {
	last := now.Add(-1)
	from := func(first calendar.Month) string { return first.String() + ".." + last.String() }
	return []period{
		{"3 месяца", from(last.Add(-2))},
		{"12 месяцев", from(last.Add(-11))},
		{"С начала года", from(calendar.Month(last.Year()*100 + 1))},
	}
}

// paperSent makes a paper and sends it.
func (t *talk) paperSent(ctx context.Context, arg string) error {
	kind, months, _ := strings.Cut(arg, ":")
	if !t.mayPapers() || !slices.ContainsFunc(t.m.Documents, func(d Document) bool { return d.Kind == kind && d.Period == (months != "") }) {
		t.say("Этот документ сейчас не получить.", t.menu()...)
		return nil
	}
	name, body, err := t.m.Make(ctx, t.actor, kind, months)
	if err != nil {
		return t.refusable(err)
	}
	t.ask(asked{})
	t.out = append(t.out, chat.Message{Text: "Готово.", File: &chat.File{Name: name, Body: body}, Buttons: t.menu(), PressID: t.PressID})
	return nil
}
