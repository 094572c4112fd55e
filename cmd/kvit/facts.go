package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"kvit/internal/app"
	"kvit/internal/charge/record"
)

type factsCmd struct {
	Load     factsLoadCmd     `cmd:"" help:"Загрузить данные начисления: YAML, CSV, NDJSON."`
	Show     factsShowCmd     `cmd:"" help:"Что известно о семье для начисления и откуда."`
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

func (r *run) sayKnown(known *record.Facts) {
	r.say("Семья %s, дом %s", known.Household, known.House)
	for i := range known.Facts {
		k := &known.Facts[i]
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(k.Values)) {
			parts = append(parts, fmt.Sprintf("%s %v", name, k.Values[name]))
		}
		about := strings.Join(strings.Fields(strings.Join([]string{k.Service, k.Meter, k.Supplier, k.Account}, " ")), " ")
		fmt.Fprintf(r.out, "%-12s %-40s %-24s %s · %s, %s\n", k.Fact, about, termWords(k), strings.Join(parts, ", "), k.Source, k.Recorded)
	}
	if len(known.Facts) == 0 {
		r.say("Данных начисления нет. Пример файла: kvit facts template")
	}
}

func termWords(k *record.Known) string {
	if k.Until == "" {
		return k.From
	}
	return k.From + " … " + k.Until
}

type factsTemplateCmd struct{}

func (factsTemplateCmd) Run(r *run) error {
	return r.print(map[string]string{"template": record.Template}, func() { fmt.Fprint(r.out, record.Template) })
}
