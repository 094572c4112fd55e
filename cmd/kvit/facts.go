package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"kvit/internal/app"
	"kvit/internal/charge/record"
	"kvit/internal/text"
)

type factsCmd struct {
	Load     factsLoadCmd     `cmd:"" help:"Загрузить данные начисления: YAML, CSV, NDJSON."`
	Show     factsShowCmd     `cmd:"" help:"Что известно о семье для начисления и откуда."`
	Withdraw factsWithdrawCmd `cmd:"" help:"Отменить факт: показать, что изменится, и записать с причиной. Прежнее остаётся в истории."`
	Template factsTemplateCmd `cmd:"" help:"Пример файла с пояснениями."`
}

type factsLoadCmd struct {
	Files  []string `arg:"" name:"ФАЙЛ" help:"Файлы; «-» – стандартный ввод (YAML)."`
	DryRun bool     `help:"Только проверить: ничего не записывать."`
}

func (c factsLoadCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		report, err := a.LoadFacts(r.ctx, operator, c.Files, os.Stdin, c.DryRun, r.progress())
		if err != nil {
			return err
		}
		if err := r.print(report, func() { r.sayFacts(report) }); err != nil {
			return err
		}
		if !report.OK {
			return statusError(exitFindings)
		}
		return nil
	})
}

func (r *run) sayFacts(report *record.Report) {
	for _, f := range report.Files {
		r.say("%s: записей %d, новых %d, изменено %d, уже известно %d, отменено %d, отказано %d", f.File, f.Records, f.New, f.Changed, f.Same, f.Withdrawn, f.Refused)
	}
	for _, v := range report.Records {
		if v.State == record.StateRefused {
			r.say("%s, строка %d, %s %s: %s [%s]", v.File, v.Line, strings.TrimSpace(string(v.Fact)+" "+v.Key), v.To, r.lang().Said(v.Says), v.Code)
		}
	}
	if report.Late > 0 {
		r.say("Из них о начисленных месяцах: %d. Они станут перерасчётом в следующем расчёте или сейчас: kvit charge recalc.", report.Late)
	}
	if report.DryRun {
		r.say("Это была проверка: ничего не записано.")
	}
}

type factsShowCmd struct {
	accountFlags
	At string `help:"Что было известно тогда: 2026-11-23 или 2026-11-23T18:00:00+03:00." placeholder:"ВРЕМЯ"`
}

func (c factsShowCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		at, err := parseMoment(c.At, a.Zone)
		if err != nil {
			return err
		}
		known, err := a.ShowFacts(r.ctx, operator, c.Supplier, c.Account, at)
		if err != nil {
			return err
		}
		return r.print(known, func() { r.sayKnown(known) })
	})
}

// sayKnown tells facts kind by kind, each with its reference.
func (r *run) sayKnown(known *record.Facts) {
	r.say("Семья %s, дом %s", known.Household, known.House)
	kind := record.Kind("")
	for i := range known.Facts {
		k := &known.Facts[i]
		if k.Fact != kind {
			kind = k.Fact
			fmt.Fprintln(r.out, r.kindTitle(kind))
		}
		r.sayFact(k)
	}
	if len(known.Facts) == 0 {
		r.say("Данных начисления нет. Пример файла: kvit facts template")
		return
	}
	r.say("Первое слово строки – ссылка факта. Отменить факт: kvit facts withdraw --ref ССЫЛКА")
}

func (r *run) kindTitle(kind record.Kind) string {
	if r.lang() == text.English {
		return string(kind)
	}
	return record.TitleOf(kind)
}

// sayFact is a fact in a line: its reference, what it is about, when, its figures, and who says so. In English figures keep
// the names of the JSON.
func (r *run) sayFact(k *record.Known) {
	about, term, texts := k.About(), k.TermText(), k.Texts()
	if r.lang() == text.English {
		about, term, texts = strings.Join(strings.Fields(strings.Join([]string{k.Service, k.Meter, k.Supplier, k.Account}, " ")), " "), strings.Trim(k.From+" … "+k.Until, " …"), nil
		for _, name := range slices.Sorted(maps.Keys(k.Values)) {
			texts = append(texts, fmt.Sprintf("%s %v", name, k.Values[name]))
		}
	}
	line := fmt.Sprintf("  %-13s %s, %s", k.Ref, about, term)
	if len(texts) > 0 {
		line += ": " + strings.Join(texts, ", ")
	}
	fmt.Fprintf(r.out, "%s · %s, %s\n", line, r.lang().Said(k.Source), k.Recorded)
}

type factsTemplateCmd struct{}

func (factsTemplateCmd) Run(r *run) error {
	return r.print(map[string]string{"template": record.Template}, func() { fmt.Fprint(r.out, record.Template) })
}

type factsWithdrawCmd struct {
	accountFlags
	Ref    string `required:"" help:"Ссылка факта: первое слово его строки в списке известного." placeholder:"ССЫЛКА"`
	Reason string `required:"" help:"Почему отменяют: причина останется в истории." placeholder:"ТЕКСТ"`
	By     string `help:"Кто решил." default:"cli" placeholder:"ИМЯ"`
	DryRun bool   `help:"Только показать, что изменится."`
}

func (c factsWithdrawCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		x, err := a.WithdrawFact(r.ctx, operator, app.FactWithdrawal{Supplier: c.Supplier, Account: c.Account, Ref: c.Ref, Reason: c.Reason, By: c.By, DryRun: c.DryRun})
		if err != nil {
			return err
		}
		return r.print(x, func() { r.sayWithdrawn(x) })
	})
}

func (r *run) sayWithdrawn(x *app.WithdrawnFact) {
	r.sayFact(&x.Fact)
	r.say("Счёт семьи за %s: было %s, станет %s, разница %s.", x.Month, x.Before.Format(), x.After.Format(), (x.After - x.Before).Format())
	if x.Late != "" {
		r.say("Месяцы начиная с %s уже начислены: разница станет перерасчётом.", x.Late)
	}
	if x.DryRun {
		r.say("Это была проверка: ничего не записано.")
		return
	}
	r.say("Факт отменён.")
}
