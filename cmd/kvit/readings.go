package main

import (
	"os"
	"strings"

	"kvit/internal/app"
	"kvit/internal/calendar"
	"kvit/internal/reading"
)

type readingsCmd struct {
	Load    readingsLoadCmd    `cmd:"" help:"Принять показания из файлов: реестры банков, XLSX, CSV, DBF, NDJSON; другие – по профилю."`
	Missing readingsMissingCmd `cmd:"" help:"Кто не передал показания за месяц и чего это стоит."`
	Answer  readingsAnswerCmd  `cmd:"" help:"Принять ответы поставщика: какие показания он принял, какие нет и почему."`
}

type readingsLoadCmd struct {
	Files    []string `arg:"" name:"ФАЙЛ" help:"Файлы; «-» – стандартный ввод."`
	Supplier string   `help:"Код поставщика, чьи лицевые счета в файле; без него счёт ищется у всех." placeholder:"КОД"`
	Formats  string   `help:"Файл с раскладками файлов показаний: профили или formats.json; без него раскладка узнаётся сама." placeholder:"ФАЙЛ" type:"existingfile"`
	DryRun   bool     `help:"Только проверить: ничего не записывать."`
}

func (c readingsLoadCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		report, err := a.LoadReadings(r.ctx, operator, app.ReadingFiles{Paths: c.Files, In: os.Stdin, Supplier: c.Supplier, Formats: c.Formats, DryRun: c.DryRun, Progress: r.progress()})
		if err != nil {
			return err
		}
		if err := r.print(report, func() { r.sayReadings(report) }); err != nil {
			return err
		}
		if !report.OK {
			return statusError(exitFindings)
		}
		return nil
	})
}

func (r *run) sayReadings(report *reading.Outcome) {
	for _, f := range report.Files {
		r.say("%s: показаний %d, принято %d, исправлено %d, уже известно %d, под вопросом %d, о замене счётчика %d, отказано %d", f.File, f.Lines, f.Taken, f.Corrected, f.Same, f.Asked, f.Noted, f.Refused)
	}
	for _, v := range report.Lines {
		r.say("%s, строка %d, %s: %s [%s]", v.File, v.Line, strings.TrimSpace(v.Account+" "+v.Meter), r.lang().Said(v.Says), v.Code)
	}
	if report.DryRun {
		r.say("Это была проверка: ничего не записано.")
	}
}

type readingsAnswerCmd struct {
	Files    []string `arg:"" name:"ФАЙЛ" help:"Файлы CSV или JSON; «-» – стандартный ввод."`
	Supplier string   `required:"" help:"Код поставщика, чьи это ответы." placeholder:"КОД"`
}

func (c readingsAnswerCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		report, err := a.AnswerReadings(r.ctx, operator, c.Files, os.Stdin, c.Supplier)
		if err != nil {
			return err
		}
		err = r.print(report, func() {
			for _, v := range report.Lines {
				r.say("строка %d, %s: %s %s", v.Line, strings.TrimSpace(v.Account+" "+v.Meter+" "+v.Day), r.lang().Word(answerStates[v.State]), r.lang().Said(v.Says))
			}
		})
		if err == nil && !report.OK {
			return statusError(exitFindings)
		}
		return err
	})
}

var answerStates = map[string]string{reading.Accepted: "принято.", reading.Declined: "отклонено:", string(reading.Same): "уже известно.", string(reading.Refused): "ответ не принят:"}

type readingsMissingCmd struct {
	Month    string `help:"Месяц, ГГГГ-ММ; без него текущий." placeholder:"МЕСЯЦ"`
	Supplier string `help:"Код поставщика; без него все." placeholder:"КОД"`
	Method   string `help:"average – считаются по среднему; normative – по нормативу; all – все." enum:"all,average,normative" default:"all"`
}

func (c readingsMissingCmd) Run(r *run) error {
	q := reading.MissingQuery{Supplier: c.Supplier, Method: strings.TrimPrefix(c.Method, "all")}
	if c.Month != "" {
		var err error
		if q.Month, err = calendar.ParseMonth(c.Month); err != nil {
			return invalid("--month", c.Month, "2026-11", err)
		}
	}
	return r.withApp(func(a *app.App) error {
		stop := r.busy()
		rows, err := a.Readings.Missing(r.ctx, operator, q)
		stop()
		if err != nil {
			return err
		}
		return r.print(map[string]any{"rows": rows}, func() {
			for _, x := range rows {
				r.say("%-12s %-16s %-24s %-10s %12s %12s %s", x.Supplier, x.Account, x.Name, x.Method, x.Sum.Format(), x.More.Format(), x.Then)
			}
			r.say("Без показаний услуг: %d.", len(rows))
		})
	})
}
