package main

import (
	"os"
	"strings"

	"kvit/internal/app"
	"kvit/internal/reading"
)

type readingsCmd struct {
	Load readingsLoadCmd `cmd:"" help:"Принять показания из файлов: реестры банков, XLSX, CSV, NDJSON."`
}

type readingsLoadCmd struct {
	Files    []string `arg:"" name:"ФАЙЛ" help:"Файлы; «-» – стандартный ввод."`
	Supplier string   `help:"Код поставщика, чьи лицевые счета в файле; без него счёт ищется у всех." placeholder:"КОД"`
	DryRun   bool     `help:"Только проверить: ничего не записывать."`
}

func (c readingsLoadCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		report, err := a.LoadReadings(r.ctx, operator, c.Files, os.Stdin, c.Supplier, c.DryRun, r.progress())
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
