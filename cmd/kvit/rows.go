package main

import (
	"kvit/internal/exchange"
)

type rowsCmd struct {
	List   rowsListCmd   `cmd:"" help:"Показать строки файла, которые не учтены как есть."`
	Fix    rowsFixCmd    `cmd:"" help:"Исправить значение отложенной строки."`
	Accept rowsAcceptCmd `cmd:"" help:"Отложенная строка не нужна: убрать её из списка."`
	Replay rowsReplayCmd `cmd:"" help:"Прочитать файл ещё раз с исправлениями и применить их."`
}

type rowsListCmd struct {
	File  int64  `arg:"" name:"ЗАГРУЗКА" help:"Номер файла (id в ответе intake --json)."`
	Code  string `help:"Только замечания с этим кодом." placeholder:"КОД"`
	Limit int    `help:"Сколько показать." default:"200"`
}

func (c rowsListCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	f, err := a.Exchange.FindFile(r.ctx, everybody, c.File)
	if err != nil {
		return err
	}
	list, err := a.Exchange.ListIssues(r.ctx, f.ID, c.Code, 0, c.Limit)
	if err != nil {
		return err
	}
	for i := range list {
		list[i].File = f.Name
		r.translateIssue(&list[i])
	}
	if list == nil {
		list = []exchange.Issue{}
	}
	return r.print(list, func() {
		if len(list) == 0 {
			r.say("Все строки файла %s учтены как есть.", f.Name)
		}
		for i := range list {
			x := &list[i]
			r.say("№ %-5d %s %d  %-12s %s: «%s». %s", x.No, r.lang().Unit(x.Unit), x.Pos, r.lang().Word(verdictWord(x.Verdict)), x.Field, x.Value, x.Hint)
			if x.Fix != nil && x.State != exchange.IssueAccepted {
				r.say("          исправлено: %s = «%s»", x.Fix.Field, x.Fix.Value)
			}
		}
	})
}

func verdictWord(v string) string {
	return map[string]string{exchange.VerdictApplied: "учтена", exchange.VerdictRepaired: "исправлена", exchange.VerdictIgnored: "пропущена", exchange.VerdictQuarantined: "отложена"}[v]
}

type rowsFixCmd struct {
	File  int64  `arg:"" name:"ЗАГРУЗКА" help:"Номер файла."`
	Issue int64  `arg:"" name:"ЗАМЕЧАНИЕ" help:"Номер замечания."`
	Value string `arg:"" name:"ЗНАЧЕНИЕ" help:"Что должно быть, в том виде, в каком пишет файл."`
	Field string `help:"Поле, если не то, о котором замечание; row – вся строка." placeholder:"ПОЛЕ"`
}

func (c rowsFixCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.Exchange.FixRow(r.ctx, operator, c.File, c.Issue, c.Field, c.Value); err != nil {
		return err
	}
	return r.print(map[string]bool{"ok": true}, func() { r.say("Записано. Применить: kvit rows replay %d", c.File) })
}

type rowsAcceptCmd struct {
	File  int64 `arg:"" name:"ЗАГРУЗКА" help:"Номер файла."`
	Issue int64 `arg:"" name:"ЗАМЕЧАНИЕ" help:"Номер замечания."`
}

func (c rowsAcceptCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.Exchange.AcceptRow(r.ctx, operator, c.File, c.Issue); err != nil {
		return err
	}
	return r.print(map[string]bool{"ok": true}, func() { r.say("Строка убрана из списка.") })
}

type rowsReplayCmd struct {
	File   int64 `arg:"" name:"ЗАГРУЗКА" help:"Номер файла."`
	DryRun bool  `help:"Только проверить."`
}

func (c rowsReplayCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	stop := r.busy()
	report, err := a.Exchange.Replay(r.ctx, operator, c.File, c.DryRun)
	stop()
	if err != nil {
		return err
	}
	r.translate(report)
	if err := r.print(report, func() { sayIntake(r, report) }); err != nil {
		return err
	}
	if !report.Clean() {
		return statusError(exitFindings)
	}
	return nil
}
