package main

import (
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/exchange"
)

type registersCmd struct {
	Compare registersCompareCmd `cmd:"" help:"Сравнить «оплачено» и входящий остаток реестров с тем, что учтено в Квите."`
	Write   registersWriteCmd   `cmd:"" help:"Записать реестры платежей дня: файл на поставщика и manifest.json."`
}

type registersWriteCmd struct {
	Day string `required:"" help:"День плательщика, ГГГГ-ММ-ДД." placeholder:"ДЕНЬ"`
	Out string `required:"" help:"Папка для файлов." placeholder:"ПАПКА"`
}

func (c registersWriteCmd) Run(r *run) error {
	day, err := calendar.ParseDate(c.Day)
	if err != nil {
		return invalid("--day", c.Day, "2026-11-25", err)
	}
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	stop := r.busy()
	manifest, err := a.Exchange.WriteRegisters(r.ctx, day, c.Out)
	stop()
	if err != nil {
		return err
	}
	return r.print(manifest, func() {
		if len(manifest) == 0 {
			r.say("За %s платежей не было.", r.dotted(day))
		}
		for _, m := range manifest {
			r.say("%-44s %-14s строк %6d, сумма %s", m.File, m.Supplier, m.Rows, m.Sum.Format())
		}
	})
}

type reviewCmd struct {
	List   reviewListCmd   `cmd:"" help:"Показать сомнительные соединения."`
	Decide reviewDecideCmd `cmd:"" help:"Решить: join – соединить, apart – оставить отдельно, merge и split – соединить или разделить корзины."`
	Undo   reviewUndoCmd   `cmd:"" help:"Отменить решение."`
}

type reviewListCmd struct {
	Limit int `help:"Сколько показать." default:"200"`
}

func (c reviewListCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	list, err := a.ListReviews(r.ctx, c.Limit)
	if err != nil {
		return err
	}
	for i := range list {
		for j, reason := range list[i].Reasons {
			list[i].Reasons[j] = r.lang().Said(reason)
		}
	}
	return r.print(list, func() {
		if len(list) == 0 {
			r.say("Сомнительных соединений нет.")
		}
		for _, x := range list {
			r.say("№ %-8d %-8s %-28s %s", x.ID, x.House, x.Supplier+":"+x.Account, strings.Join(x.Reasons, "; "))
			if len(x.With) > 0 {
				r.say("           рядом: %s", strings.Join(x.With, ", "))
			}
		}
	})
}

type reviewDecideCmd struct {
	ID       int64    `arg:"" name:"НОМЕР" help:"Номер соединения из review list; 0 – решить о счёте --of без очереди."`
	Decision string   `arg:"" name:"РЕШЕНИЕ" enum:"join,apart,merge,split" help:"join – счёт в корзину другого; apart – счёт не из этой корзины; merge – две корзины одна семья; split – счёт (с указанными) отдельная семья."`
	Of       string   `help:"О каком счёте решение, когда номер 0: поставщик:номер." placeholder:"СЧЁТ"`
	Note     string   `help:"Почему так." placeholder:"ТЕКСТ"`
	With     []string `help:"С каким счётом: поставщик:номер; для split несколько через запятую." placeholder:"СЧЁТ"`
}

func (c reviewDecideCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	id, err := a.Exchange.Decide(r.ctx, operator, exchange.Judgement{Kind: c.Decision, Review: c.ID, Of: c.Of, With: c.With, Note: c.Note})
	if err != nil {
		return err
	}
	return r.print(map[string]int64{"decision": id}, func() { r.say("Решение № %d записано. Отменить: kvit review undo %d", id, id) })
}

type reviewUndoCmd struct {
	Decision int64 `arg:"" name:"НОМЕР" help:"Номер решения."`
}

func (c reviewUndoCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.Exchange.Undo(r.ctx, operator, c.Decision); err != nil {
		return err
	}
	return r.print(map[string]bool{"ok": true}, func() { r.say("Решение № %d отменено.", c.Decision) })
}
