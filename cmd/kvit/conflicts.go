package main

import (
	"io"
	"strconv"
	"strings"

	"kvit/internal/app"
	"kvit/internal/calendar"
	"kvit/internal/conflict"
	"kvit/internal/money"
	"kvit/internal/text"
)

type conflictsCmd struct {
	List   conflictsListCmd   `cmd:"" help:"Что поставщики сообщают по-разному об одной квартире."`
	Show   conflictsShowCmd   `cmd:"" help:"Одно расхождение: кто что сообщает, откуда и когда."`
	Decide conflictsDecideCmd `cmd:"" help:"Решить, кто прав; или решить все расхождения о чём-то по правилу."`
	Rules  conflictsRulesCmd  `cmd:"" help:"Кому верить: показать правила или загрузить свои."`
}

// withConflicts opens the program and looks for conflicts in what came since somebody looked last.
func (r *run) withConflicts(fn func(a *app.App) error) error {
	return r.withApp(func(a *app.App) error {
		stop := r.busy()
		err := a.Conflicts.Refresh(r.ctx)
		stop()
		if err != nil {
			return err
		}
		return fn(a)
	})
}

type conflictsListCmd struct {
	Attribute string `help:"О чём: area, residents, owner, flat, meter_number, meter_digits, meter_verified." placeholder:"СВЕДЕНИЯ"`
	Supplier  string `help:"Код одного из тех, кто спорит." placeholder:"КОД"`
	House     string `help:"Код дома в реестре." placeholder:"ДОМ"`
	State     string `default:"open" enum:"open,decided,agreed,all" help:"open – ждут решения, decided – решены, agreed – сошлись сами, all – все."`
	Older     int    `help:"Старше стольких дней." placeholder:"ДНЕЙ"`
	Effect    string `help:"Меняют начисление месяца хотя бы на столько рублей." placeholder:"РУБЛЕЙ"`
	Limit     int    `default:"0" help:"Сколько показать; 0 – все."`
}

func (c conflictsListCmd) Run(r *run) error {
	f := conflict.Filter{Attribute: conflict.Attribute(c.Attribute), Supplier: c.Supplier, House: c.House, State: conflict.State(c.State), All: c.State == "all", OlderDays: c.Older, Limit: c.Limit}
	if c.Effect != "" {
		var err error
		if f.EffectMin, err = money.Parse(c.Effect); err != nil {
			return invalid("--effect", c.Effect, "100", err)
		}
	}
	return r.withConflicts(func(a *app.App) error {
		list, err := a.Conflicts.List(r.ctx, operator, f)
		if err != nil {
			return err
		}
		return r.print(list, func() {
			for i := range list {
				r.sayConflict(&list[i])
			}
			if len(list) == 0 {
				r.say("Расхождений нет.")
			}
		})
	})
}

func (r *run) sayConflict(x *conflict.Shown) {
	r.say("№ %s: %s, %s, %s", x.ID, r.attributeTitle(x), strings.TrimSpace(x.Address+" "+x.Object), r.lang().Word(conflictState(x.State)))
	for _, c := range x.Claims {
		r.say("    %-16s %-14s %-24s %s, %s", c.Who, c.Account, c.Value, r.lang().Said(c.Source), c.Recorded)
	}
	switch {
	case x.Value != "":
		r.say("    решено: %s, %s (%s)", x.Value, x.Reason, x.Actor)
	case x.Suggested != "":
		r.say("    правило предлагает: %s (%s)", x.Suggested, x.By)
	}
	if x.Effect != 0 {
		r.say("    меняет начисление месяца на %s", x.Effect.Format())
	}
}

// attributeTitle is what a conflict is about. In English it is called as the JSON and the commands call it.
func (r *run) attributeTitle(x *conflict.Shown) string {
	if r.lang() == text.English {
		return strings.ReplaceAll(string(x.Attribute), "_", " ")
	}
	return x.Title
}

func conflictState(s conflict.State) string {
	return map[conflict.State]string{conflict.Open: "ждёт решения", conflict.Decided: "решено", conflict.Agreed: "сошлись"}[s]
}

type conflictsShowCmd struct {
	ID int64 `arg:"" name:"НОМЕР" help:"Номер из kvit conflicts list."`
}

func (c conflictsShowCmd) Run(r *run) error {
	return r.withConflicts(func(a *app.App) error {
		list, err := a.Conflicts.Show(r.ctx, operator, c.ID)
		if err != nil {
			return err
		}
		return r.print(list, func() {
			for i := range list {
				r.sayConflict(&list[i])
			}
		})
	})
}

type conflictsDecideCmd struct {
	ID     string `arg:"" optional:"" name:"НОМЕР" help:"Номер из kvit conflicts list."`
	As     string `help:"Кто прав: код поставщика или centre." placeholder:"КОД"`
	Value  string `help:"Верное значение, если никто не прав." placeholder:"ЗНАЧЕНИЕ"`
	Rule   string `help:"Решить по правилу все расхождения об этих сведениях: area, residents …" placeholder:"СВЕДЕНИЯ"`
	Reason string `help:"Почему так решено." placeholder:"ПРИЧИНА"`
	From   string `help:"С какого дня верно; без него – с первого месяца, который не закрыт." placeholder:"ДЕНЬ"`
	DryRun bool   `help:"Только показать, что изменится."`
}

func (c conflictsDecideCmd) Run(r *run) error {
	if (c.ID == "") == (c.Rule == "") {
		return invalid("НОМЕР", c.ID, "kvit conflicts decide 12 --as uk --reason …", nil)
	}
	if c.Rule != "" {
		return r.withConflicts(func(a *app.App) error { return c.bulk(r, a) })
	}
	id, err := strconv.ParseInt(c.ID, 10, 64)
	if err != nil {
		return invalid("НОМЕР", c.ID, "12", err)
	}
	j := conflict.Judgement{ID: id, As: c.As, Value: c.Value, Reason: c.Reason, DryRun: c.DryRun}
	if c.From != "" {
		if j.From, err = calendar.ParseDate(c.From); err != nil {
			return invalid("--from", c.From, "2026-11-01", err)
		}
	}
	return r.withConflicts(func(a *app.App) error {
		out, err := a.DecideConflict(r.ctx, operator, j)
		if err != nil {
			return err
		}
		return r.print(out, func() {
			if j.DryRun {
				r.say("Это была проверка: ничего не записано.")
			} else {
				r.say("Решено: %s. Поставщики узнают об этом из ленты событий.", out.Value)
			}
			if out.Month != "" {
				r.say("Начисление за %s: было %s, станет %s.", out.Month, out.Before.Format(), out.After.Format())
			}
		})
	})
}

func (c conflictsDecideCmd) bulk(r *run, a *app.App) error {
	b, err := a.Conflicts.DecideByRule(r.ctx, operator, conflict.Attribute(c.Rule), c.Reason, c.DryRun)
	if err != nil {
		return err
	}
	return r.print(b, func() {
		for _, x := range b.Cases {
			r.say("№ %s: %s – %s (%s), за месяц %s", x.ID, x.Address, x.Value, x.By, x.Change.Format())
		}
		r.say("Расхождений %d: решает правило %d, не решает %d. За месяц вместе: %s", b.Open, b.Decided, b.Undecided, b.Change.Format())
		if b.DryRun {
			r.say("Это была проверка: ничего не записано.")
		}
	})
}

type conflictsRulesCmd struct {
	File string `arg:"" optional:"" name:"ФАЙЛ" help:"Файл YAML с правилами; без него показать действующие." type:"existingfile"`
}

func (c conflictsRulesCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		if c.File != "" {
			err := withFile(c.File, func(f io.Reader) error {
				_, err := a.Conflicts.LoadRules(r.ctx, operator, f)
				return err
			})
			if err != nil {
				return err
			}
		}
		rules, err := a.Conflicts.Rules(r.ctx, operator)
		if err != nil {
			return err
		}
		return r.print(rules, func() {
			for i := range rules {
				x := &rules[i]
				how := r.lang().Word("предлагает")
				if x.Auto {
					how = r.lang().Word("решает сразу")
				}
				r.say("%-14s %s, %s", x.Attribute, x.Order(), how)
			}
		})
	})
}
