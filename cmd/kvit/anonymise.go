package main

import "kvit/internal/app"

type anonymiseCmd struct {
	Out     string `help:"Новая папка для копии (SQLite)." placeholder:"ПАПКА"`
	InPlace bool   `help:"Изменить саму базу: она уже копия (PostgreSQL)."`
	Sure    bool   `help:"Подтвердить, что база – копия: вернуть данные будет нельзя."`
}

func (c anonymiseCmd) Run(r *run) error {
	if (c.Out == "") == !c.InPlace || c.InPlace && !c.Sure {
		return invalid("--out", c.Out, "kvit anonymise --out copy, kvit anonymise --in-place --sure --database-url …", nil)
	}
	return r.withApp(func(a *app.App) error {
		stop := r.busy()
		report, err := &app.Anonymised{}, error(nil)
		if c.InPlace {
			report, err = a.AnonymiseInPlace(r.ctx)
		} else {
			report, err = a.Anonymise(r.ctx, c.Out)
		}
		stop()
		if err != nil {
			return err
		}
		return r.print(report, func() {
			r.say("Готово: таблиц без строк %d, очищено колонок %d. Файлов в копии нет.", len(report.Emptied), report.Cleared)
		})
	})
}
